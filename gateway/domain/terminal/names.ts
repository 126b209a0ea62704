import type { GVR } from '../../kube/types.ts'

const core = (resource: string): GVR => ({ group: '', version: 'v1', resource })

export const PODS = core('pods')
export const NODES = core('nodes')
export const SECRETS = core('secrets')
export const LEASES: GVR = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' }

/** Where pods that only serve terminals live. */
export const HELPER_NAMESPACE = 'kubesphere-system'

/** Label of the Leases that say how long a helper pod is wanted. */
export const HELPER_LABEL = 'kubesphere.io/kubectl-pod'

export const kubectlPodName = (user: string): string => `ks-managed-kubectl-${user}`
export const nodePodName = (node: string): string => `${node}-shell-access`
