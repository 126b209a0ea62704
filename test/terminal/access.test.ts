import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ask, bearer, login } from '../e2e/http.ts'
import { openTerminal, PASSWORD, startStage, TERMINAL, type Stage, type Terminal } from './stage.ts'

const POD = '/namespaces/default/pods/box/exec'
const iam = (resource: string) => ({ group: 'iam.kubesphere.io', version: 'v1beta1', resource })

describe('the right to a terminal', () => {
  let stage: Stage
  before(async () => {
    stage = await startStage()
    await stage.pod('box')
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })
  const open = (token: string, path = `${POD}?shell=sh`) => openTerminal(stage.url, path, token)

  /** Opens a shell, does `change`, and tells how the terminal ended: by itself, with nothing typed. */
  async function lost(token: string, change: () => Promise<unknown>) {
    using terminal: Terminal = await open(token)
    await terminal.sees(/[#$] /)
    await change()
    const close = await terminal.closed
    assert.equal(close.code, 1008)
    assert.ok(terminal.text.includes(close.reason), terminal.text)
    return close.reason
  }

  it('is judged before the upgrade, by the filter and by exec itself', async () => {
    await assert.rejects(open(''), /^Error: 401|^Error: 403: .*system:anonymous/)
    const regular = await stage.member('regular')
    await assert.rejects(
      open(regular, '/namespaces/kube-system/pods/x/exec'),
      /^Error: 403: .*User \\"regular\\" cannot get resource \\"pods\/exec\\" in API group \\"terminal/,
    )
    await stage.kube.patch(iam('roles'), 'regular', [{ op: 'remove', path: '/rules/0' }], {
      namespace: 'default',
      type: 'json',
    })
    await assert.rejects(open(regular), /^Error: 403: \n$/)
    const plain = await ask(`${stage.url}${TERMINAL}${POD}`, { headers: bearer(regular) })
    assert.deepEqual([plain.status, plain.text], [403, '\n'])
    const nodes = await ask(`${stage.url}${TERMINAL}/nodes/node-0/exec`, {
      headers: bearer(regular),
    })
    assert.equal(nodes.status, 403)
    assert.equal(stage.facade.app.terminal.sessions, 0)
  })

  it('ends with the binding', async () => {
    const token = await stage.member('bound')
    const why = await lost(token, () =>
      stage.kube.delete(iam('rolebindings'), 'bound', { namespace: 'default' }),
    )
    assert.equal(why, 'the right to this terminal was taken away')
  })

  it('ends with a rule of the role', async () => {
    const token = await stage.member('ruled')
    const rules = [{ apiGroups: ['terminal.kubesphere.io'], resources: ['*'], verbs: ['*'] }]
    await lost(token, () =>
      stage.kube.patch(iam('roles'), 'ruled', { rules }, { namespace: 'default', type: 'merge' }),
    )
  })

  it('ends with the account, when it is disabled or deleted', async () => {
    const first = await stage.member('leaver')
    assert.match(
      await lost(first, () => stage.kube.delete(iam('users'), 'leaver')),
      /the account was deleted/,
    )
    const second = await stage.member('sleeper')
    assert.match(
      await lost(second, () =>
        stage.kube.patch(
          iam('users'),
          'sleeper',
          { status: { state: 'Disabled' } },
          { type: 'merge' },
        ),
      ),
      /the account was disabled/,
    )
  })

  it('ends with the password', async () => {
    const token = await stage.member('changer')
    const spec = { password: 'An0ther-Pa55word' }
    const why = await lost(token, () =>
      stage.kube.patch(iam('users'), 'changer', { spec }, { type: 'merge' }),
    )
    assert.match(why, /the password was changed|the login is over/)
  })

  it('ends with the login, and not with another one of the same user', async () => {
    const token = await stage.member('twice')
    const other = await login(stage.url, 'twice', PASSWORD)
    using second = await open(other)
    await second.sees(/[#$] /)
    const logout = () => ask(`${stage.url}/oauth/logout`, { headers: bearer(token) })
    assert.equal(await lost(token, logout), 'the login is over')
    second.type('echo al""ive\r')
    await second.sees(/alive/)
  })

  it('stays when something else changes', async () => {
    const token = await stage.member('stays')
    using terminal = await open(token)
    await terminal.sees(/[#$] /)
    await stage.member('bystander')
    await stage.kube.delete(iam('rolebindings'), 'bystander', { namespace: 'default' })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    terminal.type('echo st""ill\r')
    await terminal.sees(/still/)
  })
})
