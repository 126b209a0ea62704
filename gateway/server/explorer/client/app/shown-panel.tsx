import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Shown } from '../graph/graph.ts'
import { useGraph } from '../graph/hooks.ts'
import { useText } from '../i18n/text.ts'

/** Where GraphiQL, in the same tab, looks for a document to open with. */
const handover = 'ks-facade.open'

function Operation({ operation }: { readonly operation: Shown }) {
  const t = useText()
  const [copied, setCopied] = useState(false)
  const variables = JSON.stringify(operation.variables, null, 2)
  const copy = () =>
    void navigator.clipboard.writeText(operation.document).then(() => setCopied(true))
  const open = () =>
    sessionStorage.setItem(handover, JSON.stringify({ query: operation.document, variables }))
  const name = /(?:query|mutation|subscription)\s+(\w+)/.exec(operation.document)?.[0]
  return (
    <section className="operation">
      <h3>{name}</h3>
      <pre tabIndex={0} aria-label={name}>
        {operation.document}
      </pre>
      <h4>{t('variables')}</h4>
      <pre tabIndex={0} aria-label={`${t('variables')} ${name}`}>
        {variables}
      </pre>
      <p className="actions">
        <button type="button" onClick={copy}>
          {copied ? t('copied') : t('copy')}
        </button>
        <a href="graphql" onClick={open}>
          {t('openInGraphiql')}
        </a>
      </p>
    </section>
  )
}

/** The operations that the screen is made of, as they were sent: text and variables. Escape closes it. */
export function ShownPanel({ onClose }: { readonly onClose: () => void }) {
  const graph = useGraph()
  const t = useText()
  const operations = useSyncExternalStore(graph.onShown, graph.shown)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <aside
      id="shown"
      aria-labelledby="shown-title"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      <header>
        <h2 id="shown-title" ref={heading} tabIndex={-1}>
          {t('graphqlTitle')}
        </h2>
        <button type="button" onClick={onClose}>
          {t('close')}
        </button>
      </header>
      {operations.length === 0 && <p>{t('graphqlNone')}</p>}
      {operations.toReversed().map((operation) => (
        <Operation
          key={operation.document + JSON.stringify(operation.variables)}
          operation={operation}
        />
      ))}
    </aside>
  )
}
