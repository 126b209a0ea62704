import { GraphiQL } from 'graphiql'
import 'graphiql/style.css'
import { useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { createSession } from '../../explorer/client/graph/session.ts'
import { examples } from './examples.ts'
import { createFetcher } from './fetcher.ts'
import { LoginForm } from './login.tsx'

const session = createSession(sessionStorage)
const fetcher = createFetcher(session)

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker(_id: string, label: string) {
      const name = label === 'json' || label === 'graphql' ? label : 'editor'
      return new Worker(new URL(`graphql/assets/${name}.worker.js`, location.href))
    },
  },
})

/** Where the explorer, in the same tab, leaves a document to open with. */
const handover = 'ks-facade.open'

function handedOver(): { query: string; variables: string } | undefined {
  const text = sessionStorage.getItem(handover)
  sessionStorage.removeItem(handover)
  return text === null ? undefined : (JSON.parse(text) as { query: string; variables: string })
}

const opened = handedOver()

function Page() {
  const token = useSyncExternalStore(session.onChange, session.token)
  if (!token) return <LoginForm session={session} />
  return (
    <GraphiQL
      fetcher={fetcher}
      defaultTabs={examples}
      shouldPersistHeaders={false}
      {...(opened ? { initialQuery: opened.query, initialVariables: opened.variables } : {})}
    >
      <GraphiQL.Logo>
        <a href="explorer">Explorer</a>
        <button className="logout" type="button" onClick={() => session.logout()}>
          Log out
        </button>
      </GraphiQL.Logo>
    </GraphiQL>
  )
}

const root = document.querySelector('#root')
if (root) createRoot(root).render(<Page />)
