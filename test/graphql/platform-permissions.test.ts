import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { project, TENANT, workspace, type Answer, type Caller } from '../iam/world.ts'
import { startGraphWorld, type GraphWorld } from './graph.ts'
import { people, settle, type Standing } from './people.ts'

/** The same question to both faces, about what is not there, so that nothing changes whoever asks. */
interface Row {
  readonly what: string
  readonly rest: (caller: Caller) => Promise<Answer>
  readonly query: string
  readonly input?: object
}

const STORE = '/kapis/application.kubesphere.io/v2'
const CLUSTER = '/kapis/cluster.kubesphere.io/v1alpha1'
const CONFIG = '/kapis/config.kubesphere.io/v1alpha2'
const id = 'clientMutationId'

function read(what: string, path: string, query: string): Row {
  return { what, rest: (c) => c.get(path), query }
}

function write(
  what: string,
  rest: Row['rest'],
  [field, type, fields = id]: [field: string, type: string, fields?: string],
  input: object,
): Row {
  return {
    what,
    rest,
    query: `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`,
    input,
  }
}

const repo = { metadata: { name: 'upload' }, spec: { url: 'http://repo.invalid' } }
const draft = { name: 'upload', url: 'http://repo.invalid' }
const release = { metadata: { name: 'none' }, spec: {} }
const join = { name: 'far', kubeconfig: 'nonsense' }
const cluster = { metadata: { name: 'far' }, spec: { connection: { type: 'direct' } } }

const clusters: Row[] = [
  read('list labels', `${CLUSTER}/labels`, '{ clusterLabels { name } }'),
  write(
    'validate',
    (c) => c.post(`${CLUSTER}/clusters/validation`, cluster),
    ['validateCluster', 'JoinClusterInput'],
    join,
  ),
  write(
    'join',
    (c) =>
      c.post(`${CLUSTER}/clusters`, {
        apiVersion: 'cluster.kubesphere.io/v1alpha1',
        kind: 'Cluster',
        metadata: { name: 'Not A Name' },
      }),
    ['joinCluster', 'JoinClusterInput'],
    join,
  ),
  write(
    'kubeconfig',
    (c) => c.put(`${CLUSTER}/clusters/far/kubeconfig`, { kubeconfig: '' }),
    ['updateClusterKubeconfig', 'UpdateKubeconfigInput'],
    join,
  ),
  write('remove', (c) => c.delete(`${CLUSTER}/clusters/far`), ['removeCluster', 'ClusterInput'], {
    name: 'far',
  }),
  write(
    'grant',
    (c) => c.post(`${CLUSTER}/clusters/far/grantrequests`, []),
    ['grantCluster', 'GrantClusterInput', id],
    { name: 'far' },
  ),
  write(
    'create labels',
    (c) => c.post(`${CLUSTER}/labels`, []),
    ['createClusterLabels', 'CreateClusterLabelsInput'],
    { labels: [] },
  ),
  write(
    'change a label',
    (c) => c.put(`${CLUSTER}/labels/none`, { key: 'a', value: 'b' }),
    ['updateClusterLabel', 'UpdateClusterLabelInput'],
    { name: 'none', key: 'a', value: 'b' },
  ),
  write(
    'delete labels',
    (c) => c.delete(`${CLUSTER}/labels`, []),
    ['deleteClusterLabels', 'DeleteClusterLabelsInput'],
    { names: [] },
  ),
  write(
    'bind labels',
    (c) => c.post(`${CLUSTER}/labelbindings`, { labels: [], clusters: [] }),
    ['labelClusters', 'LabelClustersInput'],
    { labels: [], clusters: [] },
  ),
  write(
    'unbind a label',
    (c) => c.put(`${CLUSTER}/labels/none?action=unbind`, { clusters: [] }),
    ['unlabelClusters', 'LabelClustersInput'],
    { labels: ['none'], clusters: [] },
  ),
]

const settings: Row[] = [
  read('version', '/version', '{ platformVersion { version } }'),
  read('options', `${CONFIG}/configs/configz`, '{ multiclusterOptions { clusterRole } }'),
  read('logins', `${CONFIG}/configs/oauth`, '{ loginOptions { issuer } }'),
  read('theme', `${CONFIG}/configs/theme`, '{ theme }'),
  read(
    'a configuration',
    `${CONFIG}/platformconfigs/none`,
    '{ platformConfig(name: "none") { name } }',
  ),
  read(
    'connections',
    `${CONFIG}/clusterconnectionconfigurations`,
    '{ clusterConnectionConfigs { name } }',
  ),
  read(
    'ingress classes',
    '/kapis/gateway.kubesphere.io/v1alpha2/namespaces/deck/availableingressclassscopes',
    '{ availableIngressClasses(namespace: "deck") { name } }',
  ),
  read(
    'files of an extension',
    '/kapis/package.kubesphere.io/v1alpha1/extensionversions/none/files',
    '{ extensionFiles(version: "none") { path } }',
  ),
  write(
    'set the theme',
    (c) => c.put(`${CONFIG}/configs/theme`, {}),
    ['setTheme', 'SetThemeInput'],
    { theme: {} },
  ),
  write(
    'create a configuration',
    (c) => c.post(`${CONFIG}/platformconfigs`, {}),
    ['createPlatformConfig', 'PlatformConfigInput'],
    { name: 'Not A Name' },
  ),
  write(
    'replace a configuration',
    (c) => c.put(`${CONFIG}/platformconfigs/none`, { metadata: { name: 'none' } }),
    ['replacePlatformConfig', 'PlatformConfigInput'],
    { name: 'none' },
  ),
  write(
    'merge a configuration',
    (c) => c.patch(`${CONFIG}/platformconfigs/none`, {}, 'application/merge-patch+json'),
    ['mergePlatformConfig', 'PlatformConfigInput'],
    { name: 'none' },
  ),
  write(
    'delete a configuration',
    (c) => c.delete(`${CONFIG}/platformconfigs/none`),
    ['deletePlatformConfig', 'PlatformConfigNameInput'],
    { name: 'none' },
  ),
]

/** Everything of the store at one place: the whole platform, or the workspace. */
function storeAt(inWorkspace: boolean): Row[] {
  const base = inWorkspace ? `${STORE}/workspaces/crew` : STORE
  const at = inWorkspace ? { workspace: 'crew' } : {}
  const of = inWorkspace ? 'workspace: "crew"' : ''
  const and = inWorkspace ? `, ${of}` : ''
  const all = of && `(${of})`
  const where = inWorkspace ? ' of a workspace' : ''
  const version = { ...at, application: 'none', name: 'none-1.0.0' }
  const rows: Row[] = [
    read('applications', `${base}/apps`, `{ applications${all} { totalCount } }`),
    read('an application', `${base}/apps/none`, `{ application(name: "none"${and}) { name } }`),
    read('repositories', `${base}/repos`, `{ chartRepositories${all} { totalCount } }`),
    read('a repository', `${base}/repos/none`, `{ chartRepository(name: "none"${and}) { name } }`),
    read('releases', `${base}/applications`, `{ applicationReleases${all} { totalCount } }`),
    write(
      'upload an application',
      (c) => c.post(`${base}/apps`, { appType: 'helm', package: 'AAAA' }),
      ['uploadApplication', 'UploadApplicationInput'],
      { ...at, package: 'AAAA' },
    ),
    write(
      'change an application',
      (c) => c.patch(`${base}/apps/none`, {}, 'application/json'),
      ['updateApplication', 'UpdateApplicationInput'],
      { ...at, name: 'none' },
    ),
    write(
      'delete an application',
      (c) => c.delete(`${base}/apps/none`),
      ['deleteApplication', 'ApplicationInput'],
      { ...at, name: 'none' },
    ),
    write(
      'upload a version',
      (c) => c.post(`${base}/apps/none/versions`, { appType: 'helm', package: 'AAAA' }),
      ['uploadApplicationVersion', 'UploadVersionInput'],
      { ...at, application: 'none', package: 'AAAA' },
    ),
    write(
      'look into an application',
      (c) => c.post(`${base}/apps?validate=true`, { appType: 'helm', package: 'AAAA' }),
      ['previewApplication', 'UploadApplicationInput'],
      { ...at, package: 'AAAA' },
    ),
    write(
      'replace a version',
      (c) => c.post(`${base}/apps/none/versions/none-1.0.0`, { appType: 'helm', package: 'AAAA' }),
      ['replaceApplicationVersion', 'UploadVersionInput'],
      { ...at, application: 'none', package: 'AAAA' },
    ),
    write(
      'review a version',
      (c) => c.post(`${base}/apps/none/versions/none-1.0.0/action`, { state: 'submitted' }),
      ['reviewApplicationVersion', 'ReviewVersionInput'],
      { ...version, step: 'SUBMIT' },
    ),
    write(
      'delete a version',
      (c) => c.delete(`${base}/apps/none/versions/none-1.0.0`),
      ['deleteApplicationVersion', 'ApplicationVersionInput'],
      version,
    ),
    write(
      'add a repository',
      (c) => c.post(`${base}/repos`, repo),
      ['addChartRepository', 'ChartRepositoryInput'],
      { ...at, ...draft },
    ),
    write(
      'try a repository',
      (c) => c.post(`${base}/repos?validate=true`, repo),
      ['verifyChartRepository', 'ChartRepositoryInput'],
      { ...at, ...draft },
    ),
    write(
      'change a repository',
      (c) => c.patch(`${base}/repos/upload`, repo, 'application/json'),
      ['updateChartRepository', 'ChartRepositoryInput'],
      { ...at, ...draft },
    ),
    write(
      'sync a repository',
      (c) => c.post(`${base}/repos/none/action`, {}),
      ['syncChartRepository', 'ChartRepositoryNameInput'],
      { ...at, name: 'none' },
    ),
    write(
      'delete a repository',
      (c) => c.delete(`${base}/repos/none`),
      ['deleteChartRepository', 'ChartRepositoryNameInput'],
      { ...at, name: 'none' },
    ),
  ]
  return rows.map((row) => ({ ...row, what: row.what + where }))
}

const NAMESPACED = `${STORE}/namespaces/deck/applications`
const store: Row[] = [
  ...storeAt(false),
  ...storeAt(true),
  read('reviews', `${STORE}/reviews`, '{ applicationReviews { totalCount } }'),
  read('categories', `${STORE}/categories`, '{ applicationCategories { totalCount } }'),
  read('a category', `${STORE}/categories/none`, '{ applicationCategory(name: "none") { name } }'),
  read(
    'releases of a project',
    NAMESPACED,
    '{ applicationReleases(namespace: "deck") { totalCount } }',
  ),
  read(
    'a release of a project',
    `${NAMESPACED}/none`,
    '{ applicationRelease(name: "none", namespace: "deck") { name } }',
  ),
  write(
    'create a category',
    (c) => c.post(`${STORE}/categories`, { metadata: { name: 'Not A Name' } }),
    ['createApplicationCategory', 'CategoryInput'],
    { name: 'Not A Name' },
  ),
  write(
    'change a category',
    (c) => c.post(`${STORE}/categories/none`, { metadata: { name: 'none' } }),
    ['updateApplicationCategory', 'CategoryInput'],
    { name: 'none' },
  ),
  write(
    'delete a category',
    (c) => c.delete(`${STORE}/categories/none`),
    ['deleteApplicationCategory', 'CategoryNameInput'],
    { name: 'none' },
  ),
  write(
    'activate an application',
    (c) => c.post(`${STORE}/apps/none/action`, { state: 'active' }),
    ['activateApplication', 'ApplicationInput'],
    { name: 'none' },
  ),
  write(
    'suspend an application',
    (c) => c.post(`${STORE}/apps/none/action`, { state: 'suspended' }),
    ['suspendApplication', 'ApplicationInput'],
    { name: 'none' },
  ),
  write(
    'install',
    (c) => c.post(NAMESPACED, release),
    ['createApplicationRelease', 'CreateReleaseInput'],
    { name: 'none', workspace: 'crew', namespace: 'deck', application: 'none', version: 'none' },
  ),
  write(
    'upgrade',
    (c) => c.post(`${NAMESPACED}/none`, release),
    ['upgradeApplicationRelease', 'UpgradeReleaseInput'],
    { name: 'none', namespace: 'deck' },
  ),
  write(
    'uninstall',
    (c) => c.delete(`${NAMESPACED}/none`),
    ['deleteApplicationRelease', 'ApplicationReleaseInput'],
    { name: 'none', namespace: 'deck' },
  ),
]

const tenants: Row[] = [
  write(
    'create a workspace',
    (c) => c.post(`${TENANT}/workspacetemplates`, workspace('Not A Name', 'ann')),
    ['createWorkspace', 'CreateWorkspaceInput'],
    { name: 'Not A Name', manager: 'ann' },
  ),
  write(
    'create a project',
    (c) => c.post(`${TENANT}/workspaces/crew/namespaces`, project('Not A Name', 'ann')),
    ['createProject', 'CreateProjectInput'],
    { workspace: 'crew', name: 'Not A Name' },
  ),
  read('numbers of the platform', `${TENANT}/metrics`, '{ platformMetrics { users } }'),
  read(
    'numbers of a workspace',
    `${TENANT}/workspaces/crew/metrics`,
    '{ workspace(name: "crew") { metrics { projects } } }',
  ),
  read(
    'quota of a workspace',
    `${TENANT}/workspaces/crew/resourcequotas/crew`,
    '{ workspace(name: "crew") { quota { hard } } }',
  ),
]

describe('REST and the graph allow and refuse the same of clusters, settings and the store', () => {
  let world: GraphWorld
  let callers: ReadonlyMap<string, Standing>

  before(async () => {
    world = await startGraphWorld()
    callers = await settle(world, people)
  })
  after(() => world?.[Symbol.asyncDispose]())

  for (const { what, rest, query, input } of [...clusters, ...settings, ...store, ...tenants]) {
    it(what, async () => {
      const differ: string[] = []
      for (const [name, as] of callers) {
        const { status } = await rest(as.rest)
        const { body } = await as.graph.answer(query, input === undefined ? {} : { input })
        const [error] = body.errors ?? []
        const code = (error?.extensions['code'] ?? '') as string
        assert.doesNotMatch(code, /^INTERNAL|^GRAPHQL/, `${name}: ${error?.message}`)
        if ((status === 403) !== (code === 'FORBIDDEN')) differ.push(`${name}: ${status}, ${code}`)
        if (name === 'admin') assert.notEqual(status, 403)
      }
      assert.deepEqual(differ, [])
    })
  }
})
