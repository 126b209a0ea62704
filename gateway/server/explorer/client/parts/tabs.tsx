import type { ReactNode } from 'react'
import { useText, type TextKey } from '../i18n/text.ts'
import { useRoving } from './roving.ts'

export interface Tab {
  readonly key: string
  readonly title: TextKey
}

/** Tabs after the WAI-ARIA practices: arrow keys choose, Tab goes on into the panel. */
export function Tabs(props: {
  readonly label: string
  readonly tabs: readonly Tab[]
  readonly current: string
  readonly onSelect: (key: string) => void
  readonly children: ReactNode
}) {
  const { label, tabs, current, onSelect, children } = props
  const t = useText()
  const roving = useRoving<HTMLDivElement>((item) => onSelect(item.id.replace('tab-', '')))
  return (
    <>
      <div role="tablist" aria-label={label} {...roving}>
        {tabs.map(({ key, title }) => (
          <button
            key={key}
            id={`tab-${key}`}
            type="button"
            role="tab"
            data-item=""
            aria-selected={key === current}
            aria-controls="panel"
            onClick={() => onSelect(key)}
          >
            {t(title)}
          </button>
        ))}
      </div>
      <div id="panel" role="tabpanel" aria-labelledby={`tab-${current}`}>
        {children}
      </div>
    </>
  )
}
