import { GraphError } from '../graph/request.ts'
import { useText } from '../i18n/text.ts'

/** What went wrong, in the server's words, and a way to try again. */
export function Failure({ error, again }: { readonly error: Error; readonly again?: () => void }) {
  const t = useText()
  const code = error instanceof GraphError ? error.code : ''
  return (
    <div className="failure" role="alert">
      <strong>{t('failed')}</strong>
      {code && <code>{code}</code>}
      <span>{error.message}</span>
      {again && (
        <button type="button" onClick={again}>
          {t('again')}
        </button>
      )}
    </div>
  )
}
