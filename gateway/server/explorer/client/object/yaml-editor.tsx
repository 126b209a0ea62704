import { useRef, useState, type KeyboardEvent } from 'react'
import { useText } from '../i18n/text.ts'
import { Failure } from '../parts/failure.tsx'
import { Conflicts } from './conflicts.tsx'
import type { Fetched } from './documents.ts'
import { useApply } from './use-apply.ts'

/** The text of an object. What is changed in it is applied by server-side apply; conflicts are shown, and can be forced. */
export function YamlEditor(props: {
  readonly name: string
  readonly cluster: string | undefined
  readonly object: Fetched
  readonly again: () => void
}) {
  const { name, cluster, object, again } = props
  const t = useText()
  // What the text was made of; while nobody writes it follows the object.
  const [base, setBase] = useState(object)
  const [draft, setDraft] = useState<string>()
  const field = useRef<HTMLTextAreaElement>(null)
  const newer = object.metadata.resourceVersion !== base.metadata.resourceVersion
  if (newer && draft === undefined) setBase(object)
  const discard = () => {
    setDraft(undefined)
    setBase(object)
    applying.reset()
    field.current?.focus()
  }
  const applying = useApply(cluster, base, () => {
    setDraft(undefined)
    again()
  })
  const apply = (how: { dryRun?: boolean; force?: boolean } = {}) =>
    applying.apply(draft ?? base.yaml, how)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 's' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      apply()
    }
  }
  const { error, outcome, conflicts, busy } = applying
  return (
    <div className="editor">
      <p id="editor-help" className="muted">
        {t('editorHelp')}
      </p>
      <textarea
        ref={field}
        aria-label={t('editorLabel', { name })}
        aria-describedby="editor-help"
        spellCheck={false}
        wrap="off"
        value={draft ?? base.yaml}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <p className="actions">
        <button type="button" className="primary" disabled={busy} onClick={() => apply()}>
          {t('apply')}
        </button>
        <button type="button" disabled={busy} onClick={() => apply({ dryRun: true })}>
          {t('check')}
        </button>
        <button type="button" disabled={draft === undefined} onClick={discard}>
          {t('revert')}
        </button>
        <span role="status">{outcome}</span>
      </p>
      {newer && draft !== undefined && (
        <p className="notice" role="status">
          {t('changedMeanwhile')}
        </p>
      )}
      {error && <Failure error={error} />}
      {conflicts.length > 0 && (
        <Conflicts conflicts={conflicts} onForce={() => apply({ force: true })} />
      )}
    </div>
  )
}
