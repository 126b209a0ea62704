import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { ComponentError } from '../../gateway/embedded/index.ts'
import { startTestPlane, usePlane } from '../env/plane.ts'
import { ApiClient, isRunning, type Pod } from './client.ts'
import { processesWith, untilGone } from './processes.ts'

const core = ['etcd', 'kube-apiserver'] as const

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ks-facade-test-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Code of a process that holds a plane in the folder given, says its kubeconfig's path, and waits to be killed. */
const parent = `
import { startTestPlane } from ${JSON.stringify(resolve(import.meta.dirname, '../env/plane.ts'))}
const dataDir = process.argv[1]
const plane = await startTestPlane(dataDir ? { dataDir } : {})
console.log(plane.kubeconfigPath)
setInterval(() => undefined, 60_000)
`

/** Starts that process and resolves, once its plane is ready, with the process and the kubeconfig's path. */
async function startParent(t: TestContext, ...args: string[]) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', parent, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const [kubeconfigPath] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { child, kubeconfigPath }
}

test('a plane whose process is killed leaves no process and no temporary folder', async (t) => {
  const { child, kubeconfigPath } = await startParent(t)
  const dir = dirname(kubeconfigPath)
  using api = new ApiClient(await readFile(kubeconfigPath, 'utf8'))
  await api.runPod('left', {
    containers: [
      {
        name: 'main',
        image: 'none',
        command: ['sh', '-c', 'trap "" TERM; setsid sleep 1000 & while :; do sleep 1; done'],
      },
    ],
  })
  // Five components and the tree of the pod.
  while ((await processesWith(dir)).length < 7) await delay(50)
  child.kill('SIGKILL')
  await untilGone(dir)
  while (existsSync(dir)) await delay(100)
})

test('a data folder keeps the objects, and pods run again, also after the process was killed', async (t) => {
  const dir = await folder(t)
  const { child, kubeconfigPath } = await startParent(t, dir)
  assert.equal(kubeconfigPath, join(dir, 'kubeconfig'))
  using first = new ApiClient(await readFile(kubeconfigPath, 'utf8'))
  const command = ['sh', '-c', 'trap "exit 0" TERM; echo run; while :; do sleep 1; done']
  const spec = { containers: [{ name: 'main', image: 'none', command }] }
  const pod = await first.runPod('kept', spec)
  const path = '/api/v1/namespaces/default/pods/kept'
  const hasRun = (log: string) => log === 'run\n'
  await first.untilText(`${path}/log`, hasRun)

  await assert.rejects(startTestPlane({ dataDir: dir }), (error: Error) => {
    assert.match(
      error.message,
      new RegExp(`^another control plane uses ${dir} \\(process ${child.pid}\\)$`),
    )
    return true
  })
  child.kill('SIGKILL')
  await untilGone(dir)

  const plane = await usePlane(t, { dataDir: dir })
  using api = new ApiClient(plane.kubeconfig)
  const again = await api.until<Pod>(
    path,
    (now) => isRunning(now) && now.status.containerStatuses?.[0]?.restartCount === 1,
  )
  assert.equal(again.metadata.uid, pod.metadata.uid)
  await api.untilText(`${path}/log`, hasRun)
  assert.match((await api.call('GET', `${path}/log?previous=true`)).text, /^run$/m)
  assert.equal((await api.exec('kept', ['cat'], 'back')).out, 'back')
})

test('two planes run side by side and know nothing of each other; each takes its folder along', async () => {
  const planes = await Promise.all([1, 2].map(() => startTestPlane({ components: core })))
  const [one, two] = planes
  assert.ok(one && two)
  assert.notEqual(one.server, two.server)
  using left = new ApiClient(one.kubeconfig)
  using right = new ApiClient(two.kubeconfig)
  await left.create('/api/v1/namespaces', { metadata: { name: 'only-left' } })
  assert.equal((await left.call('GET', '/api/v1/namespaces/only-left')).status, 200)
  assert.equal((await right.call('GET', '/api/v1/namespaces/only-left')).status, 404)

  two.pause('kube-apiserver')
  const silent = right.call('GET', '/version')
  assert.equal(await Promise.race([silent, delay(300, 'silent')]), 'silent')
  two.resume('kube-apiserver')
  assert.equal((await silent).status, 200)

  await Promise.all(planes.map((plane) => plane[Symbol.asyncDispose]()))
  for (const { dir } of planes) {
    assert.deepEqual(await processesWith(dir), [])
    assert.ok(!existsSync(dir))
  }
})

test('an abort during the start stops what was started', async () => {
  const stop = new AbortController()
  const before = await processesWith('ks-facade-plane-')
  const starting = startTestPlane({ components: core, signal: stop.signal })
  await delay(700)
  stop.abort(new Error('enough'))
  await assert.rejects(starting, /enough/)
  const left = (await processesWith('ks-facade-plane-')).filter((pid) => !before.includes(pid))
  const mine = []
  for (const pid of left) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    if (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] === String(process.pid)) mine.push(pid)
  }
  assert.deepEqual(mine, [])
})

test('a port that is taken, and a component that does not come up, are said plainly', async (t) => {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  await assert.rejects(
    startTestPlane({ components: core, port }),
    new RegExp(`port ${port} of 127.0.0.1 cannot be used \\(EADDRINUSE\\)`),
  )
  const dir = await folder(t)
  await writeFile(join(dir, 'etcd'), 'not a folder')
  await assert.rejects(startTestPlane({ components: core, dataDir: dir }), (error: Error) => {
    assert.ok(error instanceof ComponentError, String(error))
    assert.match(error.message, /^etcd ended with exit code 1; the end of .*etcd\.log:\n.+/s)
    return true
  })
})
