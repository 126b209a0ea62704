import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { stringify } from 'yaml'
import type { Plane } from '../../gateway/embedded/index.ts'
import { ensureKubectl } from '../env/kubectl.ts'
import { startTestPlane } from '../env/plane.ts'
import { run } from '../env/run.ts'
import { eventually } from '../terminal/stage.ts'
import { ksCore } from './ks-core.ts'
import { deployFolder, objectsOf } from './support.ts'

interface Deployment {
  spec: {
    replicas: number
    selector: { matchLabels: Record<string, string> }
    template: {
      metadata: { labels: Record<string, string> }
      spec: {
        serviceAccountName: string
        containers: {
          name: string
          image: string
          command: string[]
          env: { name: string }[]
          volumeMounts: { name: string; mountPath: string }[]
          livenessProbe: { httpGet: { path: string; port: number } }
          readinessProbe?: { httpGet: { scheme: string } }
        }[]
        volumes: { name: string }[]
      }
    }
  }
}

const kubectl = await ensureKubectl()

if (kubectl)
  describe('the overlay of an existing ks-core', () => {
    let plane: Plane
    let folder: string
    const ask = (...args: string[]) =>
      run(kubectl, ['--kubeconfig', plane.kubeconfigPath, '-n', 'kubesphere-system', ...args])
    const deployment = async () =>
      JSON.parse(await ask('get', 'deployment', 'ks-apiserver', '-o', 'json')) as Deployment
    const install = () =>
      ask('apply', '--server-side', '--force-conflicts', '--field-manager=helm', '-f', original())
    const original = () => join(folder, 'ks-core.yaml')
    const swap = async (overlay: string) => {
      const rendered = await run(kubectl, ['kustomize', join(deployFolder, 'kustomize', overlay)])
      // The platform's own kinds are not in this bare cluster.
      const known = objectsOf(rendered).filter(({ kind }) => kind !== 'RoleTemplate')
      const file = join(folder, `${overlay}.yaml`)
      await writeFile(file, known.map((object) => stringify(object)).join('---\n'))
      const how = ['--server-side', '--force-conflicts', '--field-manager=ks-facade']
      await ask('apply', ...how, '--validate=strict', '-f', file)
    }

    before(async () => {
      plane = await startTestPlane({ nodes: 0 })
      folder = await mkdtemp(join(tmpdir(), 'overlay-'))
      await writeFile(
        original(),
        ksCore()
          .map((object) => stringify(object))
          .join('---\n'),
      )
      await ask('create', 'namespace', 'kubesphere-system')
    })
    after(async () => {
      await plane?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    })

    it('changes the program and nothing that it stands on', async () => {
      await install()
      // The state to go back to has to be known to the controllers.
      await eventually(async () =>
        /^1 /m.test(await ask('rollout', 'history', 'deploy/ks-apiserver')),
      )
      const { spec: old } = await deployment()
      await swap('ks-core')
      const { spec } = await deployment()
      const [container] = spec.template.spec.containers
      const [before] = old.template.spec.containers
      assert.match(container?.image ?? '', /^ks-facade:/)
      assert.equal(spec.template.spec.containers.length, 1)
      assert.equal(spec.replicas, old.replicas)
      assert.deepEqual(spec.selector, old.selector)
      assert.deepEqual(spec.template.metadata.labels, old.template.metadata.labels)
      assert.equal(spec.template.spec.serviceAccountName, 'kubesphere')
      // The image has a command of that name, which takes its flags.
      assert.deepEqual(container?.command, before?.command)
      assert.deepEqual(container?.livenessProbe, before?.livenessProbe)
      const names = container?.env.map(({ name }) => name)
      assert.ok(names?.includes('KUBESPHERE_CACHE_OPTIONS_PASSWORD'))
      for (const mount of before?.volumeMounts ?? [])
        assert.ok(container?.volumeMounts.some(({ mountPath }) => mountPath === mount.mountPath))
      const service = JSON.parse(await ask('get', 'service', 'ks-apiserver', '-o', 'json')) as {
        spec: { selector: Record<string, string>; ports: { targetPort: number }[] }
      }
      for (const [key, value] of Object.entries(service.spec.selector))
        assert.equal(spec.template.metadata.labels[key], value)
      assert.equal(service.spec.ports[0]?.targetPort, before?.livenessProbe.httpGet.port)
    })

    it('is asked over TLS where ks-core serves it, sends traces, and scales where it shares its logins', async () => {
      await swap('ks-core-tls')
      const { spec } = await deployment()
      assert.equal(spec.template.spec.containers[0]?.readinessProbe?.httpGet.scheme, 'HTTPS')
      await swap('ks-core-traced')
      const traced = await deployment()
      const [container] = traced.spec.template.spec.containers
      assert.ok(container?.env.some(({ name }) => name === 'OTEL_EXPORTER_OTLP_HEADERS'))
      await swap('ks-core-scaled')
      await ask('get', 'poddisruptionbudget', 'ks-apiserver')
      await ask('get', 'horizontalpodautoscaler', 'ks-apiserver')
    })

    it('is undone by what docs/operate.md says', async () => {
      await ask('delete', '--ignore-not-found', 'hpa,pdb', 'ks-apiserver')
      await ask('delete', '--ignore-not-found', 'networkpolicy', 'ks-facade')
      await ask('rollout', 'undo', 'deployment/ks-apiserver', '--to-revision=1')
      const { spec } = await deployment()
      const [container] = spec.template.spec.containers
      assert.equal(container?.image, 'kubesphere/ks-apiserver:v4.1.3')
      assert.equal(container?.readinessProbe, undefined)
      assert.deepEqual(
        spec.template.spec.volumes.map(({ name }) => name),
        ['kubesphere-config', 'host-time'],
      )
    })
  })
