/**
 * What every npm script runs first, on whatever Node (20 or newer) the machine has and with nothing installed: installs
 * the packages when they are not those of package-lock.json, then runs the command on the Node of the `node` package,
 * which strips TypeScript's types by itself. Messages go to standard error, standard output belongs to the command.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const oldestNode = [24, 12]

/** Arguments for Node by command name. */
const commands = {
  start: ['gateway/server/main.ts', 'start'],
  serve: ['gateway/server/main.ts', 'serve'],
  plane: ['gateway/server/main.ts', 'plane'],
  test: ['test/run.ts'],
  'test:console': ['test/console/main.ts'],
  check: ['test/check.ts'],
  bench: ['test/bench/main.ts'],
  fuzz: ['test/fuzz/main.ts'],
  faults: ['test/faults/main.ts'],
  soak: ['test/faults/soak.ts'],
  sbom: ['test/supply/main.ts', 'sbom'],
  audit: ['test/supply/main.ts', 'audit'],
  'image:check': ['test/deploy/image/main.ts'],
  codegen: ['node_modules/@graphql-codegen/cli/esm/bin.js', '--config', 'codegen.yml'],
}

/** Commands that need none of the development packages once a new enough Node is there. */
const production = ['start', 'serve', 'plane']

/**
 * Kept small on purpose: by default the heap of a busy server grows to several times what is alive in it. With these, one
 * that serves 10,000 pods holds half of the memory and answers a fifth fewer requests a second (test/bench/lists.ts).
 */
const serverFlags = ['--max-semi-space-size=8', '--heap-growing-percent=20']
/** graphql checks every type twice unless it is told that nobody develops here. */
const serverEnvironment = { MALLOC_ARENA_MAX: '2', NODE_ENV: 'production' }

/** Commands that run a server, and the benchmarks, whose servers inherit it. */
const servers = ['start', 'serve', 'bench', 'faults', 'soak']

const say = (line) => process.stderr.write(`${line}\n`)

/** Thrown for what a person has to put right; the message is all that is printed. */
class SetupError extends Error {}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])
}

function versionOf(node) {
  const run = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: 20_000 })
  return run.status === 0 ? run.stdout.trim() : undefined
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')).packages ?? {}
  } catch {
    return undefined
  }
}

/** Name of the first package that is missing or of another version; npm keeps its own list of what it installed. */
function firstDifference(withDev) {
  const wanted = readLock('package-lock.json')
  if (!wanted) throw new SetupError('package-lock.json is missing or not JSON')
  const installed = readLock('node_modules/.package-lock.json') ?? {}
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link || (entry.dev && !withDev)) continue
    // Optional packages are there only where they fit the platform.
    if ((entry.optional || entry.devOptional) && !installed[path]) continue
    if (installed[path]?.version !== entry.version) return path.replace(/^.*node_modules\//, '')
  }
  return undefined
}

/** Waits for another start that is installing; returns a function that lets the next one in. */
async function takeTurn() {
  const name = `ks-facade-install-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`
  const lock = join(tmpdir(), name)
  for (let told = false; ;) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      return () => rmSync(lock, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned(lock)) {
      rmSync(lock, { recursive: true, force: true })
      continue
    }
    if (!told) say('another start is installing the packages: waiting for it')
    told = true
    await new Promise((done) => setTimeout(done, 500))
  }
}

function isAbandoned(lock) {
  try {
    const pid = Number(readFileSync(join(lock, 'pid'), 'utf8'))
    if (pid > 0) process.kill(pid, 0)
    return false
  } catch (error) {
    if (error.code === 'ESRCH') return true
    if (error.code !== 'ENOENT') return false
    // The holder has not written its number yet, or died before it could.
    return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5000
  }
}

/** Runs a command with its output on standard error; resolves with its exit code. */
function run(command, args, cwd = root) {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 2, 2] })
  const forward = (signal) => child.kill(signal)
  process.on('SIGINT', forward).on('SIGTERM', forward)
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward)
      done(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1))
    })
  })
}

async function npmCi() {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  // npm's own file where a package script started us, so that it is the same npm and no shell is needed.
  const code =
    npm && /\bnpm-cli\.js$/.test(npm)
      ? await run(process.execPath, [npm, ...args])
      : await run('npm', args)
  if (code !== 0) throw new SetupError(`npm ci ended with ${code}: the packages are not installed`)
}

async function ensurePackages(withDev) {
  if (firstDifference(withDev) === undefined) return
  const release = await takeTurn()
  try {
    const difference = firstDifference(withDev)
    if (difference === undefined) return
    const started = Date.now()
    say(`installing the packages of package-lock.json (${difference} differs): about a minute`)
    await npmCi()
    say(`packages installed in ${Math.round((Date.now() - started) / 1000)} s`)
  } finally {
    release()
  }
}

/** Places where the `node` package, or the package for this platform that it installs, may have put its binary. */
function nodeCandidates() {
  const platform = `${process.platform}-${process.arch}`
  const names = [`node-${platform}`, `node-bin-${platform}`]
  return [
    'node_modules/node/bin/node',
    ...names.map((name) => `node_modules/node/node_modules/${name}/bin/node`),
    ...names.map((name) => `node_modules/${name}/bin/node`),
  ].map((path) => join(root, path))
}

function findNode() {
  for (const path of nodeCandidates()) {
    if (!existsSync(path)) continue
    const version = versionOf(path)
    if (version && isNewEnough(version)) return path
  }
  return isNewEnough(process.version) ? process.execPath : undefined
}

/** A Node that is new enough. Where npm ran no install scripts, the script of the `node` package is run here. */
async function ensureNode() {
  const found = findNode()
  if (found) return found
  const script = join(root, 'node_modules/node/installArchSpecificPackage.js')
  if (existsSync(script)) {
    say('npm ran no install scripts: installing Node for this platform')
    await run(process.execPath, [script], dirname(script))
  }
  const installed = findNode()
  if (installed) return installed
  throw new SetupError(
    `Node ${oldestNode.join('.')} or newer is needed and this is ${process.version}: ` +
      'the `node` package could not be installed for this platform; install Node and try again',
  )
}

function execute(node, args, cwd, environment) {
  const child = spawn(node, args, {
    cwd,
    // Through the channel the command learns that we are gone, however we ended.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...environment, ...process.env, NODE_NO_WARNINGS: '1' },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A Ctrl-C reaches the whole foreground group, so the child has it already; it counts repeated ones.
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    })
  }
  if (process.env.npm_lifecycle_event) {
    // npm passes a signal on to its shell only, and that ends without us.
    const parent = process.ppid
    const watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(watch)
      child.kill('SIGTERM')
    }, 500)
    watch.unref()
  }
  child.once('error', (error) => {
    say(`ks-facade: ${node} cannot be run: ${error.message}`)
    process.exit(1)
  })
  child.once('close', (code, signal) => {
    process.exit(signal ? 128 + (constants.signals[signal] ?? 0) : (code ?? 1))
  })
}

const [name, ...args] = process.argv.slice(2)
const command = name && Object.hasOwn(commands, name) ? commands[name] : undefined
if (!command) {
  say(`usage: node gateway/bootstrap.mjs ${Object.keys(commands).join(' | ')} [arguments]`)
  process.exit(2)
}
try {
  const lean = production.includes(name) && findNode() !== undefined
  await ensurePackages(!lean)
  const node = await ensureNode()
  const cwd = production.includes(name) ? process.cwd() : root
  const isServer = servers.includes(name)
  const script = [join(root, command[0]), ...command.slice(1), ...args]
  execute(
    node,
    isServer ? [...serverFlags, ...script] : script,
    cwd,
    isServer ? serverEnvironment : {},
  )
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  say(`ks-facade: ${error.message}`)
  process.exit(1)
}
