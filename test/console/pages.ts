/** A page of the console by its address, a text that it shows once it has drawn, and a call that it is drawn from. */
export type Page = readonly [path: string, shows: RegExp, asks?: RegExp]

/** The list that a page of lists asks for, by engine A of the platform's resources API. */
const list = (kind: string) =>
  new RegExp(`/resources\\.kubesphere\\.io/v1alpha3(/namespaces/[^/]+)?/${kind}\\?`)

const CLUSTER = '/clusters/host'
const WORKSPACE = '/workspaces/demo'
const PROJECT = '/demo/clusters/host/projects/demo-project'

export const clusterPages: readonly Page[] = [
  ['/clusters', /host/],
  ['/clusters/tags', /Tags/],
  [`${CLUSTER}/overview`, /Overview/],
  [`${CLUSTER}/nodes`, /Cluster Nodes/, list('nodes')],
  [`${CLUSTER}/projects`, /demo-project/, list('namespaces')],
  [`${CLUSTER}/deployments`, /hello/, list('deployments')],
  [`${CLUSTER}/statefulsets`, /statefulsets/i, list('statefulsets')],
  [`${CLUSTER}/daemonsets`, /daemonsets/i, list('daemonsets')],
  [`${CLUSTER}/jobs`, /Jobs/i, list('jobs')],
  [`${CLUSTER}/cronjobs`, /cronjobs/i, list('cronjobs')],
  [`${CLUSTER}/pods`, /hello-/, list('pods')],
  [`${CLUSTER}/services`, /hello/, list('services')],
  [`${CLUSTER}/ingresses`, /Ingresses/i, list('ingresses')],
  [`${CLUSTER}/secrets`, /Secrets/i, list('secrets')],
  [`${CLUSTER}/configmaps`, /kube-root-ca/, list('configmaps')],
  [`${CLUSTER}/serviceaccounts`, /default/, list('serviceaccounts')],
  [`${CLUSTER}/customresources`, /kubesphere\.io/],
  [`${CLUSTER}/volumes`, /Persistent Volume/i, list('persistentvolumeclaims')],
  [
    `${CLUSTER}/storageclasses`,
    /Storage Classes/i,
    /\/kapis\/storage\.k8s\.io\/v1\/storageclasses\?/,
  ],
  [`${CLUSTER}/networkpolicies`, /Network/i, /\/kapis\/networking\.k8s\.io\/v1\/networkpolicies\?/],
  [`${CLUSTER}/base-info`, /Basic Info/],
  [`${CLUSTER}/visibility`, /Visibility/],
  [`${CLUSTER}/members`, /admin/],
  [`${CLUSTER}/roles`, /cluster-admin/],
]

export const workspacePages: readonly Page[] = [
  [`${WORKSPACE}/overview`, /Resource Usage/],
  [`${WORKSPACE}/projects`, /Demo project/],
  [`${WORKSPACE}/base-info`, /Basic Info/],
  [`${WORKSPACE}/quota`, /Quota/],
  [`${WORKSPACE}/roles`, /demo-admin/],
  [`${WORKSPACE}/members`, /dora/],
  [`${WORKSPACE}/apps`, /App/],
  [`${WORKSPACE}/app-repos`, /App Repositories/],
  [`${WORKSPACE}/roles/demo-admin`, /demo-admin/],
]

export const projectPages: readonly Page[] = [
  [`${PROJECT}/overview`, /Overview/],
  [`${PROJECT}/applications`, /App/],
  [`${PROJECT}/deployments`, /hello/, list('deployments')],
  [`${PROJECT}/statefulsets`, /statefulsets/i, list('statefulsets')],
  [`${PROJECT}/daemonsets`, /daemonsets/i, list('daemonsets')],
  [`${PROJECT}/jobs`, /Jobs/i, list('jobs')],
  [`${PROJECT}/cronjobs`, /cronjobs/i, list('cronjobs')],
  [`${PROJECT}/pods`, /hello-/, list('pods')],
  [`${PROJECT}/services`, /hello/, list('services')],
  [`${PROJECT}/ingresses`, /Ingresses/i, list('ingresses')],
  [`${PROJECT}/secrets`, /Secrets/i, list('secrets')],
  [`${PROJECT}/configmaps`, /hello/, list('configmaps')],
  [`${PROJECT}/serviceaccounts`, /default/, list('serviceaccounts')],
  [`${PROJECT}/volumes`, /Persistent Volume/i, list('persistentvolumeclaims')],
  [`${PROJECT}/base-info`, /Basic Info/],
  [`${PROJECT}/roles`, /viewer/],
  [`${PROJECT}/members`, /leo/],
]

export const accessPages: readonly Page[] = [
  ['/access/workspaces', /demo/],
  ['/access/accounts', /leo@demo\.example/],
  ['/access/accounts/admin', /Login History/i],
  ['/access/roles', /platform-regular/],
  ['/access/roles/platform-admin', /platform-admin/],
  ['/apps', /Total Apps/],
  ['/settings', /Platform Settings/],
]
