import { useMemo, useState } from 'react'
import { parse } from 'yaml'
import { kindKey, type Kind } from '../app/kinds.ts'
import { placeHash, usePlace, type Place } from '../app/place.ts'
import { useQuery, useSubscription } from '../graph/hooks.ts'
import { useText } from '../i18n/text.ts'
import { containersOf, hasContainers } from '../logs/containers.ts'
import { Logs } from '../logs/logs.tsx'
import { useArrival } from '../parts/arrival.ts'
import { Failure } from '../parts/failure.tsx'
import { LiveMark, type LiveState } from '../parts/live-mark.tsx'
import { Tabs, type Tab } from '../parts/tabs.tsx'
import { at, listAt, textAt } from '../table/row.ts'
import { Terminal } from '../terminal/terminal.tsx'
import { objectChangesDocument, objectDocument, type ObjectAnswer } from './documents.ts'
import { Events } from './events.tsx'
import { YamlEditor } from './yaml-editor.tsx'

interface Change {
  readonly change: { readonly type: string }
}

function tabsOf(kind: Kind): readonly Tab[] {
  return [
    { key: 'yaml', title: 'yaml' },
    { key: 'events', title: 'events' },
    ...(hasContainers(kind) ? [{ key: 'logs', title: 'logs' } as const] : []),
    ...(!kind.group && ['pods', 'nodes'].includes(kind.plural)
      ? [{ key: 'terminal', title: 'terminal' } as const]
      : []),
  ]
}

/** The object's controller in words, or its first owner; empty where it has none. */
function ownerOf(object: unknown): string {
  const owners = listAt(object, 'metadata.ownerReferences')
  const owner = owners.find((one) => at(one, 'controller') === true) ?? owners[0]
  return owner ? `${textAt(owner, 'kind')} ${textAt(owner, 'name')}` : ''
}

/** One object: its text, which can be changed and applied, what happened to it, and what its containers say. */
export function ObjectView({ kind, place }: { readonly kind: Kind; readonly place: Place }) {
  const t = useText()
  const [, go] = usePlace()
  const heading = useArrival()
  const [gone, setGone] = useState(false)
  const [live, setLive] = useState<LiveState>('connecting')
  const { name = '', in: namespace, cluster } = place
  const { group, version, plural: resource } = kind
  const ref = { cluster, group, version, resource, namespace, name }
  const { data, error, again } = useQuery<ObjectAnswer>(objectDocument, { ref })
  const document = objectChangesDocument(kind)
  useSubscription<Change>(
    document,
    {
      kind: { group, version, resource },
      cluster,
      namespaces: namespace ? [namespace] : null,
      filter: { names: [name] },
    },
    {
      next({ change: { type } }) {
        setLive('live')
        if (type === 'DELETED') setGone(true)
        else if (type !== 'SYNCED' && type !== 'BOOKMARK') {
          setGone(false)
          again()
        }
      },
      error: () => setLive('off'),
      complete: () => setLive('off'),
    },
  )
  const tabs = tabsOf(kind)
  const tab = tabs.find(({ key }) => key === place.tab)?.key ?? 'yaml'
  const list: Place = { ...place, name: undefined, in: undefined, tab: undefined }
  const object = data?.resource
  const content: unknown = useMemo(() => object && parse(object.yaml), [object])
  const owner = ownerOf(content)
  return (
    <>
      <header className="title">
        <h1 ref={heading} tabIndex={-1}>
          <a href={placeHash({ ...list, kind: kindKey(kind) })} title={t('back')}>
            {kind.kind}
          </a>{' '}
          {name}
        </h1>
        {namespace && <span className="muted">{namespace}</span>}
        <LiveMark state={document ? live : 'off'} />
        {owner && (
          <span className="muted">
            {t('ownedBy')} {owner}
          </span>
        )}
      </header>
      {gone && (
        <p className="notice" role="status">
          {t('gone')}
        </p>
      )}
      <Tabs
        label={name}
        tabs={tabs}
        current={tab}
        onSelect={(next) => go({ ...place, tab: next }, true)}
      >
        {error && !gone && <Failure error={error} again={again} />}
        {tab === 'yaml' && object && (
          <YamlEditor name={name} cluster={cluster} object={object} again={again} />
        )}
        {tab === 'events' && <Events target={ref} />}
        {tab === 'terminal' && object && (
          <Terminal target={ref} containers={containersOf(kind, content)} />
        )}
        {tab === 'logs' && object && (
          <Logs kind={kind} target={ref} containers={containersOf(kind, content)} />
        )}
      </Tabs>
    </>
  )
}
