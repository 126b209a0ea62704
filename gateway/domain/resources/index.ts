import type { Effects } from '../effects.ts'
import type { Operation } from '../operation.ts'
import { abnormalWorkloads, type AbnormalWorkloads } from './abnormal.ts'
import { anyOperations, type AnyOperations } from './any.ts'
import {
  componentHealth,
  getComponent,
  listComponents,
  type Component,
  type ComponentHealth,
} from './components.ts'
import { verifyGit, type GitArgs } from './git.ts'
import { rerunJob, type RerunArgs } from './jobs.ts'
import { outsideHosts } from './outside-host.ts'
import { overview, type ResourceCount } from './overview.ts'
import { quotaUse, type QuotaUse } from './quotas.ts'
import { get, list, type GetArgs, type ListArgs } from './reads.ts'
import { revision, type RevisionArgs } from './revisions.ts'
import { TextCache } from './shown.ts'
import type { ResourcePage, Shown } from './types.ts'
import { userKubeconfig } from './user-kubeconfig.ts'
import { workloadTemplates, type WorkloadTemplateOperations } from './workload-templates.ts'
import type { KubeObject } from '../../kube/types.ts'

export type { AbnormalWorkloads } from './abnormal.ts'
export type { AnyAddress, AnyOperations, AnyPlace } from './any.ts'
export type { Component, ComponentHealth } from './components.ts'
export type { GitArgs } from './git.ts'
export type { RerunArgs } from './jobs.ts'
export { recoverJobs, type JobRecovery } from './job-recovery.ts'
export type { ResourceCount } from './overview.ts'
export type { QuotaUse } from './quotas.ts'
export type { GetArgs, ListArgs } from './reads.ts'
export type { RevisedResource, RevisionArgs } from './revisions.ts'
export type { ListQuery, ResourcePage, Shown } from './types.ts'
export type {
  TemplateBody,
  TemplatePlace,
  WorkloadTemplateOperations,
} from './workload-templates.ts'
export type { TextCache } from './shown.ts'
export { kindWords } from './words.ts'
export { slicePositions } from './slice.ts'
export { createCustomFilters } from './custom-filters.ts'
export { outsideHosts, type OutsideHosts, type TlsOptions } from './outside-host.ts'
export { always, typed, unlessEmpty } from './shapes/rules.ts'
export {
  listAll,
  pageB,
  selectAmong,
  selectB,
  withLabelFilter,
  withLabelSelector,
  type Paged,
} from './paging.ts'

type InNamespace = { namespace?: string | undefined }

/** Objects of every kind, and what is counted or computed from them. */
export interface ResourceService {
  /** Registered kinds by plural name, with the filters and sort keys of each. */
  readonly list: Operation<ListArgs, ResourcePage>
  readonly get: Operation<GetArgs, Shown>
  readonly any: AnyOperations
  readonly overview: Operation<InNamespace, ResourceCount[]>
  readonly components: {
    readonly list: Operation<object, Component[]>
    readonly get: Operation<{ name: string }, Component>
    readonly health: Operation<object, ComponentHealth>
  }
  readonly quotas: Operation<InNamespace, QuotaUse>
  readonly abnormalWorkloads: Operation<InNamespace, AbnormalWorkloads>
  readonly revision: Operation<RevisionArgs, KubeObject>
  readonly userKubeconfig: Operation<{ user: string }, string>
  readonly rerunJob: Operation<RerunArgs, void>
  readonly verifyGit: Operation<GitArgs, void>
  readonly workloadTemplates: WorkloadTemplateOperations
  /** Texts that faces made from objects. */
  readonly texts: TextCache
}

export interface ResourceDeps {
  readonly effects: Effects
  /** Address of the API server in kubeconfigs that are handed out; default: as stored. */
  readonly master?: string | undefined
  /** Addresses and CIDRs of this machine or its link that callers may have asked; default: none. */
  readonly openHosts?: readonly string[] | undefined
}

/** One per process. */
export function createResources({
  effects,
  master = '',
  openHosts = [],
}: ResourceDeps): ResourceService {
  return {
    list,
    get,
    any: anyOperations(effects),
    overview,
    components: { list: listComponents, get: getComponent, health: componentHealth },
    quotas: quotaUse,
    abnormalWorkloads,
    revision,
    userKubeconfig: userKubeconfig({ master }),
    rerunJob: rerunJob(),
    verifyGit: verifyGit(outsideHosts(openHosts)),
    workloadTemplates,
    texts: new TextCache(),
  }
}
