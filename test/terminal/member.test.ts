import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ask, bearer, login } from '../e2e/http.ts'
import { PASSWORD, startTwoClusters, type TwoClusters } from '../rest/two-clusters.ts'
import { eventually, openTerminal, startPod, TERMINAL } from './stage.ts'

const POD = '/namespaces/default/pods/far'

describe('a terminal on a member cluster', () => {
  let two: TwoClusters
  let token: string
  before(async () => {
    two = await startTwoClusters()
    token = await login(two.host.server.url, 'admin', PASSWORD)
    await startPod(two.kube.member, 'far')
  })
  after(async () => {
    await two?.[Symbol.asyncDispose]()
  })
  const through = (cluster: string) => `${two.host.server.url}/clusters/${cluster}`

  it('runs a shell there: input, size, a big paste, and how it ended', async () => {
    using terminal = await openTerminal(through('member'), `${POD}/exec?shell=sh`, token)
    await terminal.sees(/[#$] $/)
    assert.equal(two.host.app.terminal.sessions, 0)
    assert.equal(two.member.app.terminal.sessions, 1)
    terminal.resize(91, 17)
    terminal.type('until [ "$(stty size)" = "17 91" ]; do sleep 0.05; done; echo si""zed\r')
    await terminal.sees(/\nsized\r\n/)
    const paste = 'x'.repeat(99_999) + '\n'
    terminal.type('stty raw -echo; echo rea""dy; head -c 100000 | wc -c; stty sane\r')
    await terminal.sees(/\nready/)
    terminal.type(paste)
    await terminal.sees(/\n100000\r?\n[^]*[#$] $/)
    terminal.type('exit 3\r')
    const reason = 'the shell ended with exit code 3'
    assert.deepEqual(await terminal.closed, { code: 1000, reason })
  })

  it('is let go when the client goes away', async () => {
    using terminal = await openTerminal(through('member'), `${POD}/exec?shell=sh`, token)
    await terminal.sees(/[#$] $/)
    terminal.socket.terminate()
    await eventually(() => two.member.app.terminal.sessions === 0)
  })

  it('is refused as at home, before the upgrade', async () => {
    const open = (cluster: string, as: string) =>
      openTerminal(through(cluster), `${POD}/exec?shell=sh`, as)
    await assert.rejects(open('member', ''), /^Error: 40[13]: /)
    await assert.rejects(open('none', token), /^Error: 400: [^]*cluster none not exists/)
    await assert.rejects(open('down', token), /^Error: 503: /)
    const plain = await ask(`${through('member')}${TERMINAL}${POD}/exec`, {
      headers: bearer(token),
    })
    assert.deepEqual([plain.status, plain.text], [400, 'Bad Request\n'])
  })

  it('ends with the login and with the account at the host, which the member does not see', async () => {
    const { url } = two.host.server
    const open = async () => {
      const own = await login(url, 'admin', PASSWORD)
      const terminal = await openTerminal(through('member'), `${POD}/exec?shell=sh`, own)
      await terminal.sees(/[#$] $/)
      return { own, terminal }
    }
    using left = new DisposableStack()
    const [first, second] = [await open(), await open()]
    for (const { terminal } of [first, second]) left.use(terminal)
    await ask(`${url}/oauth/logout`, { headers: bearer(first.own) })
    await first.terminal.closed
    await eventually(() => two.member.app.terminal.sessions === 1)
    second.terminal.type('echo al""ive\r')
    await second.terminal.sees(/\nalive/)
    const users = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }
    const { client } = two.host.app.clusters.host
    await client.patch(users, 'admin', { status: { state: 'Disabled' } }, { type: 'merge' })
    await second.terminal.closed
    await eventually(() => two.member.app.terminal.sessions === 0)
    await client.patch(users, 'admin', { status: { state: 'Active' } }, { type: 'merge' })
  })
})
