import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { pino } from 'pino'
import { sweepHelpers } from '../../gateway/domain/terminal/leases.ts'
import { isNotFound } from '../../gateway/lib/errors.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { defaultConfig } from '../../gateway/config/index.ts'
import { login } from '../e2e/http.ts'
import { eventually, openTerminal, PASSWORD, startStage, type Stage } from './stage.ts'

const SYSTEM = { namespace: 'kubesphere-system' }
const PODS = { group: '', version: 'v1', resource: 'pods' }
const LEASES = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' }
const silent = pino({ level: 'silent' })

describe('helper pods of terminals', () => {
  let stage: Stage
  let recordings: string
  before(async () => {
    recordings = await mkdtemp(join(tmpdir(), 'ks-facade-casts-'))
    stage = await startStage({ recordingPath: recordings })
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
    await rm(recordings, { recursive: true, force: true })
  })
  const sweep = (later: number) =>
    sweepHelpers(stage.kube, Date.now() + later, silent, new AbortController().signal)
  const gone = async (gvr: typeof PODS, name: string) => {
    try {
      await stage.kube.get(gvr, name, SYSTEM)
      return false
    } catch (error) {
      return isNotFound(error)
    }
  }

  it('give every user a kubectl of their own, shared by their sessions, as long as one is open', async () => {
    const name = 'ks-managed-kubectl-admin'
    const [first, second] = await Promise.all([
      // The name in the path is not looked at.
      openTerminal(stage.url, '/users/somebody/kubectl', stage.admin),
      openTerminal(stage.url, '/users/admin/kubectl', stage.admin),
    ])
    first.type('echo ki""nd\r')
    second.type('echo ki""nd\r')
    await Promise.all([first.sees(/\rkind/), second.sees(/\rkind/)])
    const pod = await stage.kube.get<KubeObject & { spec: Record<string, object[]> }>(
      PODS,
      name,
      SYSTEM,
    )
    assert.equal(pod.metadata.labels, undefined)
    assert.equal(pod.metadata.ownerReferences, undefined)
    const { containers, volumes } = pod.spec
    const [container] = containers as { name: string; image: string; volumeMounts: object[] }[]
    assert.equal(container?.name, 'kubectl')
    assert.equal(container?.image, 'kubesphere/kubectl:v1.27.4')
    assert.ok(
      JSON.stringify(volumes).includes('"secret":{"secretName":"kubeconfig-admin"'),
      JSON.stringify(volumes),
    )
    const lease = await stage.kube.get<KubeObject>(LEASES, name, SYSTEM)
    assert.deepEqual(lease.metadata.labels, {
      'kubesphere.io/kubectl-pod': '',
      'kubesphere.io/managed': 'true',
    })
    assert.equal(lease.metadata.ownerReferences?.[0]?.uid, pod.metadata.uid)

    assert.ok(second.pings >= 1)
    await sweep(30_000)
    assert.equal((await stage.kube.get(PODS, name, SYSTEM)).metadata.uid, pod.metadata.uid)
    first.socket.close()
    second.socket.close()
    await Promise.all([first.closed, second.closed])
    await sweep(61_000)
    await eventually(() => gone(PODS, name))
    await eventually(() => gone(LEASES, name))
  })

  it('are made anew after they were taken away, with a lease that is theirs', async () => {
    const name = 'ks-managed-kubectl-admin'
    const first = await openTerminal(stage.url, '/users/admin/kubectl', stage.admin)
    await first.sees(/[#$] /)
    const before = await stage.kube.get(PODS, name, SYSTEM)
    await stage.kube.delete(PODS, name, { ...SYSTEM, gracePeriodSeconds: 0 })
    await first.closed
    using second = await openTerminal(stage.url, '/users/admin/kubectl', stage.admin)
    await second.sees(/[#$] /)
    const pod = await stage.kube.get(PODS, name, SYSTEM)
    assert.notEqual(pod.metadata.uid, before.metadata.uid)
    await eventually(async () => {
      if (await gone(LEASES, name)) return false
      const lease = await stage.kube.get(LEASES, name, SYSTEM)
      return lease.metadata.ownerReferences?.[0]?.uid === pod.metadata.uid
    })
  })

  it('of a process that crashed before it made a lease are found by their name', async () => {
    const spec = { containers: [{ name: 'kubectl', image: 'none' }] }
    const make = (name: string, of: object) =>
      stage.kube.create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, ...SYSTEM },
        spec: of,
      })
    await make('ks-managed-kubectl-crashed', spec)
    await make('ks-managed-kubectl-other', { containers: [{ name: 'web', image: 'none' }] })
    await sweep(60_000)
    assert.equal(await gone(PODS, 'ks-managed-kubectl-crashed'), false)
    await sweep(4 * 60_000)
    await eventually(() => gone(PODS, 'ks-managed-kubectl-crashed'))
    assert.equal(await gone(PODS, 'ks-managed-kubectl-other'), false)
  })

  it('of a process that was killed are found by their lease', async () => {
    const name = 'ks-managed-kubectl-admin'
    const change = { authentication: { issuer: { jwtSecret: 'secret-of-the-killed' } } }
    const child = fork(join(import.meta.dirname, 'server-process.ts'), [
      stage.plane.kubeconfigPath,
      JSON.stringify(change),
    ])
    const [url] = (await once(child, 'message')) as [string]
    const admin = await login(url, 'admin', PASSWORD)
    using terminal = await openTerminal(url, '/users/admin/kubectl', admin)
    await terminal.sees(/[#$] /)
    child.kill('SIGKILL')
    await terminal.closed
    assert.equal(await gone(PODS, name), false)
    await sweep(61_000)
    await eventually(() => gone(PODS, name))
  })

  it('say in the terminal what they lack', async () => {
    const nowhere = await openTerminal(stage.url, '/nodes/nowhere/exec', stage.admin)
    const close = await nowhere.closed
    assert.deepEqual(close, { code: 1011, reason: 'nodes "nowhere" not found' })
    assert.match(nowhere.text, /nodes "nowhere" not found/)
  })

  it('open a shell on a node', async () => {
    const nodes = await stage.kube.list({ group: '', version: 'v1', resource: 'nodes' })
    const node = nodes.items[0]?.metadata.name ?? ''
    const name = `${node}-shell-access`
    using terminal = await openTerminal(stage.url, `/nodes/${node}/exec`, stage.admin)
    terminal.type('echo on the no""de\r')
    const outcome = await Promise.race([terminal.sees(/on the node/), terminal.closed])
    if (!('index' in outcome)) {
      // A machine without the right to enter namespaces: the pod ends at once, and that is said.
      assert.deepEqual(outcome, { code: 1011, reason: `pod ${name} ended before it could be used` })
    }
    const pod = await stage.kube.get<KubeObject & { spec: Record<string, unknown> }>(
      PODS,
      name,
      SYSTEM,
    )
    const { nodeName, hostPID, hostNetwork, restartPolicy, containers } = pod.spec
    assert.deepEqual([nodeName, hostPID, hostNetwork, restartPolicy], [node, true, true, 'Never'])
    const [container] = containers as {
      name: string
      image: string
      command: string[]
      args: string[]
    }[]
    assert.equal(container?.name, 'nsenter')
    assert.equal(container?.image, 'alpine:3.15')
    assert.deepEqual(container?.args, ['sleep', '600'])
  })

  it('leave recordings where they are wanted: what was shown, not what was typed', async () => {
    const seen = await readdir(recordings)
    assert.ok(seen.length >= 3, String(seen.length))
    const texts = await Promise.all(seen.map((file) => readFile(join(recordings, file), 'utf8')))
    const cast = texts.find((text) => text.includes('kind'))
    assert.ok(cast)
    const lines = cast
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown)
    const { version, width, height, timestamp, title } = lines[0] as Record<string, unknown>
    assert.deepEqual([version, width, height], [2, 80, 24])
    assert.ok(Math.abs(Number(timestamp) - Date.now() / 1000) < 3600)
    assert.match(String(title), /^pods\/kubesphere-system\/ks-managed-kubectl-/)
    let last = 0
    for (const line of lines.slice(1)) {
      const [at, type, text] = line as [number, string, string]
      assert.ok(at >= last, `${at} after ${last}`)
      last = at
      assert.match(`${type} ${text}`, /^o [^]|^r \d+x\d+$/)
    }
    assert.equal((await stat(join(recordings, seen[0] ?? ''))).mode & 0o777, 0o600)
    assert.equal(defaultConfig().facade.terminal.recordingPath, '')
  })
})
