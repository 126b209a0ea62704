/** One rule of a role, as rbac.authorization.k8s.io/v1 writes it. */
export interface PolicyRule {
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
  verbs: string[]
}

/** Words of a comma list; a list of one empty word is the core group. */
export function words(text: string): string[] {
  return text.split(',').map((word) => word.trim())
}

export const read = 'get,list,watch'

/** A rule out of three comma lists; `''` as `groups` is the core group. */
export function rule(groups: string, resources: string, verbs: string): PolicyRule {
  return { apiGroups: words(groups), resources: words(resources), verbs: words(verbs) }
}

export function urlRule(urls: string, verbs: string): PolicyRule {
  return { nonResourceURLs: words(urls), verbs: words(verbs) }
}

export const everything: PolicyRule = rule('*', '*', '*')
export const readEverything: PolicyRule = rule('*', '*', read)

const config = 'configmaps,secrets,serviceaccounts'
const core = `endpoints,events,limitranges,persistentvolumeclaims,podtemplates,replicationcontrollers,resourcequotas,services`
const apps = 'controllerrevisions,deployments,replicasets,statefulsets,daemonsets'
const iam = 'rolebindings,roles,namespacemembers'
const network = 'namespacenetworkpolicies,networkpolicies'

/** What a member of a workspace looks at in its projects (objects-and-controllers.md, appendix A, WVP). */
export const projectResources = [
  'namespaces',
  config,
  core,
  apps,
  'applications,jobs,cronjobs,ingresses,router,pods,pods/log,pods/containers',
  network,
  iam,
  'podsecuritypolicies,servicepolicies,workspaces,quotas,abnormalworkloads,workloads,strategies',
].join(',')

/** The same for who runs the projects (appendix A, WMP). */
export const managedProjectResources = `${projectResources},meshpolicies,pods/exec`

/** What the platform shows of all workspaces together (appendix A, GW). */
export const workspaceResources = [
  'namespaces',
  config,
  core,
  apps,
  'applications,jobs,cronjobs,horizontalpodautoscalers,ingresses,router,filters',
  'pods,pods/log,pods/exec,pods/containers',
  `${network},workspacenetworkpolicies`,
  iam,
  'podsecuritypolicies,servicepolicies,meshpolicies,quotas,abnormalworkloads,workloads',
  'workspaces,workspacetemplates,workspaceroles,workspacerolebindings',
  'workspacemembers,workspacemembers/namespaces',
].join(',')

/** Groups whose objects belong to a project (appendix A, WPG). */
export const projectGroups =
  'apps,extensions,batch,autoscaling,app.k8s.io,operations.kubesphere.io,resources.kubesphere.io'

const workloadResources = `services,applications,${apps},jobs,cronjobs,pods,pods/log,pods/containers,ingresses,router,horizontalpodautoscalers`
/** Appendix A, NVW. */
export const viewedWorkloads = `${workloadResources},configmaps,secrets`
/** Appendix A, NMW. */
export const managedWorkloads = `${workloadResources},pods/exec,workloads`

const clusterGroups = `,apiextensions.k8s.io,app.k8s.io,apps,autoscaling,batch,events.k8s.io,extensions,node.k8s.io,scheduling.k8s.io,storage.k8s.io,storage.kubesphere.io,resources.kubesphere.io,cluster.kubesphere.io`
/** Appendix A, GMC. */
export const managedClusterGroups = clusterGroups
/** Appendix A, GVC. */
export const viewedClusterGroups = `${clusterGroups},config.istio.io,events.kubesphere.io,metrics.k8s.io,networking.k8s.io,rbac.istio.io,security.istio.io`

/** Groups that an operator of a project may change everything in (objects-and-controllers.md §2.2, NSOP). */
export const operatedGroups = `,${projectGroups},config.istio.io,events.k8s.io,events.kubesphere.io,snapshot.storage.k8s.io,networking.k8s.io`
