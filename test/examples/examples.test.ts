import assert from 'node:assert/strict'
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ensurePython } from '../env/python.ts'
import { openTab, shows } from '../explorer/browser.ts'
import { deploy, scale } from '../explorer/objects.ts'
import { PASSWORD, startStage, type Stage } from '../terminal/stage.ts'

const folder = resolve(import.meta.dirname, '../../examples')

/** An example that runs until the test is over; `text` is what it has printed. */
class Example implements AsyncDisposable {
  text = ''
  readonly process: ChildProcessWithoutNullStreams
  readonly ended: Promise<unknown[]>

  constructor(program: string, file: string, args: readonly string[]) {
    this.process = spawn(program, [resolve(folder, file), ...args])
    this.ended = once(this.process, 'exit')
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on('data', (bytes: Buffer) => (this.text += bytes.toString()))
  }

  says(pattern: RegExp): Promise<void> {
    return shows(
      async () => this.text,
      (text) => assert.match(text, pattern),
    )
  }

  async [Symbol.asyncDispose]() {
    this.process.kill()
    await this.ended
  }
}

const pods = { group: '', version: 'v1', resource: 'pods' }

describe('the examples', () => {
  let stage: Stage
  before(async () => {
    stage = await startStage()
    await stage.pod('box')
    await deploy(stage.kube, 'web', 1)
  })
  after(() => stage?.[Symbol.asyncDispose]())
  const run = (file: string, ...args: string[]) =>
    new Example(process.execPath, file, [stage.url, 'admin', PASSWORD, ...args])

  it('watch pods', async () => {
    await stage.pod('early')
    await using watcher = run('node-watcher/watch.ts', 'default')
    await watcher.says(/^ADDED box Running$/m)
    await watcher.says(/^SYNCED/m)
    await stage.kube.delete(pods, 'early', { namespace: 'default' })
    await watcher.says(/^DELETED early/m)
    assert.equal(watcher.text.match(/^SYNCED/gm)?.length, 1)
  })

  it('open a shell', async () => {
    await using shell = run('terminal/terminal.ts', 'default', 'box')
    shell.process.stdin.write('echo $((40 + 2))\nexit 3\n')
    // With or without the prompt before it: the echo may be faster than the shell.
    await shell.says(/42\r\n/)
    assert.deepEqual(await shell.ended, [3, null])
    await using nowhere = run('terminal/terminal.ts', 'default', 'no-such-pod')
    assert.notDeepEqual(await nowhere.ended, [0, null])
    assert.match(nowhere.text, /no-such-pod/)
  })

  it('show a list in React that follows', async () => {
    await using server = new Example(process.execPath, 'react-list/serve.ts', [stage.url])
    await server.says(/^http\S+$/m)
    await using tab = await openTab()
    const { page } = tab
    await page.goto(server.text.trim())
    await page.getByLabel('Account').fill('admin')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText('default/web: 1 of 1').waitFor()
    await scale(stage.kube, 'web', 2)
    await page.getByText('default/web: 2 of 2').waitFor()
    assert.deepEqual(tab.complaints, [])
  })

  it('ask and follow from Python', async () => {
    const python = await ensurePython('gql')
    const args = [stage.url, 'admin', PASSWORD, 'default']
    await using client = new Example(python, 'python-client/client.py', args)
    await client.says(/^web 2\/2$/m)
    await scale(stage.kube, 'web', 1)
    await client.says(/^web 1\/1$/m)
  })

  it('say how they are used', async () => {
    await using watcher = new Example(process.execPath, 'node-watcher/watch.ts', [])
    assert.deepEqual(await watcher.ended, [2, null])
    assert.match(watcher.text, /^usage: /)
  })
})
