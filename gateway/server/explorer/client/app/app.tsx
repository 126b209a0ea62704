import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useGraph, useQuery } from '../graph/hooks.ts'
import { browserLanguage, TextProvider, translator, useText, type Language } from '../i18n/text.ts'
import { ObjectView } from '../object/object-view.tsx'
import { Failure } from '../parts/failure.tsx'
import { TableView } from '../table/table-view.tsx'
import { Account, LookPickers, PlacePickers, themes, type Look } from './header.tsx'
import { kindKey, kindsDocument, type Kind } from './kinds.ts'
import { LoginForm } from './login.tsx'
import { Nav } from './nav.tsx'
import { placeHash, usePlace, type Place } from './place.ts'
import { usePreference } from './preferences.ts'
import { ShownPanel } from './shown-panel.tsx'
import { startDocument, type Start } from './start.ts'
import { useNamespaces } from './use-namespaces.ts'

/** What the page opens with. */
const firstKind = 'apps/v1/deployments'

function Main(props: {
  readonly place: Place
  readonly kinds: readonly Kind[]
  readonly namespaces: readonly string[]
}) {
  const { place, kinds } = props
  const kind = kinds.find((one) => kindKey(one) === place.kind)
  if (!kind) return null
  // Another kind or place is another table: nothing of the one before is kept.
  if (!place.name)
    return (
      <TableView
        key={placeHash({ ...place, q: '', labels: '', sort: '' })}
        {...props}
        kind={kind}
      />
    )
  return <ObjectView key={placeHash({ ...place, tab: '' })} place={place} kind={kind} />
}

function Workbench({ start, look }: { readonly start: Start; readonly look: Look }) {
  const t = useText()
  const [address, go] = usePlace()
  const [shown, setShown] = useState(false)
  const toggle = useRef<HTMLButtonElement>(null)
  const every = start.can[0]?.allowed ?? false
  const host = start.clusters.nodes.find((cluster) => cluster.host) ?? start.clusters.nodes[0]
  const namespaces = useNamespaces(start, address.cluster ?? host?.name, address.workspace)
  const place: Place = {
    ...address,
    cluster: address.cluster ?? host?.name,
    kind: address.kind ?? firstKind,
  }
  const kinds = useQuery<{ kinds: Kind[] }>(kindsDocument, {
    cluster: place.cluster,
    // Who may not list everywhere is asked about by one of their namespaces.
    namespace: place.namespace ?? (every ? undefined : namespaces[0]),
  })
  return (
    <>
      <header className="bar">
        <strong>ks-facade</strong>
        <PlacePickers start={start} namespaces={namespaces} place={place} go={go} />
        <span className="space" />
        <button
          type="button"
          ref={toggle}
          aria-expanded={shown}
          aria-controls="shown"
          onClick={() => setShown(!shown)}
        >
          {t('graphql')}
        </button>
        <LookPickers look={look} />
        <Account name={start.me?.name ?? ''} />
      </header>
      <div className="page">
        <Nav kinds={kinds.data?.kinds ?? []} place={place} />
        <main id="content" tabIndex={-1}>
          {kinds.error && <Failure error={kinds.error} again={kinds.again} />}
          <Main place={place} kinds={kinds.data?.kinds ?? []} namespaces={namespaces} />
        </main>
        {shown && (
          <ShownPanel
            onClose={() => {
              setShown(false)
              toggle.current?.focus()
            }}
          />
        )}
      </div>
    </>
  )
}

function LoggedIn({ look }: { readonly look: Look }) {
  const start = useQuery<Start>(startDocument, {}, true)
  const t = useText()
  if (start.data) return <Workbench start={start.data} look={look} />
  return (
    <main id="content">
      {start.error ? (
        <Failure error={start.error} again={start.again} />
      ) : (
        <p role="status">{t('loading')}</p>
      )}
    </main>
  )
}

function BeforeLogin({ look }: { readonly look: Look }) {
  return (
    <>
      <header className="bar">
        <strong>ks-facade</strong>
        <span className="space" />
        <LookPickers look={look} />
      </header>
      <LoginForm />
    </>
  )
}

/** The whole page: a login, or the workbench of who is logged in. */
export function App() {
  const { session } = useGraph()
  const token = useSyncExternalStore(session.onChange, session.token)
  const languages: readonly Language[] = ['en', 'zh']
  const [language, setLanguage] = usePreference(
    'language',
    languages,
    browserLanguage(navigator.languages),
  )
  const [theme, setTheme] = usePreference('theme', themes, 'system')
  useEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dataset.theme = theme
  }, [language, theme])
  const look: Look = { language, setLanguage, theme, setTheme }
  const t = translator(language)
  return (
    <TextProvider value={t}>
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          // The address is the place on the page: it must stay.
          event.preventDefault()
          document.querySelector<HTMLElement>('#content')?.focus()
        }}
      >
        {t('skip')}
      </a>
      {token ? <LoggedIn look={look} /> : <BeforeLogin look={look} />}
    </TextProvider>
  )
}
