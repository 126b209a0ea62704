import { useText } from '../i18n/text.ts'

export type LiveState = 'connecting' | 'live' | 'off'

const texts = { connecting: 'connecting', live: 'live', off: 'notLive' } as const

/** Whether what is shown follows its changes. */
export function LiveMark({ state }: { readonly state: LiveState }) {
  const t = useText()
  return (
    <span className={`mark ${state}`} role="status">
      {t(texts[state])}
    </span>
  )
}
