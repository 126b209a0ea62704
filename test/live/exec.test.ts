import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { startBeside } from '../terminal/beside.ts'
import { eventually, startStage, type Stage } from '../terminal/stage.ts'
import { codeOf, direct, type Direct } from './direct.ts'
import { CLOSE, EXEC, INPUT, inPod, openShell, RESIZE } from './shell.ts'
import { dismiss, member, PODS } from './stage.ts'

const MAY_EXEC = [
  { apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] },
  { apiGroups: ['terminal.kubesphere.io'], resources: ['pods/exec'], verbs: ['get'] },
]

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('sessions of the graph', () => {
  let stage: Stage
  let graph: Direct
  before(async () => {
    stage = await startStage({ execsPerUser: 3 })
    graph = await direct(stage.facade.app, stage.admin)
    await stage.pod('box')
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })
  const shell = (more: object = { shell: 'sh' }) => openShell(graph, { ...inPod('box'), ...more })
  const command = (line: string, more: object = {}) =>
    shell({ command: ['sh', '-c', line], tty: false, ...more })
  const sessions = () => stage.facade.app.terminal.sessions
  const done = () => eventually(() => sessions() === 0)

  it('run a shell: input, size, and how it ended before they complete', async () => {
    const one = await shell({ shell: 'sh', rows: 17, cols: 91 })
    await one.sees(/[#$] $/)
    assert.equal(await one.type('stty size; echo do""ne\r'), 23)
    await one.sees(/\n17 91\r\ndone/)
    await graph.run(RESIZE, { session: one.session, rows: 40, cols: 120 })
    await one.type('until [ "$(stty size)" = "40 120" ]; do sleep 0.05; done; echo si""zed\r')
    await one.sees(/\nsized/)
    await one.type('exit 3\r')
    const { code: status, reason, message } = await one.exited()
    assert.deepEqual([status, reason], [3, 'EXITED'])
    assert.equal(message, 'the shell ended with exit code 3')
    assert.deepEqual(await one.next(), { value: undefined, done: true })
    await done()
  })

  it('end with the shell, however it ended, and no other comes after it', async () => {
    const one = await shell({})
    await one.sees(/[#$] $/)
    await one.type('exit 3\r')
    const { code: status, reason } = await one.exited()
    assert.deepEqual([status, reason], [3, 'EXITED'])
    await done()
  })

  it('run a command with outputs of its own, byte for byte', async () => {
    const octets = String.raw`printf "\\000\\377\\200\\n"`
    const both = await command(`${octets}; printf "\\342\\202" >&2; exit 1`, { encoding: 'BASE64' })
    const seen = { STDOUT: Buffer.alloc(0), STDERR: Buffer.alloc(0) }
    for (;;) {
      const { value, done: over } = await both.next()
      if (over) break
      if (value.exec.__typename !== 'ExecOutput') continue
      const { stream, data } = value.exec
      seen[stream] = Buffer.concat([seen[stream], Buffer.from(data, 'base64')])
    }
    assert.deepEqual([...seen.STDOUT], [0, 0xff, 0x80, 0x0a])
    assert.deepEqual([...seen.STDERR], [0xe2, 0x82])
    const raw = await command('cat | od -An -tx1')
    await raw.type(Buffer.from([0, 4, 0xff, 0x0a]).toString('base64'), {
      encoding: 'BASE64',
      end: true,
    })
    assert.equal((await raw.exited()).code, 0)
    assert.equal(raw.text().trim(), '00 04 ff 0a')
  })

  it('never show half a character, wherever the output is cut', async () => {
    const cut = await command(
      [
        'for byte in 360 237 230 200 344 275 240 351; do',
        String.raw`printf "\\$byte"; sleep 0.05;`,
        'done',
      ].join(' '),
    )
    assert.equal((await cut.exited()).code, 0)
    assert.equal(cut.text(), '😀你\uFFFD')
  })

  it('take inputs in the order of their coming, without waiting for answers', async () => {
    const one = await command('cat')
    const words = Array.from({ length: 300 }, (_, at) => `${at},`)
    const taken = await Promise.all(words.map((word) => one.type(word)))
    assert.equal(
      taken.reduce((sum, bytes) => sum + bytes, 0),
      words.join('').length,
    )
    await one.type('', { end: true })
    assert.equal((await one.exited()).code, 0)
    assert.equal(one.text(), words.join(''))
  })

  it('take a paste of 10 MB whole', { timeout: 480_000 }, async () => {
    const paste = `${'0123456789abcdefghijklmnopqrstuv'.repeat(32)}é\n`.repeat(10_000)
    const bytes = Buffer.from(paste)
    const one = await command('sha256sum')
    const end = one.exited()
    const half = one.type(paste.slice(0, 5_000_000))
    const rest = one.type(paste.slice(5_000_000), { end: true })
    assert.equal((await half) + (await rest), bytes.length)
    assert.equal((await end).code, 0)
    assert.ok(one.text().startsWith(createHash('sha256').update(bytes).digest('hex')))
    await done()
  })

  it('do not answer inputs that nobody reads', { timeout: 480_000 }, async () => {
    const one = await command('echo here; sleep 1000')
    await one.sees(/here/)
    const data = 'x'.repeat(1_000_000)
    const late = () => new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), 2000))
    let taken = 0
    // What the sockets on the way hold is taken at once.
    for (;;) {
      const answer = await Promise.race([one.type(data), late()])
      if (answer === 'late') break
      taken += answer
      assert.ok(taken < 50_000_000, 'all is taken')
    }
    const more = Array.from({ length: 20 }, () => codeOf(one.type(data)))
    await one.end()
    assert.ok((await Promise.all(more)).includes('TOO_MANY_REQUESTS'))
    await done()
  })

  it('tell why they could not begin', async () => {
    const absent = await openShell(graph, { ...inPod('absent'), shell: 'sh' })
    const { code: none, reason, message } = await absent.exited()
    assert.deepEqual([none, reason, message], [null, 'FAILED', 'pods "absent" not found'])
    assert.equal(absent.text(), '')
    const unknown = await shell({ command: ['no-such-program'] })
    assert.equal((await unknown.exited()).reason, 'FAILED')
    const asked = (variables: object) => codeOf(graph.subscribe(EXEC, variables))
    assert.equal(await asked({ target: {} }), 'BAD_USER_INPUT')
    assert.equal(await asked({ target: { kubectl: true, node: 'n' } }), 'BAD_USER_INPUT')
    assert.equal(await asked({ ...inPod('box'), command: [] }), 'BAD_USER_INPUT')
    assert.equal(await asked({ ...inPod('box'), command: ['ls'], shell: 'sh' }), 'BAD_USER_INPUT')
    assert.equal(await asked({ ...inPod('box'), rows: 0, cols: 1 }), 'BAD_USER_INPUT')
    assert.equal(await asked({ ...inPod('../box') }), 'BAD_USER_INPUT')
  })

  it('end with their pod', async () => {
    await stage.pod('victim')
    const one = await openShell(graph, { ...inPod('victim'), shell: 'sh' })
    await one.sees(/[#$] $/)
    await stage.kube.delete(PODS, 'victim', { namespace: 'default', gracePeriodSeconds: 0 })
    const { reason } = await one.exited()
    assert.match(reason, /FAILED|EXITED/)
    await done()
  })

  it('end their program when nobody listens any more, and when they are closed', async () => {
    const stubborn = 'trap "" HUP INT TERM; echo pid=$$=; while :; do sleep 0.1; done'
    const left = await command(stubborn)
    const first = Number((await left.sees(/pid=(\d+)=/))[1])
    await left.end()
    await eventually(() => !lives(first))
    const closed = await command(stubborn)
    const second = Number((await closed.sees(/pid=(\d+)=/))[1])
    await graph.run(CLOSE, { session: closed.session })
    const { code: none, reason } = await closed.exited()
    assert.deepEqual([none, reason], [null, 'CLOSED'])
    await eventually(() => !lives(second))
    await done()
  })

  it('are of the connection that opened them, and of nobody else', async () => {
    const { app } = stage.facade
    const one = await shell()
    const again = await direct(app, stage.admin)
    const other = await direct(app, await member(stage, 'other', MAY_EXEC))
    for (const way of [again, other]) {
      const { session } = one
      assert.equal(await codeOf(way.run(INPUT, { session, data: 'exit\r' })), 'NOT_FOUND')
      assert.equal(await codeOf(way.run(RESIZE, { session, rows: 1, cols: 1 })), 'NOT_FOUND')
      assert.equal(await codeOf(way.run(CLOSE, { session })), 'NOT_FOUND')
    }
    await one.end()
    await done()
    assert.equal(await codeOf(one.type('late')), 'NOT_FOUND')
  })

  it('are for those whom the terminals of REST let in, and no longer', async () => {
    const { app } = stage.facade
    const asked = async (name: string, rules: object[], target: object = inPod('box')) =>
      codeOf((await direct(app, await member(stage, name, rules))).subscribe(EXEC, target))
    assert.equal(await asked('stranger', []), 'FORBIDDEN')
    assert.equal(await asked('half', MAY_EXEC.slice(1)), 'FORBIDDEN')
    assert.equal(await asked('other-half', MAY_EXEC.slice(0, 1)), 'FORBIDDEN')
    assert.equal(await asked('grounded', MAY_EXEC, { target: { node: 'node-0' } }), 'FORBIDDEN')
    const guest = await direct(app, await member(stage, 'guest', MAY_EXEC))
    const one = await openShell(guest, { ...inPod('box'), shell: 'sh' })
    await one.sees(/[#$] $/)
    const end = one.exited()
    await dismiss(stage, 'guest')
    const { reason, message } = await end
    assert.deepEqual([reason, message], ['REVOKED', 'the right to this terminal was taken away'])
  })

  it('are few for one person', async () => {
    const open = await Promise.all([shell(), shell(), shell()])
    assert.equal(await codeOf(graph.subscribe(EXEC, inPod('box'))), 'TOO_MANY_REQUESTS')
    await Promise.all(open.map((one) => one.end()))
    await done()
    await (await shell()).end()
  })

  it('end after silence', async () => {
    await using small = await startBeside(stage, ({ facade }) => ({
      facade: { ...facade, terminal: { ...facade.terminal, idleTimeoutMs: 1000 } },
    }))
    const way = await direct(small.facade.app, small.admin)
    const one = await openShell(way, { ...inPod('box'), shell: 'sh' })
    const { reason, message } = await one.exited()
    assert.deepEqual([reason, message], ['IDLE', 'the session was idle for too long'])
  })

  it('run beside kubectl and on nodes, in pods of the platform', { timeout: 480_000 }, async () => {
    const words = { command: ['sh', '-c', 'echo in $HOSTNAME'], tty: false }
    const node = await nodeName()
    for (const [target, pod] of [
      [{ kubectl: true }, 'ks-managed-kubectl-admin'],
      [{ node }, `${node}-shell-access`],
    ] as const) {
      const one = await openShell(graph, { target, ...words })
      const { code: status, message } = await one.exited()
      // A machine without the right to enter namespaces: the pod of a node ends at once, and that is said.
      if (message) assert.equal(message, `pod ${node}-shell-access ended before it could be used`)
      else assert.deepEqual([status, one.text().slice(0, 3)], [0, 'in '])
      const found = await stage.kube.get(PODS, pod, { namespace: 'kubesphere-system' })
      assert.equal(found.metadata.name, pod)
    }
  })

  async function nodeName(): Promise<string> {
    const nodes = await stage.kube.list({ group: '', version: 'v1', resource: 'nodes' })
    return nodes.items[0]?.metadata.name ?? ''
  }
})
