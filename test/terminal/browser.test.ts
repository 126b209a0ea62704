import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type Page } from 'playwright-core'
import { forwardUpgrade } from '../../gateway/kube/forward.ts'
import { run } from '../env/run.ts'
import { close, listen, localTarget } from '../rest/support.ts'
import { eventually, startStage, TERMINAL, type Stage } from './stage.ts'

const SHELL = `${TERMINAL}/namespaces/default/pods/box/exec?shell=sh`

/** A page with xterm.js; like the console's server it adds who asks, which a browser's websocket cannot. */
async function startConsole(stage: Stage) {
  await using stack = new AsyncDisposableStack()
  const files: Record<string, [path: string, type: string]> = {
    '/': [join(import.meta.dirname, 'xterm.html'), 'text/html'],
    '/xterm.js': [
      fileURLToPath(import.meta.resolve('@xterm/xterm/lib/xterm.js')),
      'text/javascript',
    ],
    '/xterm.css': [fileURLToPath(import.meta.resolve('@xterm/xterm/css/xterm.css')), 'text/css'],
  }
  const target = stack.use(localTarget(stage.url))
  const server = createServer((req, res) => {
    const [path, type] = files[req.url ?? ''] ?? []
    if (!path || !type) res.writeHead(404).end()
    else void readFile(path).then((bytes) => res.setHeader('content-type', type).end(bytes))
  })
  server.on('upgrade', (req, socket, head) => {
    socket.on('error', () => {})
    const headers = { ...req.headers, authorization: `Bearer ${stage.admin}` }
    void forwardUpgrade(req, socket, head, target, { path: SHELL, headers })
  })
  stack.defer(() => close(server))
  const url = `${await listen(server)}/`
  const owned = stack.move()
  return { url, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}

describe('xterm.js in a browser', () => {
  let stage: Stage
  let web: Awaited<ReturnType<typeof startConsole>>
  let browser: Browser
  let page: Page
  before(async () => {
    stage = await startStage()
    await stage.pod('box')
    web = await startConsole(stage)
    browser = await chromium.launch({
      executablePath: (await run('sh', ['-c', 'command -v chromium'])).trim(),
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    })
    page = await browser.newPage()
    await page.goto(web.url)
  })
  after(async () => {
    await browser?.close()
    await web?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })

  /** Lines of the screen as they are painted. */
  async function screen(): Promise<string> {
    const script = `Array.from(document.querySelectorAll('.xterm-rows > div'), (row) => row.textContent).join('\\n')`
    return (await page.evaluate<string>(script)).replaceAll('\u00a0', ' ')
  }
  const sees = async (pattern: RegExp) => {
    await eventually(async () => pattern.test(await screen())).catch(async () => {
      assert.match(await screen(), pattern)
    })
  }
  const type = async (line: string) => {
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type(line)
    await page.keyboard.press('Enter')
  }

  it('shows a shell of a pod and what is typed there', async () => {
    await sees(/^[#$] /m)
    await type('echo $((40 + 2)) from $(hostname | wc -l) pod')
    await sees(/^42 from 1 pod$/m)
    assert.match(await screen(), /^[#$] echo \$\(\(40 \+ 2\)\)/m)
  })

  it('sends keys that are no letters, and shows colours and places', async () => {
    await type('cat')
    await type('right')
    await sees(/^right\nright$/m)
    await page.keyboard.type('wrong')
    // A terminal forgets at Ctrl-C what it has not shown yet.
    await sees(/^wrong/m)
    await page.keyboard.press('Control+c')
    await sees(/wrong\^C/)
    await type("printf '\\033[2J\\033[5;10H\\033[31mred\\033[0m\\n'")
    await sees(/^ {9}red/m)
    const red = `document.querySelector('.xterm-rows .xterm-fg-1')?.textContent`
    assert.equal(await page.evaluate<string>(red), 'red')
  })

  it('has the size that the program is told', async () => {
    await type('clear; stty size')
    await sees(/^24 80$/m)
    await page.evaluate('terminal.resize(100, 30)')
    await type('clear; until [ "$(stty size)" = "30 100" ]; do sleep 0.1; done; echo resi""zed')
    await sees(/^resized$/m)
  })

  it('shows wide characters, typed and in pieces', async () => {
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.insertText('clear; echo "=你好😀="')
    await page.keyboard.press('Enter')
    await sees(/^=你好😀=$/mu)
    const bytes = [...Buffer.from('界é😀')].map((byte) => `\\${byte.toString(8)}`).join(' ')
    await type(
      `clear; for b in ${bytes.replaceAll('\\', '\\\\')}; do printf "$b"; sleep 0.02; done; echo .`,
    )
    await sees(/^界é😀\.$/mu)
    assert.doesNotMatch(await screen(), /\uFFFD/)
  })

  it('is told why the shell has ended', async () => {
    await type('exit 3')
    await eventually(async () => (await page.title()) !== '')
    assert.equal(await page.title(), '1000 the shell ended with exit code 3')
  })
})
