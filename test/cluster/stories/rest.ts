import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { stringify } from 'yaml'
import type { KubeObject } from '../../../gateway/kube/types.ts'
import { bearer, eventually, login } from '../../e2e/http.ts'
import { CLUSTERS, PASSWORD, SECRET } from '../../rest/two-clusters.ts'
import {
  API,
  base64,
  CONFIG_MAPS,
  draft,
  json,
  NAMESPACES,
  readyOf,
  SYSTEM,
  TENANT,
  type JoinStage,
} from '../stage.ts'

/** A cluster is joined, used, labelled and let go by REST. */
export function byRest(here: () => JoinStage): void {
  describe('a second control plane by REST', { concurrency: false }, () => {
    let label = ''

    test('is validated, joined, becomes Ready and is marked as ours', async () => {
      const cluster = draft('far', here().kubeconfig)
      cluster.metadata.annotations = { 'kubesphere.io/creator': 'admin' }
      const checked = await here().ask('POST', `${API}/clusters/validation`, cluster)
      assert.deepEqual([checked.status, checked.text], [200, ''])
      const made = await here().ask('POST', `${API}/clusters`, cluster)
      assert.equal(made.status, 200, made.text)
      const far = await here().becomes('far is Ready', 'far', (one) => readyOf(one) === 'True')
      assert.equal(far.spec.connection.kubernetesAPIEndpoint, here().two.memberPlane.server)
      assert.equal(far.status?.kubeSphereVersion, 'v4.1.3')
      assert.equal(far.status?.nodeCount, 1)
      assert.equal(await here().mark(), 'host')
      const bindings = {
        group: 'iam.kubesphere.io',
        version: 'v1beta1',
        resource: 'clusterrolebindings',
      }
      assert.ok(await here().member.get(bindings, 'admin-cluster-admin'))
    })

    test('is used through the host: lists, writes, watch', () => here().used('far'))

    test('is labelled, found by its label, and loses it at once', async () => {
      const made = await here().ask('POST', `${API}/labels`, [{ key: 'env', value: 'prod' }])
      assert.equal(made.status, 200, made.text)
      label = (JSON.parse(made.text) as KubeObject[])[0]?.metadata.name ?? ''
      const bound = await here().ask('POST', `${API}/labelbindings`, {
        labels: [label],
        clusters: ['far', 'no-such'],
      })
      assert.deepEqual([bound.status, bound.text], [200, ''])
      const mark = `label.cluster.kubesphere.io/${label}`
      await here().becomes(
        'far is labelled',
        'far',
        ({ metadata }) => metadata.labels?.[mark] === '',
      )
      const query = `/kapis/resources.kubesphere.io/v1alpha3/clusters?labelSelector=${encodeURIComponent(mark)}`
      const { items } = json(await here().ask('GET', query)) as unknown as { items: KubeObject[] }
      assert.deepEqual(
        items.map(({ metadata }) => metadata.name),
        ['far'],
      )
      const labels = { group: 'cluster.kubesphere.io', version: 'v1alpha1', resource: 'labels' }
      await eventually(
        'a cluster that does not exist leaves the label',
        async () => (await here().known(labels, label))?.['spec'] as { clusters?: string[] },
        (spec) => spec?.clusters?.length === 1,
      )
      const unbound = await here().ask('PUT', `${API}/labels/${label}?action=unbind`, {
        clusters: ['far'],
      })
      assert.equal(unbound.status, 200, unbound.text)
      const { metadata } = await here().kube.get(CLUSTERS, 'far')
      assert.equal(metadata.labels?.[mark], undefined)
    })

    test('a label that is deleted takes its marks along', async () => {
      await here().ask('POST', `${API}/labelbindings`, { labels: [label], clusters: ['far'] })
      const mark = `label.cluster.kubesphere.io/${label}`
      await here().becomes(
        'far is labelled',
        'far',
        ({ metadata }) => metadata.labels?.[mark] === '',
      )
      assert.equal((await here().ask('DELETE', `${API}/labels`, [label])).status, 200)
      await here().becomes('the mark is off', 'far', ({ metadata }) => !metadata.labels?.[mark])
      await eventually(
        'no label is left',
        () => here().ask('GET', `${API}/labels`),
        ({ text }) => text === '{}',
      )
    })

    test('a workspace gets it and loses it by grant requests', async () => {
      const template = {
        apiVersion: 'tenant.kubesphere.io/v1beta1',
        kind: 'WorkspaceTemplate',
        metadata: { name: 'crew' },
        spec: {
          template: { metadata: {}, spec: { manager: 'admin' } },
          placement: { clusters: [{ name: 'host' }] },
        },
      }
      const made = await here().ask('POST', `${TENANT}/workspacetemplates`, template)
      assert.equal(made.status, 200, made.text)
      const placed = async () => {
        const { spec } = json(
          await here().ask('GET', `${TENANT}/workspacetemplates/crew`),
        ) as unknown as {
          spec: { placement: { clusters: { name: string }[] } }
        }
        return spec.placement.clusters.map(({ name }) => name).toSorted()
      }
      const grants = `${API}/clusters/far/grantrequests`
      const wrong = await here().ask('POST', grants, [{ op: 'give', workspace: 'crew' }])
      assert.deepEqual([wrong.status, wrong.text], [400, 'not support operation type\n'])
      assert.equal(
        (await here().ask('POST', grants, [{ op: 'add', workspace: 'crew' }])).status,
        200,
      )
      assert.deepEqual(await placed(), ['far', 'host'])
      assert.equal(
        (await here().ask('POST', grants, [{ op: 'remove', workspace: 'crew' }])).status,
        200,
      )
      assert.deepEqual(await placed(), ['host'])
      assert.equal(
        (await here().ask('POST', grants, [{ op: 'add', workspace: 'crew' }])).status,
        200,
      )
    })

    test('lets the accounts of a workspace in that is placed on it, and nobody else', async () => {
      const IAM = '/kapis/iam.kubesphere.io/v1beta1'
      const seen = async (user: string) => {
        const as = await login(here().two.host.server.url, user, PASSWORD)
        const path = `/clusters/far/kapis/resources.kubesphere.io/v1alpha3/namespaces/hull/configmaps`
        const response = await fetch(here().two.host.server.url + path, { headers: bearer(as) })
        await response.arrayBuffer()
        return response.status
      }
      for (const name of ['ann', 'ben']) {
        const made = await here().ask('POST', `${IAM}/users`, {
          apiVersion: 'iam.kubesphere.io/v1beta1',
          kind: 'User',
          metadata: { name, annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' } },
          spec: { email: `${name}@example.com`, password: PASSWORD },
        })
        assert.equal(made.status, 200, made.text)
      }
      await here().ask('POST', `${IAM}/workspaces/crew/workspacemembers`, [
        { username: 'ann', roleRef: 'crew-admin' },
      ])
      const workspaces = {
        group: 'tenant.kubesphere.io',
        version: 'v1beta1',
        resource: 'workspaces',
      }
      const names = async () =>
        (await here().member.list(workspaces, {})).items.map(({ metadata }) => metadata.name)
      await eventually('the workspace is on the member', names, (found) => found.includes('crew'))
      await here().member.create(NAMESPACES, {
        metadata: { name: 'hull', labels: { 'kubesphere.io/workspace': 'crew' } },
      })
      await eventually(
        'ann is let in',
        () => seen('ann'),
        (status) => status === 200,
      )
      assert.equal(await seen('ben'), 403)
      await here().ask('DELETE', `${IAM}/workspaces/crew/workspacemembers/ann`)
      await eventually(
        'ann is out',
        () => seen('ann'),
        (status) => status === 403,
      )
    })

    test('gets another kubeconfig, if it is one of the same cluster and platform', async () => {
      const path = `${API}/clusters/far/kubeconfig`
      const put = (text: string) => here().ask('PUT', path, { kubeconfig: base64(text) })
      const settings = (issuer: object) => ({
        metadata: { name: 'kubesphere-config' },
        data: { 'kubesphere.yaml': stringify(issuer) },
      })
      const at = { namespace: SYSTEM }
      const missing = await put(here().kubeconfig)
      assert.deepEqual([missing.status, /kubesphere-config/.test(missing.text)], [400, true])
      await here().member.create(CONFIG_MAPS, settings({}), at)
      const refused = await put(here().kubeconfig)
      assert.equal(refused.status, 400)
      assert.match(refused.text, /hostcluster Jwt is not equal to member cluster jwt/)
      const same = settings({ authentication: { issuer: { jwtSecret: SECRET } } })
      await here().member.patch(CONFIG_MAPS, 'kubesphere-config', same, { type: 'merge', ...at })
      const done = await put(here().kubeconfig)
      assert.deepEqual([done.status, done.text], [200, ''])
      const host = await here().ask('PUT', `${API}/clusters/host/kubeconfig`, {
        kubeconfig: base64('x'),
      })
      assert.deepEqual(
        [host.status, host.text],
        [400, 'update kubeconfig of the host cluster is not allowed\n'],
      )
      const none = await here().ask('PUT', `${API}/clusters/none/kubeconfig`, { kubeconfig: '' })
      assert.deepEqual(
        [none.status, none.text],
        [400, 'Cluster.cluster.kubesphere.io "none" not found\n'],
      )
    })

    test('one that does not answer is not Ready and says why', async () => {
      const dead = here().kubeconfig.replaceAll(
        here().two.memberPlane.server,
        'https://127.0.0.1:1',
      )
      assert.equal((await here().ask('POST', `${API}/clusters`, draft('dead', dead))).status, 200)
      const { status } = await here().becomes(
        'dead is judged',
        'dead',
        (one) => readyOf(one) !== undefined,
      )
      const condition = status?.conditions?.find(({ type }) => type === 'Ready')
      assert.equal(condition?.status, 'False')
      assert.ok(condition.message)
      assert.equal((await here().ask('GET', `/clusters/dead${TENANT}/workspaces`)).status, 503)
      assert.equal((await here().ask('DELETE', `${API}/clusters/dead`)).status, 200)
      await here().gone('dead')
    })

    test('is removed: no workspace keeps it, and it may be joined again', async () => {
      assert.equal((await here().ask('DELETE', `${API}/clusters/far`)).status, 200)
      await here().gone('far')
      assert.equal(await here().mark(), undefined)
      const { text } = await here().ask('GET', `${TENANT}/workspacetemplates/crew`)
      assert.doesNotMatch(text, /"far"/)
      assert.equal((await here().ask('GET', `/clusters/far${TENANT}/workspaces`)).status, 400)
    })
  })
}
