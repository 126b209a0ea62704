import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { login } from '../e2e/http.ts'
import { PASSWORD, startTwoClusters, type TwoClusters } from '../rest/two-clusters.ts'
import { eventually, startPod } from '../terminal/stage.ts'
import { codeOf, direct, type Direct } from './direct.ts'
import { POD_LOGS, textsOf, until, workloadLogs, type Chunk } from './log-reader.ts'
import { EXEC, openShell } from './shell.ts'
import { PODS, runPod } from './stage.ts'

describe('logs and sessions of a member cluster', () => {
  let two: TwoClusters
  let graph: Direct
  let guest: Direct
  before(async () => {
    two = await startTwoClusters()
    const { url } = two.host.server
    graph = await direct(two.host.app, await login(url, 'admin', PASSWORD))
    const users = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }
    await two.kube.host.create(users, {
      apiVersion: 'iam.kubesphere.io/v1beta1',
      kind: 'User',
      metadata: {
        name: 'guest',
        annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' },
      },
      spec: { email: 'guest@example.com', password: PASSWORD },
    })
    const token = await eventuallyLogin(url)
    guest = await direct(two.host.app, token)
  })
  after(async () => {
    await two?.[Symbol.asyncDispose]()
  })
  const member = () => two.kube.member

  it('are read there, with the pods that come', async () => {
    const selector = 'app=far'
    const logs = await workloadLogs(graph, { cluster: 'member', namespace: 'default', selector })
    const seen = until(logs, (chunks) => textsOf(chunks).length === 2)
    await runPod(member(), 'far-log', { main: 'echo one; echo two' }, { app: 'far' })
    assert.deepEqual(textsOf(await seen), ['one', 'two'])
    await logs.return()
    const texts: string[] = []
    const pod = { cluster: 'member', namespace: 'default', name: 'far-log' }
    for await (const { logs: chunk } of await graph.subscribe<{ logs: Chunk }>(POD_LOGS, { pod })) {
      texts.push(...textsOf([chunk]))
    }
    assert.deepEqual(texts, ['one', 'two'])
  })

  it('run there', async () => {
    await startPod(member(), 'far')
    const pod = { namespace: 'default', name: 'far' }
    const command = ['sh', '-c', 'read line; echo "got $line"; exit 5']
    const one = await openShell(graph, { target: { cluster: 'member', pod }, command, tty: false })
    const end = one.exited()
    assert.equal(await one.type('a line\n'), 7)
    const { code: status, reason, message } = await end
    assert.deepEqual([status, reason, one.text()], [5, 'EXITED', 'got a line\n'], message)
    const proxied = await openShell(graph, { target: { cluster: 'tunnel', pod }, command })
    assert.match(
      (await proxied.exited()).message,
      /behind a proxy through which no command can be run/,
    )
    await eventually(() => two.host.app.terminal.sessions === 0)
    const node = { target: { cluster: 'member', node: 'any' } }
    assert.equal(await codeOf(graph.subscribe(EXEC, node)), 'BAD_USER_INPUT')
  })

  it('are refused by the member to those who may not', async () => {
    const pod = { cluster: 'member', namespace: 'default', name: 'far' }
    assert.equal(await codeOf(guest.subscribe(POD_LOGS, { pod })), 'FORBIDDEN')
    const one = await openShell(guest, {
      target: { cluster: 'member', pod: { namespace: 'default', name: 'far' } },
    })
    const { reason, message } = await one.exited()
    assert.equal(reason, 'FAILED')
    assert.match(message, /guest.* cannot/)
    const nowhere = { target: { cluster: 'none', pod: { namespace: 'default', name: 'far' } } }
    assert.equal(await codeOf(graph.subscribe(EXEC, nowhere)), 'CLUSTER_NOT_FOUND')
    assert.ok((await member().get(PODS, 'far', { namespace: 'default' })).metadata.uid)
  })
})

/** Logs in as soon as the account is there. */
async function eventuallyLogin(url: string): Promise<string> {
  let token = ''
  await eventually(async () => {
    token = await login(url, 'guest', PASSWORD).catch(() => '')
    return token !== ''
  })
  return token
}
