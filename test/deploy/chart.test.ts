import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Plane } from '../../gateway/embedded/index.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { ensureHelm, ensureKubectl } from '../env/kubectl.ts'
import { startTestPlane } from '../env/plane.ts'
import { run, runAny } from '../env/run.ts'
import { chart, objectsOf, render } from './support.ts'

interface PodSpec {
  securityContext: Record<string, unknown>
  containers: {
    name: string
    args?: string[]
    env?: { name: string }[]
    securityContext: Record<string, unknown>
    volumeMounts: { name: string; mountPath: string }[]
    readinessProbe: { httpGet: { path: string; scheme: string } }
  }[]
  volumes: { name: string; configMap?: { name: string }; secret?: { secretName: string } }[]
}

const podOf = (objects: KubeObject[]) => {
  const deployment = objects.find(({ kind }) => kind === 'Deployment')
  const spec = deployment?.['spec'] as {
    replicas?: number
    template: { metadata: { labels: Record<string, string> }; spec: PodSpec }
  }
  return { ...spec.template, replicas: spec.replicas }
}

const everything = {
  sharedCache: true,
  serveKsApiserver: true,
  autoscaling: { enabled: true },
  serviceAccount: { name: 'ks-facade', create: true },
  config: { content: { cache: { type: 'redis', options: { host: 'redis' } } } },
  redis: { existingSecret: 'redis-secret' },
  tls: { enabled: true },
  tracing: { endpoint: 'http://collector:4318', headersSecret: 'collector' },
}

const available = (await ensureHelm()) !== undefined

if (available)
  describe('the chart', () => {
    let plane: Plane
    let folder: string
    before(async () => {
      plane = await startTestPlane({ nodes: 0 })
      folder = await mkdtemp(join(tmpdir(), 'chart-'))
    })
    after(async () => {
      await plane?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    })

    /** Sends rendered objects to the API server, which checks them strictly and stores nothing. */
    async function accepted(rendered: string): Promise<string> {
      const kubectl = (await ensureKubectl()) ?? ''
      const flags = ['--kubeconfig', plane.kubeconfigPath]
      await runAny(kubectl, [...flags, 'create', 'namespace', 'kubesphere-system'])
      const file = join(folder, 'rendered.yaml')
      await writeFile(file, rendered)
      const how = ['--server-side', '--dry-run=server', '--validate=strict']
      return run(kubectl, [...flags, '-n', 'kubesphere-system', 'apply', ...how, '-f', file])
    }

    it('passes Helm’s own checks', async () => {
      await run((await ensureHelm()) ?? '', ['lint', '--strict', chart])
    })

    it('is accepted by an API server as it comes, and with all that it has', async () => {
      assert.match(await accepted(await render()), /deployment.apps\/ks-facade serverside-applied/)
      const output = await accepted(await render(everything))
      for (const kind of [
        'serviceaccount',
        'secret',
        'clusterrolebinding.rbac.authorization.k8s.io',
        'service',
        'deployment.apps',
        'horizontalpodautoscaler.autoscaling',
        'networkpolicy.networking.k8s.io',
        'poddisruptionbudget.policy',
      ])
        assert.match(output, new RegExp(`^${kind.replaceAll('.', '\\.')}/`, 'm'))
    })

    it('runs as nobody in particular, on a root that cannot be written', async () => {
      const { spec } = podOf(objectsOf(await render()))
      assert.equal(spec.securityContext['runAsNonRoot'], true)
      for (const { securityContext } of spec.containers) {
        assert.equal(securityContext['readOnlyRootFilesystem'], true)
        assert.equal(securityContext['allowPrivilegeEscalation'], false)
        assert.deepEqual(securityContext['capabilities'], { drop: ['ALL'] })
      }
    })

    it('takes configuration, account and password from ks-core', async () => {
      const redis = { existingSecret: 'redis-secret' }
      const { spec } = podOf(objectsOf(await render({ redis })))
      assert.equal(
        (spec as unknown as { serviceAccountName: string }).serviceAccountName,
        'kubesphere',
      )
      assert.equal(spec.volumes[0]?.configMap?.name, 'kubesphere-config')
      assert.equal(spec.containers[0]?.volumeMounts[0]?.mountPath, '/etc/kubesphere')
      const names = spec.containers[0]?.env?.map(({ name }) => name)
      assert.ok(names?.includes('KUBESPHERE_CACHE_OPTIONS_PASSWORD'))
    })

    it('serves TLS and is asked over it once it is told to', async () => {
      const [container] = podOf(objectsOf(await render({ tls: { enabled: true } }))).spec.containers
      assert.ok(container?.args?.includes('--secure-port=9090'))
      assert.equal(container?.readinessProbe.httpGet.scheme, 'HTTPS')
    })

    it('sends traces where it is told to, with headers out of a Secret', async () => {
      const silent = podOf(objectsOf(await render())).spec.containers[0]
      assert.ok(!silent?.args?.some((flag) => flag.startsWith('--tracing')))
      const tracing = { endpoint: 'http://collector:4318', sampleRatio: 0.5, headersSecret: 'keys' }
      const [container] = podOf(objectsOf(await render({ tracing }))).spec.containers
      assert.deepEqual(container?.args?.slice(-2), [
        '--tracing-endpoint=http://collector:4318',
        '--tracing-sample-ratio=0.5',
      ])
      const headers = container.env?.find(({ name }) => name === 'OTEL_EXPORTER_OTLP_HEADERS')
      assert.ok(headers && 'valueFrom' in headers)
      await assert.rejects(render({ tracing: { sampleRatio: 2 } }), /sampleRatio/)
    })

    it('takes requests in as many threads as it is told to', async () => {
      const flags = async (threads: number) =>
        podOf(objectsOf(await render({ threads }))).spec.containers[0]?.args ?? []
      assert.ok((await flags(2)).includes('--threads=2'))
      assert.ok(!(await flags(0)).some((flag) => flag.startsWith('--threads')))
      await assert.rejects(render({ threads: 65 }), /threads/)
    })

    it('takes requests of the Service ks-apiserver only when it is told to, and never its ReplicaSets', async () => {
      const without = podOf(objectsOf(await render())).metadata.labels
      assert.equal(without['app'], undefined)
      const shared = { serveKsApiserver: true, sharedCache: true }
      const labels = podOf(objectsOf(await render(shared))).metadata.labels
      assert.equal(labels['app'], 'ks-apiserver')
      assert.equal(labels['tier'], undefined)
    })

    it('refuses replicas that would not know each other’s logins', async () => {
      await assert.rejects(render({ replicas: 3 }), /needs cache\.type: redis/)
      await assert.rejects(render({ serveKsApiserver: true }), /must be known to both/)
      await assert.rejects(render({ replica: 3 }), /additional properties 'replica' not allowed/)
      assert.equal(podOf(objectsOf(await render({ replicas: 3, sharedCache: true }))).replicas, 3)
    })
  })
