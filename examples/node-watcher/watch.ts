/** Prints the pods of a namespace, and every change of them; goes on where it was when the connection breaks. */
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { commandLine, login } from '../login.ts'

const document = `subscription Pods($namespaces: [String!], $resume: String) {
  podsChanged(namespaces: $namespaces, resume: $resume) {
    type
    resume
    object {
      metadata { name }
      status { phase }
    }
  }
}`

interface Event {
  readonly podsChanged: {
    readonly type: string
    readonly resume: string
    readonly object: {
      readonly metadata: { readonly name: string }
      readonly status: { readonly phase: string } | null
    } | null
  }
}

const [url = '', user = '', password = '', namespace = 'default'] = commandLine(
  'watch.ts URL USER PASSWORD [NAMESPACE]',
  3,
)
const token = await login(url, user, password)
const client = createClient({
  url: new URL('/graphql', url.replace(/^http/, 'ws')).href,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
  // The place to go on from is only known here: a new subscription is made below.
  retryAttempts: 0,
})

let resume: string | null = null
for (let broken = 0; broken < 5; broken++) {
  try {
    const variables: Record<string, unknown> = { namespaces: [namespace], resume }
    for await (const { data, errors } of client.iterate<Event>({ query: document, variables })) {
      if (errors?.[0]) throw new Error(errors[0].message)
      if (!data) continue
      const { type, object } = data.podsChanged
      resume = data.podsChanged.resume
      broken = 0
      if (type !== 'BOOKMARK')
        console.log(type, object?.metadata.name ?? '', object?.status?.phase ?? '')
    }
    break
  } catch (error) {
    console.error('again in a second:', error instanceof Error ? error.message : error)
    await new Promise((done) => setTimeout(done, 1000))
  }
}
