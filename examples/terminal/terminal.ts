/** A shell in a pod, in this terminal: subscription `exec` for what it shows, mutations for what is typed. */
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { commandLine, login } from '../login.ts'

const exec = `subscription Exec($target: ExecTarget!, $rows: Int, $cols: Int) {
  exec(target: $target, shell: "sh", rows: $rows, cols: $cols, encoding: BASE64) {
    ... on ExecStarted { session }
    ... on ExecOutput { data }
    ... on ExecExited { code message }
  }
}`
const input = `mutation Input($session: ID!, $data: String!) {
  execInput(session: $session, data: $data, encoding: BASE64) { accepted }
}`
const resize = `mutation Resize($session: ID!, $rows: Int!, $cols: Int!) {
  execResize(session: $session, rows: $rows, cols: $cols) { session }
}`

interface Event {
  readonly exec: { session?: string; data?: string; code?: number | null; message?: string }
}

const [url = '', user = '', password = '', namespace = '', name = ''] = commandLine(
  'terminal.ts URL USER PASSWORD NAMESPACE POD',
  5,
)
const token = await login(url, user, password)
const client = createClient({
  url: new URL('/graphql', url.replace(/^http/, 'ws')).href,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}` },
})
const { stdin, stdout } = process
const size = () => ({ rows: stdout.rows || 24, cols: stdout.columns || 80 })
/** A mutation belongs on the socket of its session; the next is read when this one was taken. */
const tell = async (query: string, variables: Record<string, unknown>) => {
  for await (const _ of client.iterate({ query, variables }));
}

async function type(session: string): Promise<void> {
  if (stdin.isTTY) stdin.setRawMode(true)
  stdout.on('resize', () => void tell(resize, { session, ...size() }))
  for await (const bytes of stdin as AsyncIterable<Buffer>)
    await tell(input, { session, data: bytes.toString('base64') })
}

const target = { pod: { namespace, name } }
const events = client.iterate<Event>({ query: exec, variables: { target, ...size() } })
for await (const { data, errors } of events) {
  if (errors?.[0]) throw new Error(errors[0].message)
  const { session, data: output, code, message } = data?.exec ?? {}
  if (session) void type(session)
  else if (output !== undefined) stdout.write(Buffer.from(output, 'base64'))
  else if (code !== 0) console.error(message)
  if (code !== undefined) process.exit(code ?? 1)
}
