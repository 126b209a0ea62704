import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, before, it } from 'node:test'
import type { Plane } from '../../gateway/embedded/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import { createKubeClient } from '../../gateway/kube/client.ts'
import { loadKubeconfig } from '../../gateway/kube/kubeconfig.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { ask, login } from '../e2e/http.ts'
import { startTestPlane } from '../env/plane.ts'
import { onFreePort } from '../env/ports.ts'
import { run } from '../env/run.ts'
import { copied, stages } from './image/dockerfile.ts'
import { deployFolder } from './support.ts'

const root = resolve(deployFolder, '..')
const password = 'Pa55word-of-the-image'
/** With the right to: another user, and the root of the image in the place of the machine's, which cannot be written. */
const confined = process.platform === 'linux' && process.getuid?.() === 0
const confine = [
  'mount --bind "$0/image" "$0/image"',
  'for name in app etc/kubesphere dev proc tmp; do mkdir -p "$0/image/$name"; done',
  'mount --bind "$0/app" "$0/image/app"',
  'mount --bind "$0/config" "$0/image/etc/kubesphere"',
  'for path in "" /app /etc/kubesphere; do mount -o remount,bind,ro "$0/image$path"; done',
  'for name in dev proc; do mount --rbind "/$name" "$0/image/$name"; done',
  'mount -t tmpfs -o mode=1777 tmpfs "$0/image/tmp"',
  'exec setpriv --clear-groups --no-new-privs unshare --root="$0/image" --wd=/tmp --setgid=65532 --setuid=65532 "$@"',
].join('; ')

let folder: string
let plane: Plane
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ks-facade-image-'))
  plane = await startTestPlane({ components: ['etcd', 'kube-apiserver'] })
  const credentials = await loadKubeconfig({ path: plane.kubeconfigPath })
  await using client = createKubeClient({ credentials })
  const log = createLogger({ level: 'fatal' })
  await seed(client, { demo: false, adminPassword: password, log })
})
after(async () => {
  await plane[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** Does in a folder what the first stage does in its `/app`, and in its `/image`. */
async function lay(): Promise<void> {
  const [build = []] = await stages()
  for (const instruction of build) {
    const { sources, target } = copied(instruction)
    for (const source of sources) {
      const to = target.startsWith('/') ? join(folder, target) : join(folder, 'app', target)
      await cp(join(root, source), target === './' ? join(to, source) : to, { recursive: true })
    }
    if (instruction.name !== 'RUN') continue
    // The cache of npm is the machine's own here.
    const script = instruction.rest.replace(/ && npm cache clean.*$/, '')
    const here = script.replaceAll('/image', `${folder}/image`)
    const path = `PATH="${dirname(process.execPath)}:$PATH"`
    await run('sh', ['-ec', `cd "$0/app"; ${path}; ${here}`, folder])
  }
}

/** The command of the image, once it listens; `end` stops it and resolves with its exit code. */
function serve() {
  return onFreePort(async (port) => {
    const command = [`${confined ? '' : `${folder}/image`}/usr/local/bin/ks-apiserver`]
    const within = confined
      ? ['unshare', '--mount', 'sh', '-ec', confine, folder]
      : [process.execPath]
    const config = confined ? '/etc/kubesphere' : join(folder, 'config')
    const flags = [`--config=${config}/kubesphere.yaml`, '--bind-address=127.0.0.1']
    const [program, ...args] = [...within, ...command, ...flags, `--insecure-port=${port}`]
    const child = spawn(program, [...args, `--kubeconfig=${config}/kubeconfig`], {
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: confined ? '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' : process.env['PATH'],
        HOME: '/tmp',
        NODE_ENV: 'production',
        NODE_NO_WARNINGS: '1',
        ...(confined ? {} : { KS_FACADE_MAIN: join(folder, 'app/gateway/server/main.ts') }),
      },
    })
    const ended = once(child, 'close') as Promise<[number | null]>
    const listening = Promise.withResolvers<void>()
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('listening on')) listening.resolve()
      })
    }
    void ended.then(([code]) => listening.reject(new Error(`it ended with ${code}:\n${said}`)))
    await listening.promise
    const url = `http://127.0.0.1:${port}`
    const end = async () => {
      child.kill('SIGTERM')
      return (await ended)[0]
    }
    return { url, end }
  })
}

it('the files of the image suffice, for somebody who may only read them', async () => {
  for (const name of ['app', 'config']) await mkdir(join(folder, name))
  await lay()
  for (const path of ['', 'app', 'config', 'image', 'image/usr/local/bin/ks-apiserver'])
    await chmod(join(folder, path), 0o755)
  await writeFile(join(folder, 'config/kubeconfig'), plane.kubeconfig, { mode: 0o644 })
  const settings = [
    'authentication: { issuer: { jwtSecret: secret-of-this-test } }',
    'authorization: { mode: AlwaysAllow }',
  ]
  await writeFile(join(folder, 'config/kubesphere.yaml'), `${settings.join('\n')}\n`)
  const { url, end } = await serve()
  try {
    // The pages are bundled out of packages at the first visit.
    for (const path of ['/healthz', '/graphql/assets/client.js', '/explorer/assets/client.js']) {
      const { status, text } = await ask(url + path)
      assert.equal(status, 200, `${path}: ${text.slice(0, 500)}`)
    }
    const body = JSON.stringify({ query: '{ __typename }' })
    const headers = { 'content-type': 'application/json' }
    const answer = await ask(`${url}/graphql`, { method: 'POST', headers, body })
    assert.match(answer.text, /Query/)
    // By a native package, which needs libraries of its own.
    await login(url, 'admin', password)
  } finally {
    assert.equal(await end(), 0)
  }
})
