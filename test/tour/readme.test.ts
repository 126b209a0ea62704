import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { before, after, describe, it } from 'node:test'
import { ensureDebianPackages } from '../env/packages.ts'
import { runAny } from '../env/run.ts'

const root = resolve(import.meta.dirname, '../..')

interface Block {
  language: string
  text: string
}

/** Fenced blocks of the README; the info string after the language tells which the tour executes. */
function blocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(.+)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', text = '']) => ({
      language,
      text,
    }),
  )
}

interface Started {
  child: ChildProcess
  banner: string
}

/** `npm start` on free ports, until it says `ready`; the output before it is the banner. */
async function npmStart(): Promise<Started> {
  const child = spawn('npm', ['start', '--silent', '--', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  let banner = ''
  await new Promise<void>((done, fail) => {
    child.on('exit', (code) => fail(new Error(`npm start ended with ${code}:\n${banner}`)))
    child.stdout.setEncoding('utf8')
    child.stdout.on('data', (chunk: string) => {
      banner += chunk
      if (/^ready$/m.test(banner)) done()
    })
  })
  return { child, banner }
}

function find(banner: string, pattern: RegExp): string {
  const found = pattern.exec(banner)?.[1]
  assert.ok(found, `${pattern} is not in what npm start printed:\n${banner}`)
  return found
}

describe('the tour of the README, word for word', () => {
  let started: Started
  let url: string
  let password: string
  let token: string
  let text: string

  before(async () => {
    await ensureDebianPackages(['curl'])
    text = await readFile(resolve(root, 'README.md'), 'utf8')
    started = await npmStart()
    url = find(started.banner, /^ks-facade\s+(\S+)$/m)
    password = find(started.banner, /^login\s+admin \/ (\S+)$/m)
  })

  after(async () => {
    if (!started?.child.pid || started.child.exitCode !== null) return
    const gone = new Promise((done) => started.child.once('exit', done))
    process.kill(-started.child.pid, 'SIGTERM')
    await gone
  })

  it('logs in and calls REST with the shell lines that it shows', async () => {
    const shell = blocks(text).filter(({ language }) => language === 'sh tour')
    assert.equal(shell.length, 2)
    const script = [
      'set -euo pipefail',
      ...shell.map((block) => block.text),
      'printf "\\nTOKEN=%s\\n" "$TOKEN"',
    ].join('\n')
    const { code, output } = await runAny('env', [
      `URL=${url}`,
      `PASSWORD=${password}`,
      'bash',
      '-c',
      script,
    ])
    assert.equal(code, 0, output)
    assert.match(output, /"totalItems": \d/)
    assert.match(output, /"kind":\s*"Service"/)
    token = find(output, /^TOKEN=(\S+)$/m)
  })

  it('gets data without errors from each of the five documents with the variables that it shows', async () => {
    const shown = blocks(text)
    const documents = shown.filter(({ language }) => language === 'graphql')
    assert.equal(documents.length, 5)
    for (const document of documents) {
      const variables = shown[shown.indexOf(document) + 1]
      assert.equal(variables?.language, 'json', 'a document is followed by its variables')
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({
          query: document.text,
          variables: JSON.parse(variables.text) as unknown,
        }),
      })
      const body = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown[] }
      assert.equal(response.status, 200, document.text)
      assert.equal(body.errors, undefined, `${document.text}\n${JSON.stringify(body.errors)}`)
      assert.ok(body.data && Object.values(body.data).every((value) => value !== null))
    }
  })
})
