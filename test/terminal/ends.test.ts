import assert from 'node:assert/strict'
import { dirname } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { processesWith } from '../embedded/processes.ts'
import { startBeside } from './beside.ts'
import { eventually, openTerminal, startStage, type Stage } from './stage.ts'

const POD = '/namespaces/default/pods/box/exec?shell=sh'

describe('the end of a terminal', () => {
  let stage: Stage
  before(async () => {
    stage = await startStage()
    await stage.pod('box')
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })

  it('is said to every client when the server stops, the slow ones included', async () => {
    const server = await startBeside(stage, () => ({}))
    const shells = await Promise.all(
      Array.from({ length: 3 }, () => openTerminal(server.url, POD, server.admin)),
    )
    await Promise.all(shells.map((shell) => shell.sees(/[#$] $/)))
    const [, busy, slow] = shells
    busy?.type('yes\r')
    await busy?.sees(/y\r\ny\r\n/)
    slow?.socket.pause()
    slow?.type('yes\r')
    const stopped = server[Symbol.asyncDispose]()
    await eventually(() => server.facade.app.terminal.sessions === 0)
    slow?.socket.resume()
    for (const shell of shells) {
      assert.deepEqual(await shell.closed, { code: 1001, reason: 'the server is stopping' })
      assert.match(shell.text, /\r\nthe server is stopping\r\n$/)
    }
    await stopped
  })

  const limited = (limits: object) =>
    startBeside(stage, ({ facade }) => ({
      facade: { ...facade, terminal: { ...facade.terminal, ...limits } },
    }))

  it('comes after silence, and not while something is shown', async () => {
    await using server = await limited({ idleTimeoutMs: 4000 })
    using talking = await openTerminal(server.url, POD, server.admin)
    talking.type('while :; do echo on; sleep 0.2; done\r')
    await talking.sees(/\non\r\n/)
    using silent = await openTerminal(server.url, POD, server.admin)
    const reason = 'the session was idle for too long'
    assert.deepEqual(await silent.closed, { code: 1001, reason })
    assert.equal(talking.socket.readyState, talking.socket.OPEN)
  })

  it('comes after as long as one may last, whatever is shown', async () => {
    await using server = await limited({ maxSessionMs: 1500 })
    using talking = await openTerminal(server.url, POD, server.admin)
    talking.type('while :; do echo on; sleep 0.2; done\r')
    const reason = 'the session has lasted as long as one may'
    assert.deepEqual(await talking.closed, { code: 1001, reason })
  })

  it('is said when the plane dies', async () => {
    using idle = await openTerminal(stage.url, POD, stage.admin)
    using busy = await openTerminal(stage.url, POD, stage.admin)
    await Promise.all([idle.sees(/[#$] $/), busy.sees(/[#$] $/)])
    busy.type('yes\r')
    await busy.sees(/y\r\ny\r\n/)
    // First of all what the terminals go through: it is not to tell how the shells ended.
    stage.plane.pause('kube-apiserver')
    const folder = dirname(stage.plane.kubeconfigPath)
    for (const pid of await processesWith(folder)) killed(pid)
    for (const { code, reason } of await Promise.all([idle.closed, busy.closed])) {
      assert.equal(code, 1011)
      assert.notEqual(reason, '')
    }
    await eventually(() => stage.facade.app.terminal.sessions === 0)
    using late = await openTerminal(stage.url, POD, stage.admin)
    assert.equal((await late.closed).code, 1011)
    assert.match(late.text, /exec: .*ECONNREFUSED|could not be started|not reachable/)
  })
})

/** Kills a process, which may have ended with another one. */
function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
