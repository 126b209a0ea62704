import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Command } from './command.ts'

let dir: string
let hole: Server

/** Path of a kubeconfig for an API server at `server`. */
async function kubeconfig(name: string, server: string): Promise<string> {
  const file = join(dir, name)
  const text = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'x' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  }
  await writeFile(file, JSON.stringify(text))
  return file
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(dir, name), text)
  return join(dir, name)
}

const secret = 'authentication:\n  issuer:\n    jwtSecret: some-secret-of-this-test\n'

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ks-facade-test-'))
  await file('good.yaml', secret)
  // Accepts, and never says a word.
  hole = createServer()
  await new Promise<void>((done) => hole.listen(0, '127.0.0.1', done))
})

after(async () => {
  hole.close()
  await rm(dir, { recursive: true, force: true })
})

/** Runs the command, which must end by itself with one line about the problem and nothing else. */
async function refused(args: string[], wanted: RegExp): Promise<void> {
  await using command = Command.main(args, { cwd: dir })
  const hang = setTimeout(() => command.child.kill('SIGKILL'), 120_000)
  const { code, signal, stderr, stdout } = await command.ended
  clearTimeout(hang)
  const what = `${args.join(' ')}\n${stderr}`
  assert.equal(signal, null, `it hung: ${what}`)
  assert.ok(code === 1 || code === 2, `exit code ${code}: ${what}`)
  const lines = stderr.trimEnd().split('\n')
  const said = lines.filter((line) => !line.startsWith('using the cluster of '))
  assert.equal(said.length, 1, `one line: ${what}`)
  assert.match(said[0] ?? '', wanted, what)
  assert.match(said[0] ?? '', /^(?:ks-facade (?:start|serve|plane): |usage: )/, what)
  assert.doesNotMatch(stderr, /^ {4}at /m, what)
  assert.equal(stdout, '', what)
}

type Row = readonly [args: string[], wanted: RegExp]

/** Two at a time: each of them is mostly the start of a Node. */
async function eachRefused(table: readonly Row[]): Promise<void> {
  const queue = [...table]
  const worker = async (): Promise<void> => {
    for (let row = queue.shift(); row; row = queue.shift()) await refused(...row)
  }
  await Promise.all([worker(), worker()])
}

describe(
  'a start that cannot work says why in one line and ends with a code',
  { concurrency: 1 },
  () => {
    it('for words and flags that mean nothing', () =>
      eachRefused([
        [[], /^usage: start \| serve \| plane/],
        [['dance'], /^usage: start/],
        [['toString'], /^usage: start/],
        [['start', '--fast'], /'--fast'/],
        [['start', 'extra'], /'extra'/],
        [['serve', '--fast'], /unknown flag --fast/],
        [['serve', 'extra'], /unknown argument extra/],
        [['plane', '--fast'], /'--fast'/],
        [['plane'], /--data-dir DIR is needed/],
      ]))

    it('for ports that are none', () =>
      eachRefused([
        [['start', '--port', 'web'], /--port web: a port is a number/],
        [['start', '--port', ''], /--port : a port is a number/],
        [['start', '--port', '65536'], /--port 65536/],
        [['plane', '--data-dir', join(dir, 'p'), '--port', '1e9'], /--port 1e9/],
        [
          ['serve', '--config', 'good.yaml', '--insecure-port', '70000'],
          /insecurePort: 70000 is not a port/,
        ],
        [['serve', '--config', 'good.yaml', '--insecure-port', 'web'], /--insecure-port: "web"/],
      ]))

    it('for configuration that cannot be read or makes no sense', async () => {
      await file('broken.yaml', 'authentication: [1\n  x: {')
      await file('text.yaml', 'just words')
      await file('duration.yaml', `${secret}    accessTokenMaxAge: two parsecs\n`)
      await file('mode.yaml', `${secret}authorization:\n  mode: Sometimes\n`)
      await file('section.yaml', `${secret}multicluster: host\n`)
      await file('none.yaml', 'authorization:\n  mode: RBAC\n')
      const serve = (name: string, wanted: RegExp): Row => [['serve', '--config', name], wanted]
      await eachRefused([
        [['serve'], /no kubesphere\.\{json,yaml,yml\} in/],
        serve('missing.yaml', /missing\.yaml: no such file$/),
        serve('.', /\.: .*directory/),
        serve('broken.yaml', /broken\.yaml: .*at line \d/),
        serve('text.yaml', /text\.yaml: not a mapping/),
        serve(
          'duration.yaml',
          /authentication\.issuer\.accessTokenMaxAge: "two parsecs" is not a duration/,
        ),
        serve('mode.yaml', /authorization mode Sometimes not support/),
        serve('section.yaml', /multicluster: a mapping is wanted here/),
        serve('none.yaml', /JWT secret MUST not be empty/),
      ])
    })

    it('for kubeconfigs that cannot be read or used', async () => {
      await file('broken-kube', 'clusters: [1\n  x: {')
      await file('empty-kube', '')
      const other = await kubeconfig('address-kube', 'no address at all')
      const serve = (name: string, wanted: RegExp): Row => [
        ['serve', '--config', 'good.yaml', '--kubeconfig', join(dir, name)],
        wanted,
      ]
      await eachRefused([
        serve('missing-kube', /missing-kube: no such file/),
        serve('broken-kube', /broken-kube: not YAML/),
        serve('empty-kube', /empty-kube: not a kubeconfig/),
        [
          ['start', '--kubeconfig', join(dir, 'missing-kube')],
          /missing-kube: cannot be read: no such/,
        ],
        [['start', '--kubeconfig', dir], /cannot be read: is a folder/],
        [
          ['start', '--kubeconfig', other],
          /server "no address at all" is no http or https address/,
        ],
      ])
    })

    it('for clusters that refuse, have no name or never answer', async () => {
      const gone = createServer()
      await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done))
      const closed = (gone.address() as AddressInfo).port
      await new Promise((done) => gone.close(done))
      const silent = (hole.address() as AddressInfo).port
      const serve = (path: string) => ['serve', '--config', 'good.yaml', '--kubeconfig', path]
      await eachRefused([
        [
          serve(await kubeconfig('silent', `http://127.0.0.1:${silent}`)),
          /127\.0\.0\.1:\d+ does not answer$/,
        ],
        [
          serve(await kubeconfig('tls', `https://127.0.0.1:${silent}`)),
          /127\.0\.0\.1:\d+ does not answer$/,
        ],
        [serve(await kubeconfig('refusing', `https://127.0.0.1:${closed}`)), /connection refused$/],
        [['start', '--kubeconfig', join(dir, 'refusing')], /connection refused$/],
        [
          serve(await kubeconfig('nameless', 'https://nobody.invalid')),
          /nobody\.invalid( on \S+)?: no such host$/,
        ],
      ])
    })

    it('for folders and ports that are taken', async () => {
      await file('a-file', '')
      const { port } = hole.address() as AddressInfo
      await eachRefused([
        [
          ['start', '--port', String(port)],
          new RegExp(`--port ${port} cannot be used: EADDRINUSE`),
        ],
        [
          ['start', '--data-dir', join(dir, 'a-file', 'below')],
          /the data folder .*below cannot be used/,
        ],
        // Where nobody, not even root, makes a folder.
        [
          ['start', '--data-dir', '/proc/ks-facade/below'],
          /the data folder .*below cannot be used/,
        ],
        [['plane', '--data-dir', '/proc/ks-facade'], /the data folder .*ks-facade cannot be used/],
        [['plane', '--data-dir', join(dir, 'a-file')], /the data folder .*a-file cannot be used/],
        [
          ['plane', '--data-dir', join(dir, 'p'), '--port', String(port)],
          /port \d+ of 127\.0\.0\.1 cannot be used/,
        ],
      ])
      await file('facade-secrets.json', '{"adminPassword":')
      await refused(['start', '--data-dir', dir], /facade-secrets\.json is damaged/)
    })
  },
)
