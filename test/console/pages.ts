/** A page of the console by its address, a text that it shows once it has drawn, and a call that it is drawn from. */
export type Page = readonly [path: string, shows: RegExp, asks?: RegExp]

/** The list that a page of lists asks for, by engine A of the platform's resources API. */
const list = (kind: string) =>
  new RegExp(`/resources\\.kubesphere\\.io/v1alpha3(/namespaces/[^/]+)?/${kind}\\?`)
/** What Kubernetes serves of one object of a project. */
const one = (kind: string) => new RegExp(`/namespaces/demo-project/${kind}/[^/?]+$`)

const CLUSTER = '/clusters/host'
const WORKSPACE = '/workspaces/demo'
const PROJECT = '/demo/clusters/host/projects/demo-project'

/** Pages of any cluster. */
export const frameOf = (cluster: string): readonly Page[] => [
  [`/clusters/${cluster}/overview`, /Overview/],
  [
    `/clusters/${cluster}/projects/system`,
    /kubesphere-system/,
    new RegExp(`/clusters/${cluster}/kapis/resources.*/namespaces\\?`),
  ],
  [
    `/clusters/${cluster}/configmaps`,
    /kube-root-ca/,
    new RegExp(`/clusters/${cluster}/kapis/resources.*/configmaps\\?`),
  ],
  [`/clusters/${cluster}/base-info`, /Basic Info/],
]

export const clusterPages: readonly Page[] = [
  ['/clusters', /host/],
  ['/clusters/tags', /Tags/],
  ...frameOf('host'),
  [`${CLUSTER}/nodes`, /Cluster Nodes/, list('nodes')],
  [`${CLUSTER}/components`, /System Components/, /\/v1alpha2\/components/],
  [`${CLUSTER}/kubeConfig`, /kubeconfig/i, /\/users\/admin\/kubeconfig/],
  [`${CLUSTER}/projects`, /demo-project/, list('namespaces')],
  [`${CLUSTER}/deployments`, /hello/, list('deployments')],
  [`${CLUSTER}/statefulsets`, /my-statefulset/, list('statefulsets')],
  [`${CLUSTER}/daemonsets`, /my-daemonset/, list('daemonsets')],
  [`${CLUSTER}/jobs`, /my-job/, list('jobs')],
  [`${CLUSTER}/cronjobs`, /my-cronjob/, list('cronjobs')],
  [`${CLUSTER}/pods`, /hello-/, list('pods')],
  [`${CLUSTER}/services`, /hello/, list('services')],
  [`${CLUSTER}/ingresses`, /my-ingress/, list('ingresses')],
  [`${CLUSTER}/secrets`, /Secrets/i, list('secrets')],
  [`${CLUSTER}/serviceaccounts`, /default/, list('serviceaccounts')],
  [`${CLUSTER}/customresources`, /kubesphere\.io/],
  [`${CLUSTER}/volumes`, /my-persistentvolumeclaim/, list('persistentvolumeclaims')],
  [`${CLUSTER}/volumes/PV`, /my-persistentvolume/],
  [
    `${CLUSTER}/storageclasses`,
    /my-storageclass/,
    /\/kapis\/storage\.k8s\.io\/v1\/storageclasses\?/,
  ],
  [
    `${CLUSTER}/networkpolicies`,
    /my-networkpolicy/,
    /\/kapis\/networking\.k8s\.io\/v1\/networkpolicies\?/,
  ],
  [`${CLUSTER}/visibility`, /Visibility/],
  [`${CLUSTER}/members`, /admin/],
  [`${CLUSTER}/roles`, /cluster-admin/],
]

/** What a list of a cluster leads to. */
export const clusterDetails: readonly Page[] = [
  [`${CLUSTER}/nodes/node-1`, /Readiness/, /\/nodes\/node-1$/],
  [`${CLUSTER}/nodes/node-1/pods`, /hello-/, list('pods')],
  [`${CLUSTER}/projects/demo-project`, /Demo project/],
  [`${CLUSTER}/projects/demo-project/pods`, /hello-/, list('pods')],
  [`${CLUSTER}/projects/demo-project/deployments/hello`, /Replicas/, one('deployments')],
  [`${CLUSTER}/projects/demo-project/deployments/hello/metadata`, /kubesphere\.io\/creator/],
  [
    `${CLUSTER}/projects/demo-project/deployments/hello/events`,
    /from 0 to 2/,
    /\/events\?fieldSelector=/,
  ],
  [`${CLUSTER}/projects/demo-project/services/hello`, /hello-/, one('services')],
  [`${CLUSTER}/projects/demo-project/networkpolicies/my-networkpolicy`, /Egress Rules/],
  [`${CLUSTER}/pv/my-persistentvolume`, /Reclaim Policy/],
  [`${CLUSTER}/storageclasses/my-storageclass`, /my-persistentvolumeclaim/],
  [
    `${CLUSTER}/customresources/users.iam.kubesphere.io`,
    /dora/,
    /\/apis\/iam\.kubesphere\.io\/v1beta1\/users\?/,
  ],
  [`${CLUSTER}/roles/cluster-admin`, /cluster-admin/],
]

export const workspacePages: readonly Page[] = [
  [`${WORKSPACE}/overview`, /Resource Usage/],
  [`${WORKSPACE}/projects`, /Demo project/],
  [`${WORKSPACE}/base-info`, /Basic Info/],
  [`${WORKSPACE}/quota`, /Quota/],
  [`${WORKSPACE}/roles`, /demo-admin/],
  [`${WORKSPACE}/members`, /dora/],
  [`${WORKSPACE}/members/dora`, /demo-admin/],
  [`${WORKSPACE}/apps`, /App/],
  [`${WORKSPACE}/app-repos`, /App Repositories/],
  [`${WORKSPACE}/roles/demo-admin`, /demo-admin/],
  [`${WORKSPACE}/roles/demo-admin/users`, /dora/],
]

export const projectPages: readonly Page[] = [
  [`${PROJECT}/overview`, /Overview/],
  [`${PROJECT}/applications`, /App/],
  [`${PROJECT}/deployments`, /hello/, list('deployments')],
  [`${PROJECT}/statefulsets`, /my-statefulset/, list('statefulsets')],
  [`${PROJECT}/daemonsets`, /my-daemonset/, list('daemonsets')],
  [`${PROJECT}/jobs`, /my-job/, list('jobs')],
  [`${PROJECT}/cronjobs`, /my-cronjob/, list('cronjobs')],
  [`${PROJECT}/pods`, /hello-/, list('pods')],
  [`${PROJECT}/services`, /hello/, list('services')],
  [`${PROJECT}/ingresses`, /my-ingress/, list('ingresses')],
  [`${PROJECT}/secrets`, /my-secret/, list('secrets')],
  [`${PROJECT}/configmaps`, /hello/, list('configmaps')],
  [`${PROJECT}/serviceaccounts`, /my-serviceaccount/, list('serviceaccounts')],
  [`${PROJECT}/volumes`, /my-persistentvolumeclaim/, list('persistentvolumeclaims')],
  [`${PROJECT}/base-info`, /Basic Info/],
  [`${PROJECT}/roles`, /viewer/],
  [`${PROJECT}/members`, /leo/],
]

/** What a list of a project leads to; `{pod}` stands for one of the demo's. */
export const projectDetails: readonly Page[] = [
  [`${PROJECT}/deployments/hello`, /Replicas/, one('deployments')],
  [`${PROJECT}/statefulsets/my-statefulset`, /Replicas/, one('statefulsets')],
  [`${PROJECT}/daemonsets/my-daemonset`, /Replicas/, one('daemonsets')],
  [`${PROJECT}/jobs/my-job`, /Run Records/, one('jobs')],
  [`${PROJECT}/cronjobs/my-cronjob`, /0 0 1 1 \*/, one('cronjobs')],
  [`${PROJECT}/pods/{pod}`, /busybox/, one('pods')],
  [`${PROJECT}/services/hello`, /hello-/, one('services')],
  [`${PROJECT}/ingresses/my-ingress`, /hello\.example/, one('ingresses')],
  [`${PROJECT}/secrets/my-secret`, /colour/, one('secrets')],
  [`${PROJECT}/configmaps/hello`, /greeting/, one('configmaps')],
  [`${PROJECT}/serviceAccounts/my-serviceaccount`, /my-serviceaccount/, one('serviceaccounts')],
  [`${PROJECT}/volumes/my-persistentvolumeclaim`, /ReadWriteOnce/, one('persistentvolumeclaims')],
  [`${PROJECT}/roles/viewer`, /viewer/],
]

export const accessPages: readonly Page[] = [
  ['/dashboard', /Workspace Management/],
  ['/access/workspaces', /demo/],
  ['/access/accounts', /leo@demo\.example/],
  ['/access/accounts/admin', /Login History/i],
  ['/access/roles', /platform-regular/],
  ['/access/roles/platform-admin', /platform-admin/],
  ['/apps', /Total Apps/],
  ['/extensions/marketplace', /Marketplace/, /\/kapis\/kubesphere\.io\/v1alpha1\/extensions\?/],
  ['/settings', /Platform Settings/],
  ['/settings/base-info', /Platform address/],
]

/** A page, and what somebody who may not change it does not find there though the administrator does. */
export type Without = readonly [path: string, shows: RegExp, hides: RegExp]

const platformIsHidden: readonly Without[] = [
  ['/dashboard', /Workspace Management/, /Cluster Management|Users and Roles|Marketplace/],
  [`${WORKSPACE}/projects`, /Demo project/, /Marketplace/],
]

/** Of the users of the demo: an administrator of a workspace, and a viewer of a project. */
export const hidden: Readonly<Record<string, readonly Without[]>> = {
  dora: platformIsHidden,
  leo: [
    ...platformIsHidden,
    [`${PROJECT}/configmaps`, /hello/, /^Create$/],
    [`${PROJECT}/members`, /leo/, /^Invite$/],
  ],
}
