import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { parse, stringify } from 'yaml'
import type { KubeClient } from '../../gateway/kube/api.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { bearer, eventually, login } from '../e2e/http.ts'
import { ask as askGraph } from '../graphql/double.ts'
import {
  CLUSTERS,
  PASSWORD,
  SECRET,
  otherAddress,
  startTwoClusters,
  type TwoClusters,
} from '../rest/two-clusters.ts'

const API = '/kapis/cluster.kubesphere.io/v1alpha1'
const TENANT = '/kapis/tenant.kubesphere.io/v1beta1'
const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' }
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const SYSTEM = 'kubesphere-system'
const base64 = (text: string): string => Buffer.from(text).toString('base64')

interface Told {
  status: number
  text: string
}
type Conditions = { type: string; status: string; message?: string }[]
type Member = KubeObject & {
  status?: { conditions?: Conditions; uid?: string; kubeSphereVersion?: string; nodeCount?: number }
  spec: { connection: { kubernetesAPIEndpoint?: string } }
}

let two: TwoClusters
let token: string
let kube: KubeClient
let member: KubeClient

async function ask(method: string, path: string, body?: unknown): Promise<Told> {
  const response = await fetch(two.host.server.url + path, {
    method,
    headers: { ...bearer(token), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  })
  return { status: response.status, text: await response.text() }
}

const json = ({ text }: Told) => JSON.parse(text) as Record<string, never>

function draft(name: string, kubeconfig: string, type = 'direct'): KubeObject {
  return {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { provider: 'tests', connection: { type, kubeconfig: base64(kubeconfig) } },
  }
}

/** Data of a document, or the codes of its errors. */
async function graph<T>(query: string, input?: object): Promise<T> {
  const url = `${two.host.server.url}/graphql`
  const { body } = await askGraph(url, query, { token, variables: { input } })
  if (body.errors) return body.errors.map(({ extensions }) => extensions['code']) as T
  return body.data as T
}

const write = (field: string, type: string, fields: string): string =>
  `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`

const readyOf = (cluster: Member) =>
  cluster.status?.conditions?.find(({ type }) => type === 'Ready')?.status

const becomes = (what: string, name: string, wanted: (cluster: Member) => boolean) =>
  eventually(what, () => kube.get<Member>(CLUSTERS, name), wanted)

const gone = (name: string) =>
  eventually(
    `${name} is gone`,
    async () => (await kube.list(CLUSTERS, {})).items.map(({ metadata }) => metadata.name),
    (names) => !names.includes(name),
  )

const marks = async () =>
  (await member.get(NAMESPACES, SYSTEM)).metadata.annotations?.[
    'cluster.kubesphere.io/host-cluster'
  ]

/** Everything that a client does with the cluster `name` through the host. */
async function used(name: string): Promise<void> {
  const maps = `/clusters/${name}/api/v1/namespaces/default/configmaps`
  const watch = await fetch(
    `${two.host.server.url}${maps}?watch=true&fieldSelector=metadata.name%3D${name}`,
    {
      headers: bearer(token),
      signal: AbortSignal.timeout(30_000),
    },
  )
  assert.equal(watch.status, 200)
  const made = await ask('POST', maps, { metadata: { name }, data: { of: name } })
  assert.equal(made.status, 201, made.text)
  const stored = await member.get<KubeObject & { data: object }>(CONFIG_MAPS, name, {
    namespace: 'default',
  })
  assert.deepEqual(stored.data, { of: name }, 'it was written on the member')
  let seen = ''
  for await (const chunk of watch.body ?? []) {
    seen += Buffer.from(chunk).toString()
    if (seen.includes('\n')) break
  }
  const event = JSON.parse(seen.split('\n')[0] ?? '') as { type: string; object: KubeObject }
  assert.deepEqual([event.type, event.object.metadata.name], ['ADDED', name])
  const list = await ask('GET', maps)
  assert.match(list.text, new RegExp(`"name": ?"${name}"`))
  const listed = await ask('GET', `/clusters/${name}${TENANT}/workspaces`)
  assert.equal(listed.status, 200, listed.text)
  assert.equal((await ask('DELETE', `${maps}/${name}`)).status, 200)
}

if (!otherAddress()) {
  console.log('left out: kube-apiserver proxies to no loopback address, and there is no other')
} else {
  before(async () => {
    two = await startTwoClusters({ joined: false })
    token = await login(two.host.server.url, 'admin', PASSWORD)
    kube = two.host.app.clusters.host.client
    member = two.member.app.clusters.host.client
  })
  after(() => two?.[Symbol.asyncDispose]())

  describe('a cluster that is to be joined', () => {
    const refusals: [what: string, cluster: () => object, message: RegExp][] = [
      ['one of type proxy', () => draft('far', 'x', 'proxy'), /connection type MUST be direct/],
      ['no kubeconfig', () => draft('far', ''), /cluster kubeconfig MUST NOT be empty/],
      ['text that is no kubeconfig', () => draft('far', 'nonsense'), /cannot unmarshal string/],
      [
        'files of this machine',
        () => {
          const config = parse(two.memberPlane.kubeconfig) as { clusters: { cluster: object }[] }
          for (const { cluster } of config.clusters)
            Object.assign(cluster, { 'certificate-authority': '/etc/passwd' })
          return draft('far', stringify(config))
        },
        /files, commands and auth providers are refused/,
      ],
      [
        'nobody who answers',
        () =>
          draft(
            'far',
            two.memberPlane.kubeconfig.replaceAll(two.memberPlane.server, 'https://127.0.0.1:1'),
          ),
        /./,
      ],
      [
        'the host itself',
        () => draft('far', hostKubeconfig),
        /^cluster far already exists \(host\), MUST not import the same cluster twice/,
      ],
    ]
    let hostKubeconfig = ''
    before(async () => {
      hostKubeconfig = await readFile(two.host.app.config.kubernetes.kubeconfig, 'utf8')
    })
    for (const [what, cluster, message] of refusals) {
      test(`is refused with 400: ${what}`, async () => {
        const { status, text } = await ask('POST', `${API}/clusters/validation`, cluster())
        assert.equal(status, 400, text)
        assert.match(text, message)
      })
    }

    test('is refused while another host has it', async () => {
      const mark = (host: string | null) =>
        member.patch(
          NAMESPACES,
          SYSTEM,
          { metadata: { annotations: { 'cluster.kubesphere.io/host-cluster': host } } },
          { type: 'merge' },
        )
      await mark('elsewhere')
      const cluster = draft('far', two.memberPlane.kubeconfig)
      const { status, text } = await ask('POST', `${API}/clusters/validation`, cluster)
      await mark(null)
      assert.deepEqual(
        [status, text],
        [400, "current cluster is managed by another host cluster 'elsewhere'\n"],
      )
    })
  })

  describe('a second control plane by REST', { concurrency: false }, () => {
    let label = ''

    test('is validated, joined, becomes Ready and is marked as ours', async () => {
      const cluster = draft('far', two.memberPlane.kubeconfig)
      cluster.metadata.annotations = { 'kubesphere.io/creator': 'admin' }
      const checked = await ask('POST', `${API}/clusters/validation`, cluster)
      assert.deepEqual([checked.status, checked.text], [200, ''])
      const made = await ask('POST', `${API}/clusters`, cluster)
      assert.equal(made.status, 200, made.text)
      const far = await becomes('far is Ready', 'far', (one) => readyOf(one) === 'True')
      assert.equal(far.spec.connection.kubernetesAPIEndpoint, two.memberPlane.server)
      assert.equal(far.status?.kubeSphereVersion, 'v4.1.3')
      assert.equal(far.status?.nodeCount, 1)
      assert.equal(await marks(), 'host')
      const bindings = {
        group: 'iam.kubesphere.io',
        version: 'v1beta1',
        resource: 'clusterrolebindings',
      }
      assert.ok(await member.get(bindings, 'admin-cluster-admin'))
    })

    test('is used through the host: lists, writes, watch', () => used('far'))

    test('is labelled, found by its label, and loses it at once', async () => {
      const made = await ask('POST', `${API}/labels`, [{ key: 'env', value: 'prod' }])
      assert.equal(made.status, 200, made.text)
      label = (JSON.parse(made.text) as KubeObject[])[0]?.metadata.name ?? ''
      const bound = await ask('POST', `${API}/labelbindings`, {
        labels: [label],
        clusters: ['far', 'no-such'],
      })
      assert.deepEqual([bound.status, bound.text], [200, ''])
      const mark = `label.cluster.kubesphere.io/${label}`
      await becomes('far is labelled', 'far', ({ metadata }) => metadata.labels?.[mark] === '')
      const query = `/kapis/resources.kubesphere.io/v1alpha3/clusters?labelSelector=${encodeURIComponent(mark)}`
      const { items } = json(await ask('GET', query)) as unknown as { items: KubeObject[] }
      assert.deepEqual(
        items.map(({ metadata }) => metadata.name),
        ['far'],
      )
      const labels = { group: 'cluster.kubesphere.io', version: 'v1alpha1', resource: 'labels' }
      await eventually(
        'a cluster that does not exist leaves the label',
        async () => (await kube.get(labels, label))['spec'] as { clusters?: string[] },
        ({ clusters }) => clusters?.length === 1,
      )
      const unbound = await ask('PUT', `${API}/labels/${label}?action=unbind`, {
        clusters: ['far'],
      })
      assert.equal(unbound.status, 200, unbound.text)
      const { metadata } = await kube.get(CLUSTERS, 'far')
      assert.equal(metadata.labels?.[mark], undefined)
    })

    test('a label that is deleted takes its marks along', async () => {
      await ask('POST', `${API}/labelbindings`, { labels: [label], clusters: ['far'] })
      const mark = `label.cluster.kubesphere.io/${label}`
      await becomes('far is labelled', 'far', ({ metadata }) => metadata.labels?.[mark] === '')
      assert.equal((await ask('DELETE', `${API}/labels`, [label])).status, 200)
      await becomes('the mark is off', 'far', ({ metadata }) => !metadata.labels?.[mark])
      await eventually(
        'no label is left',
        () => ask('GET', `${API}/labels`),
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
      const made = await ask('POST', `${TENANT}/workspacetemplates`, template)
      assert.equal(made.status, 200, made.text)
      const placed = async () => {
        const { spec } = json(await ask('GET', `${TENANT}/workspacetemplates/crew`)) as unknown as {
          spec: { placement: { clusters: { name: string }[] } }
        }
        return spec.placement.clusters.map(({ name }) => name).toSorted()
      }
      const grants = `${API}/clusters/far/grantrequests`
      const wrong = await ask('POST', grants, [{ op: 'give', workspace: 'crew' }])
      assert.deepEqual([wrong.status, wrong.text], [400, 'not support operation type\n'])
      assert.equal((await ask('POST', grants, [{ op: 'add', workspace: 'crew' }])).status, 200)
      assert.deepEqual(await placed(), ['far', 'host'])
      assert.equal((await ask('POST', grants, [{ op: 'remove', workspace: 'crew' }])).status, 200)
      assert.deepEqual(await placed(), ['host'])
      assert.equal((await ask('POST', grants, [{ op: 'add', workspace: 'crew' }])).status, 200)
    })

    test('lets the accounts of a workspace in that is placed on it, and nobody else', async () => {
      const IAM = '/kapis/iam.kubesphere.io/v1beta1'
      const seen = async (user: string) => {
        const as = await login(two.host.server.url, user, PASSWORD)
        const path = `/clusters/far/kapis/resources.kubesphere.io/v1alpha3/namespaces/hull/configmaps`
        const response = await fetch(two.host.server.url + path, { headers: bearer(as) })
        await response.arrayBuffer()
        return response.status
      }
      for (const name of ['ann', 'ben']) {
        const made = await ask('POST', `${IAM}/users`, {
          apiVersion: 'iam.kubesphere.io/v1beta1',
          kind: 'User',
          metadata: { name, annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' } },
          spec: { email: `${name}@example.com`, password: PASSWORD },
        })
        assert.equal(made.status, 200, made.text)
      }
      await ask('POST', `${IAM}/workspaces/crew/workspacemembers`, [
        { username: 'ann', roleRef: 'crew-admin' },
      ])
      const workspaces = {
        group: 'tenant.kubesphere.io',
        version: 'v1beta1',
        resource: 'workspaces',
      }
      const names = async () =>
        (await member.list(workspaces, {})).items.map(({ metadata }) => metadata.name)
      await eventually('the workspace is on the member', names, (found) => found.includes('crew'))
      await member.create(NAMESPACES, {
        metadata: { name: 'hull', labels: { 'kubesphere.io/workspace': 'crew' } },
      })
      await eventually(
        'ann is let in',
        () => seen('ann'),
        (status) => status === 200,
      )
      assert.equal(await seen('ben'), 403)
      await ask('DELETE', `${IAM}/workspaces/crew/workspacemembers/ann`)
      await eventually(
        'ann is out',
        () => seen('ann'),
        (status) => status === 403,
      )
    })

    test('gets another kubeconfig, if it is one of the same cluster and platform', async () => {
      const path = `${API}/clusters/far/kubeconfig`
      const put = (text: string) => ask('PUT', path, { kubeconfig: base64(text) })
      const settings = (issuer: object) => ({
        metadata: { name: 'kubesphere-config' },
        data: { 'kubesphere.yaml': stringify(issuer) },
      })
      const at = { namespace: SYSTEM }
      const missing = await put(two.memberPlane.kubeconfig)
      assert.deepEqual([missing.status, /kubesphere-config/.test(missing.text)], [400, true])
      await member.create(CONFIG_MAPS, settings({}), at)
      const refused = await put(two.memberPlane.kubeconfig)
      assert.equal(refused.status, 400)
      assert.match(refused.text, /hostcluster Jwt is not equal to member cluster jwt/)
      const same = settings({ authentication: { issuer: { jwtSecret: SECRET } } })
      await member.patch(CONFIG_MAPS, 'kubesphere-config', same, { type: 'merge', ...at })
      const done = await put(two.memberPlane.kubeconfig)
      assert.deepEqual([done.status, done.text], [200, ''])
      const host = await ask('PUT', `${API}/clusters/host/kubeconfig`, { kubeconfig: base64('x') })
      assert.deepEqual(
        [host.status, host.text],
        [400, 'update kubeconfig of the host cluster is not allowed\n'],
      )
      const none = await ask('PUT', `${API}/clusters/none/kubeconfig`, { kubeconfig: '' })
      assert.deepEqual(
        [none.status, none.text],
        [400, 'Cluster.cluster.kubesphere.io "none" not found\n'],
      )
    })

    test('one that does not answer is not Ready and says why', async () => {
      const dead = two.memberPlane.kubeconfig.replaceAll(
        two.memberPlane.server,
        'https://127.0.0.1:1',
      )
      assert.equal((await ask('POST', `${API}/clusters`, draft('dead', dead))).status, 200)
      const { status } = await becomes(
        'dead is judged',
        'dead',
        (one) => readyOf(one) !== undefined,
      )
      const condition = status?.conditions?.find(({ type }) => type === 'Ready')
      assert.equal(condition?.status, 'False')
      assert.ok(condition.message)
      assert.equal((await ask('GET', `/clusters/dead${TENANT}/workspaces`)).status, 503)
      assert.equal((await ask('DELETE', `${API}/clusters/dead`)).status, 200)
      await gone('dead')
    })

    test('is removed: no workspace keeps it, and it may be joined again', async () => {
      assert.equal((await ask('DELETE', `${API}/clusters/far`)).status, 200)
      await gone('far')
      assert.equal(await marks(), undefined)
      const { text } = await ask('GET', `${TENANT}/workspacetemplates/crew`)
      assert.doesNotMatch(text, /"far"/)
      assert.equal((await ask('GET', `/clusters/far${TENANT}/workspaces`)).status, 400)
    })
  })

  describe('a second control plane by GraphQL', { concurrency: false }, () => {
    let label = ''
    const cluster = `query { cluster(name: "near") { name ready host kubeSphereVersion displayName region
      labels { key value clusterNames } conditions { type status } object { raw } } }`
    interface Shown {
      cluster: {
        ready: boolean
        kubeSphereVersion: string
        displayName: string
        labels: { key: string; value: string; clusterNames: string[] }[]
        object: { raw: { spec: { connection: object } } }
      } | null
    }
    const shown = () => graph<Shown>(cluster)

    test('is refused with what stands against it', async () => {
      const validate = write('validateCluster', 'JoinClusterInput', 'ok')
      const input = { name: 'near', kubeconfig: 'nonsense' }
      assert.deepEqual(await graph(validate, input), ['BAD_USER_INPUT'])
    })

    test('is tried, joined with a label, and becomes ready', async () => {
      const create = write(
        'createClusterLabels',
        'CreateClusterLabelsInput',
        'labels { name key value }',
      )
      const made = await graph<{ createClusterLabels: { labels: { name: string }[] } }>(create, {
        labels: [{ key: 'tier', value: 'edge' }],
      })
      label = made.createClusterLabels.labels[0]?.name ?? ''
      const input = {
        name: 'near',
        kubeconfig: two.memberPlane.kubeconfig,
        displayName: 'Near',
        clusterLabels: [label],
      }
      assert.deepEqual(await graph(write('validateCluster', 'JoinClusterInput', 'ok'), input), {
        validateCluster: { ok: true },
      })
      const join = write('joinCluster', 'JoinClusterInput', 'cluster { name ready host }')
      assert.deepEqual(await graph(join, input), {
        joinCluster: { cluster: { name: 'near', ready: false, host: false } },
      })
      const ready = await eventually('near is ready', shown, (one) => {
        return one.cluster?.ready === true && one.cluster.labels.length === 1
      })
      assert.equal(ready.cluster?.displayName, 'Near')
      assert.equal(ready.cluster?.kubeSphereVersion, 'v4.1.3')
      assert.deepEqual(ready.cluster?.labels, [
        { key: 'tier', value: 'edge', clusterNames: ['near'] },
      ])
      assert.doesNotMatch(JSON.stringify(ready), /client-key|"kubeconfig":/)
      assert.deepEqual(await graph(join, { ...input, name: 'twice' }), ['BAD_USER_INPUT'])
    })

    test('is used through the host', () => used('near'))

    test('is granted to a workspace', async () => {
      const grant = write('grantCluster', 'GrantClusterInput', 'cluster { name }')
      await graph(grant, { name: 'near', add: ['crew'] })
      const query = 'query { workspace(name: "crew") { clusters { name } } }'
      const { workspace } = await graph<{ workspace: { clusters: { name: string }[] } }>(query)
      assert.ok(workspace.clusters.some(({ name }) => name === 'near'))
      await graph(grant, { name: 'near', remove: ['crew'] })
    })

    test('gets another kubeconfig, and no one else’s', async () => {
      const update = write('updateClusterKubeconfig', 'UpdateKubeconfigInput', 'cluster { name }')
      const kubeconfig = two.memberPlane.kubeconfig
      assert.deepEqual(await graph(update, { name: 'near', kubeconfig }), {
        updateClusterKubeconfig: { cluster: { name: 'near' } },
      })
      assert.deepEqual(await graph(update, { name: 'host', kubeconfig }), ['BAD_USER_INPUT'])
      assert.deepEqual(await graph(update, { name: 'none', kubeconfig }), ['NOT_FOUND'])
    })

    test('is unlabelled, and the label goes', async () => {
      const unlabel = write('unlabelClusters', 'LabelClustersInput', 'labels { name clusterNames }')
      assert.deepEqual(await graph(unlabel, { labels: [label], clusters: ['near'] }), {
        unlabelClusters: { labels: [{ name: label, clusterNames: [] }] },
      })
      const bind = write('labelClusters', 'LabelClustersInput', 'labels { clusterNames }')
      assert.deepEqual(await graph(bind, { labels: [label], clusters: ['near'] }), {
        labelClusters: { labels: [{ clusterNames: ['near'] }] },
      })
      const rename = write('updateClusterLabel', 'UpdateClusterLabelInput', 'labels { key value }')
      assert.deepEqual(await graph(rename, { name: label, key: 'tier', value: 'core' }), {
        updateClusterLabel: { labels: [{ key: 'tier', value: 'core' }] },
      })
      const drop = write('deleteClusterLabels', 'DeleteClusterLabelsInput', 'names')
      assert.deepEqual(await graph(drop, { names: [label] }), {
        deleteClusterLabels: { names: [label] },
      })
      await eventually('near has no label', shown, (one) => one.cluster?.labels.length === 0)
    })

    test('is removed; the host is not', async () => {
      const remove = write('removeCluster', 'ClusterInput', 'name')
      assert.deepEqual(await graph(remove, { name: 'host' }), ['BAD_USER_INPUT'])
      assert.deepEqual(await graph(remove, { name: 'near' }), { removeCluster: { name: 'near' } })
      await gone('near')
      assert.deepEqual(await shown(), { cluster: null })
      assert.equal(await marks(), undefined)
    })
  })
}
