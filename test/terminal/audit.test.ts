import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ask, bearer } from '../e2e/http.ts'
import { upstream, type Upstream } from '../rest/support.ts'
import { startBeside, type Beside } from './beside.ts'
import { eventually, openTerminal, startStage, TERMINAL, type Stage } from './stage.ts'

const POD = '/namespaces/default/pods/box'

interface Event {
  Verb: string
  RequestURI: string
  User: { username: string }
  SourceIPs: string[]
  ObjectRef: { Resource: string; Subresource: string; Namespace: string; Name: string }
  RequestReceivedTimestamp: string
  StageTimestamp: string
  Annotations: Record<string, string> | null
}

describe('the audit trail of terminals', () => {
  let stage: Stage
  let sink: Upstream
  let server: Beside
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ks-facade-audited-'))
    stage = await startStage()
    await stage.pod('box')
    sink = await upstream()
    server = await startBeside(stage, ({ auditing }) => ({
      auditing: {
        ...auditing,
        enable: true,
        eventBatchIntervalMs: 50,
        webhookOptions: { webhookUrl: sink.url, eventSendersNum: 1 },
      },
    }))
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    await sink?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })
  /** What the webhook was given with these verbs: objects, one after the other. */
  const events = (...verbs: string[]): Event[] =>
    sink.seen
      .flatMap(({ body }) => JSON.parse(`[${body.replaceAll('}{', '},{')}]`) as Event[])
      .filter(({ Verb }) => verbs.includes(Verb))
  const said = ({ Annotations }: Event, key: string) => Annotations?.[`terminal.ks-facade/${key}`]

  it('says who opened one where, and how it ended', async () => {
    using terminal = await openTerminal(server.url, `${POD}/exec?shell=sh`, server.admin)
    await terminal.sees(/[#$] $/)
    await eventually(() => events('open').length === 1)
    assert.equal(events('close').length, 0)
    terminal.type('exit 3\r')
    await terminal.closed
    await eventually(() => events('close').length === 1)
    const [opened, closed] = events('open', 'close')
    assert.ok(opened && closed)
    for (const event of [opened, closed]) {
      assert.equal(event.User.username, 'admin')
      assert.deepEqual(event.SourceIPs, ['127.0.0.1'])
      assert.equal(event.RequestURI, `${TERMINAL}${POD}/exec`)
      const { Resource, Subresource, Namespace, Name } = event.ObjectRef
      assert.deepEqual([Resource, Subresource, Namespace, Name], ['pods', 'exec', 'default', 'box'])
      assert.equal(said(event, 'target'), 'pods/default/box')
    }
    assert.equal(said(opened, 'session'), said(closed, 'session'))
    assert.equal(said(closed, 'why'), 'exited')
    assert.equal(said(closed, 'message'), 'the shell ended with exit code 3')
    assert.equal(said(closed, 'received'), '7')
    assert.ok(Number(said(closed, 'sent')) > 7)
    assert.ok(closed.RequestReceivedTimestamp < closed.StageTimestamp)
  })

  it('says that one could not be started', async () => {
    const nodes = await openTerminal(server.url, '/nodes/nowhere/exec', server.admin)
    await nodes.closed
    const failed = () => events('close').find((event) => said(event, 'target') === 'nodes/nowhere')
    await eventually(() => failed() !== undefined)
    assert.equal(said(failed() as Event, 'why'), 'failed')
    assert.equal(said(failed() as Event, 'message'), 'nodes "nowhere" not found')
  })

  it('says which files went where, and what went wrong', async () => {
    const file = (path: string) => `${server.url}${TERMINAL}${POD}/file?path=${path}`
    const upload = (path: string) => {
      const body = new FormData()
      body.append('file', new Blob([new Uint8Array(5000)]), 'zeros')
      return ask(file(path), { method: 'POST', body, headers: bearer(server.admin) })
    }
    assert.equal((await upload(folder)).status, 200)
    assert.equal((await upload(join(folder, 'none'))).status, 404)
    const got = await ask(file(join(folder, 'zeros')), { headers: bearer(server.admin) })
    await eventually(() => events('upload', 'download').length === 3)
    const [good, bad, down] = events('upload', 'download')
    assert.ok(good && bad && down)
    assert.equal(said(good, 'path'), folder)
    assert.equal(said(good, 'received'), '5000')
    assert.equal(said(good, 'message'), undefined)
    assert.match(said(bad, 'message') ?? '', /none: Cannot open/)
    assert.equal(down.Verb, 'download')
    assert.equal(said(down, 'sent'), got.headers.get('content-length'))
    assert.deepEqual([down.ObjectRef.Resource, down.ObjectRef.Subresource], ['pods', 'file'])
  })

  it('also has what was open when the server stopped', async () => {
    using terminal = await openTerminal(server.url, `${POD}/exec?shell=sh`, server.admin)
    await terminal.sees(/[#$] $/)
    await server[Symbol.asyncDispose]()
    const last = events('close').at(-1)
    assert.ok(last)
    assert.equal(said(last, 'why'), 'shutdown')
  })
})
