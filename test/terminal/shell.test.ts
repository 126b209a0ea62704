import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { liveBytes } from '../env/memory.ts'
import { startBeside } from './beside.ts'
import { eventually, openTerminal, startStage, TERMINAL, type Stage } from './stage.ts'

const POD = '/namespaces/default/pods/box/exec'

describe('a terminal in a pod', () => {
  let stage: Stage
  before(async () => {
    stage = await startStage()
    await stage.pod('box')
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
  })
  const open = (path = `${POD}?shell=sh`, token = stage.admin) =>
    openTerminal(stage.url, path, token)
  /** A terminal whose shell has shown its prompt: what is typed then is echoed behind it, and output starts a line. */
  const openShell = async (path?: string) => {
    const terminal = await open(path)
    await terminal.sees(/[#$] $/)
    return terminal
  }
  const sessions = () => stage.facade.app.terminal.sessions

  it('echoes, runs commands, and ends with a close frame that says why', async () => {
    using terminal = await openShell()
    terminal.type('echo $((40 + 2))\r')
    await terminal.sees(/\n42\r\n/)
    assert.deepEqual([...terminal.shapes], ['text Op,Data,Rows,Cols'])
    assert.equal(terminal.socket.protocol, '')
    assert.equal(terminal.socket.extensions, '')
    terminal.type('exit 3\r')
    const reason = 'the shell ended with exit code 3'
    assert.deepEqual(await terminal.closed, { code: 1000, reason })
    await eventually(() => sessions() === 0)
  })

  it('has the size that the client says, before and after the shell starts; no size is no harm', async () => {
    using terminal = await open()
    terminal.resize(91, 17)
    await terminal.sees(/[#$] $/)
    terminal.type('until [ "$(stty size)" = "17 91" ]; do sleep 0.05; done; echo fir""st\r')
    await terminal.sees(/\nfirst\r\n[#$] $/)
    terminal.resize(0, 0)
    terminal.resize(120, 40)
    terminal.type('until [ "$(stty size)" = "40 120" ]; do sleep 0.05; done; echo sec""ond\r')
    await terminal.sees(/\nsecond/)
  })

  it('tries bash, then sh; one shell alone when asked for it', async () => {
    using both = await openShell(POD)
    both.type('echo shell=${BASH_VERSION:-none}=\r')
    await both.sees(/\rshell=\d[^=]*=[^]*[#$] $/)
    both.type('exit 1\r')
    await both.sees(/exit\r\n[^]*[#$] $/)
    both.type('echo again=${BASH_VERSION:-none}=\r')
    await both.sees(/\nagain=none=/)
    both.type('exit 0\r')
    assert.equal((await both.closed).code, 1000)
  })

  it('takes keys in any case, and text or binary frames', async () => {
    using terminal = await openShell()
    terminal.socket.send(Buffer.from('{"OP":"stdin","data":"echo lo\\"\\"wer\\r"}'))
    terminal.socket.send('{"op":"stdin","DATA":"","x":1} trailing')
    await terminal.sees(/\nlower\r\n/)
  })

  it('takes what it does not understand for the end of the input; output goes on', async () => {
    using terminal = await openShell()
    terminal.type('trap "" HUP; sleep 0.3; echo la""te\r')
    await terminal.sees(/la""te\r\n/)
    terminal.socket.send('{"Op":"unknown"}')
    await terminal.sees(/\nlate\r\n/)
    assert.equal((await terminal.closed).code, 1000)
  })

  it('never shows half a character, wherever the output is cut', async () => {
    using terminal = await openShell()
    const script = [
      'for byte in 360 237 230 200 344 275 240; do',
      String.raw`printf "\\$byte"; sleep 0.03;`,
      'done; echo " do""ne"',
    ].join(' ')
    terminal.type(`${script}\r`)
    await terminal.sees(/\n😀你 done/u)
    assert.doesNotMatch(terminal.text, /\uFFFD/)
  })

  it('takes a paste of 10 MB whole', { timeout: 480_000 }, async () => {
    using terminal = await openShell()
    const paste = `${'0123456789abcdefghijklmnopqrstuv'.repeat(32)}é\n`.repeat(10_000)
    const bytes = Buffer.from(paste)
    terminal.type(
      `stty raw -echo; echo rea""dy; head -c ${bytes.length} | sha256sum; stty sane; echo do""ne\r`,
    )
    await terminal.sees(/\nready/)
    terminal.type(paste)
    await terminal.sees(/\ndone/, 400)
    assert.ok(bytes.length > 10_000_000)
    assert.ok(terminal.text.includes(createHash('sha256').update(bytes).digest('hex')))
  })

  it('shows 100 MB to a slow reader without keeping them', { timeout: 480_000 }, async () => {
    using terminal = await openShell()
    terminal.type('stty -opost -echo; echo rea""dy\r')
    await terminal.sees(/\nready/)
    const { socket } = terminal
    socket.removeAllListeners('message')
    let size = 0
    let hash = createHash('sha256')
    const done = Promise.withResolvers<void>()
    const total = 100_000_000
    socket.on('message', (data: Buffer) => {
      const text = (JSON.parse(data.toString()) as { Data: string }).Data
      size += text.length
      hash = hash.update(text)
      if (size >= total) done.resolve()
    })
    socket.pause()
    const before = liveBytes()
    terminal.type(`yes 0123456789abcdef | head -c ${total}\r`)
    let grown = 0
    const measure = () => {
      grown = Math.max(grown, liveBytes() - before)
    }
    for (let turn = 0; turn < 10; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      measure()
    }
    const meter = setInterval(measure, 200)
    const began = performance.now()
    socket.resume()
    await done.promise
    clearInterval(meter)
    console.log(
      `100 MB read in ${Math.round(performance.now() - began)} ms, at most ${Math.round(grown / 1e6)} MB held`,
    )
    assert.ok(grown < 50e6, `${grown} bytes more`)
  })

  it('tells in the output and in the close frame why it cannot start', async () => {
    using missing = await open('/namespaces/default/pods/nope/exec?shell=sh')
    const close = await missing.closed
    assert.equal(close.code, 1011)
    assert.equal(close.reason, 'pods "nope" not found')
    assert.match(missing.text, /pods "nope" not found/)
    using odd = await open('/namespaces/default/pods/box/exec?container=other')
    assert.match((await odd.closed).reason, /container other is not valid for pod box/)
    const dots = await open('/namespaces/default/pods/%2e%2e/exec?shell=sh').catch(String)
    assert.match(dots instanceof Object ? (await dots.closed).reason : dots, /valid name|30\d|40\d/)
  })

  it('ends when its pod is deleted', async () => {
    await stage.pod('victim')
    using terminal = await openShell('/namespaces/default/pods/victim/exec?shell=sh')
    const gvr = { group: '', version: 'v1', resource: 'pods' }
    await stage.kube.delete(gvr, 'victim', { namespace: 'default', gracePeriodSeconds: 0 })
    const { code } = await terminal.closed
    assert.ok(code === 1011 || code === 1000, String(code))
    await eventually(() => sessions() === 0)
  })

  it('ends its program when the client goes away without a word', async () => {
    using terminal = await openShell()
    terminal.type('echo pid=$$=; trap "" HUP; cat\r')
    const pid = Number((await terminal.sees(/\npid=(\d+)=/))[1])
    terminal.socket.terminate()
    await eventually(() => {
      try {
        process.kill(pid, 0)
        return false
      } catch {
        return true
      }
    })
    await eventually(() => sessions() === 0)
  })

  it('is refused with plain answers where there is no upgrade', async () => {
    const headers = { authorization: `Bearer ${stage.admin}` }
    const plain = await fetch(`${stage.url}${TERMINAL}${POD}`, { headers })
    assert.equal(plain.status, 400)
    assert.equal(await plain.text(), 'Bad Request\n')
    assert.equal(plain.headers.get('sec-websocket-version'), '13')
  })

  it('is one of a limited number per user', async () => {
    await using small = await startBeside(stage, ({ facade }) => ({
      facade: { ...facade, terminal: { ...facade.terminal, sessionsPerUser: 2 } },
    }))
    const first = await openTerminal(small.url, POD, small.admin)
    const second = await openTerminal(small.url, POD, small.admin)
    await assert.rejects(openTerminal(small.url, POD, small.admin), /^Error: 429: user admin has 2/)
    first.socket.close()
    await eventually(() => small.facade.app.terminal.sessions === 1)
    const third = await openTerminal(small.url, POD, small.admin)
    for (const { socket } of [second, third]) socket.terminate()
    await eventually(() => small.facade.app.terminal.sessions === 0)
  })
})
