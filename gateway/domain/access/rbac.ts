import type { Entry, GVR, Store } from '../../kube/api.ts'
import {
  CLUSTER_ROLES,
  CLUSTER_ROLE_BINDINGS,
  GLOBAL_ROLES,
  GLOBAL_ROLE_BINDINGS,
  NAMESPACES,
  ROLES,
  ROLE_BINDINGS,
  WORKSPACE_LABEL,
  WORKSPACE_ROLES,
  WORKSPACE_ROLE_BINDINGS,
} from '../names.ts'
import type { Attributes, UserInfo, Verdict } from '../operation.ts'
import type { Binding, BindingIndex } from './bindings.ts'
import type { RegoInput } from './rego.ts'
import type { Policy } from '../rego/index.ts'
import { roleAllows, type CompiledRole } from './roles.ts'

/** What the evaluation reads; each throws when its cache cannot be had. */
export interface RbacSources {
  bindings(gvr: GVR): Promise<BindingIndex> | BindingIndex
  store(gvr: GVR): Promise<Store> | Store
  compile(role: Entry): CompiledRole
}

/** Kinds that a role reference may name. */
const ROLE_KINDS: Readonly<Record<string, GVR>> = {
  GlobalRole: GLOBAL_ROLES,
  WorkspaceRole: WORKSPACE_ROLES,
  ClusterRole: CLUSTER_ROLES,
  Role: ROLES,
}

/** Only those four: not what `Object.prototype` holds. */
function roleGvr(kind: string): GVR | undefined {
  return Object.hasOwn(ROLE_KINDS, kind) ? ROLE_KINDS[kind] : undefined
}

interface Stage {
  readonly gvr: GVR
  /** Workspace or namespace of the bindings, "" for those of the whole cluster. */
  readonly place: string
  /** Namespace that a `Role` is looked up in. */
  readonly namespace: string
  /** Kind that an allow reason gives to the binding: the original calls workspace bindings global. */
  readonly label: string
  /** Whether a broken role reference ends the evaluation. */
  readonly strict: boolean
}

/**
 * Judges by the bindings of iam.kubesphere.io in the order of pipeline.md §10.3: global, then workspace, namespace and
 * cluster bindings as far as the scope reaches; the first role that allows wins, nothing denies. A failed lookup becomes
 * the reason `RBAC: …` unless something allows before it. Policies that OPA evaluates are asked when nothing else
 * allows: they can only allow too, and whoever has a role for it need not wait for them.
 */
export async function evaluateRbac(
  sources: RbacSources,
  user: UserInfo,
  asked: Attributes,
): Promise<Verdict> {
  const failures: string[] = []
  const open: { readonly policy: Policy; readonly reason: string }[] = []
  let input: RegoInput | undefined
  const regoInput = () => (input ??= toRegoInput(user, asked))
  /** The reason of the first role that allows; policies of OPA's are left open, failures are written down. */
  async function allowedBy(stage: Stage): Promise<string | undefined> {
    const index = await sources.bindings(stage.gvr)
    for (const binding of index.of(user, stage.place)) {
      const gvr = roleGvr(binding.roleRef.kind)
      if (!gvr) {
        const failure = `unsupported role reference kind: ${JSON.stringify(binding.roleRef.kind)}`
        if (stage.strict) throw new Error(failure)
        failures.push(failure)
        continue
      }
      const namespace = gvr === ROLES ? stage.namespace : ''
      const role = (await sources.store(gvr)).get(namespace, binding.roleRef.name)
      if (!role) continue
      const compiled = sources.compile(role)
      if (roleAllows(compiled, asked, regoInput)) return allowReason(stage.label, binding)
      if (compiled.policy && 'opa' in compiled.policy) {
        open.push({ policy: compiled.policy.opa, reason: allowReason(stage.label, binding) })
      }
    }
    return undefined
  }
  try {
    let allowed = await allowedBy(GLOBAL_STAGE)
    if (allowed === undefined && asked.scope !== 'Global') {
      for (const stage of await stagesBelow(sources, asked)) {
        allowed = await allowedBy(stage)
        if (allowed !== undefined) break
      }
    }
    if (allowed !== undefined) return { decision: 'Allow', reason: allowed }
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error))
  }
  const reason =
    open.length > 0 ? await firstAllowing(open, JSON.stringify(regoInput())) : undefined
  if (reason !== undefined) return { decision: 'Allow', reason }
  const distinct = [...new Set(failures)]
  if (distinct.length === 0) return { decision: 'NoOpinion', reason: '' }
  const text = distinct.length === 1 ? distinct[0] : `[${distinct.join(', ')}]`
  return { decision: 'NoOpinion', reason: `RBAC: ${text}` }
}

/** The reason of the first policy that allows; each text is asked once. */
async function firstAllowing(
  open: readonly { readonly policy: Policy; readonly reason: string }[],
  input: string,
): Promise<string | undefined> {
  const asked = new Map<Policy, Promise<boolean[]>>()
  for (const { policy } of open) if (!asked.has(policy)) asked.set(policy, policy.holds([input]))
  for (const { policy, reason } of open) {
    const [allowed] = (await asked.get(policy)) ?? []
    if (allowed) return reason
  }
  return undefined
}

const GLOBAL_STAGE: Stage = {
  gvr: GLOBAL_ROLE_BINDINGS,
  place: '',
  namespace: '',
  label: 'GlobalRoleBinding',
  strict: false,
}

const CLUSTER_STAGE: Stage = {
  gvr: CLUSTER_ROLE_BINDINGS,
  place: '',
  namespace: '',
  label: 'ClusterRoleBinding',
  strict: true,
}

/** What comes after the global bindings, where the scope is not all there is. */
async function stagesBelow(sources: RbacSources, asked: Attributes): Promise<Stage[]> {
  const stages: Stage[] = []
  const workspace = await workspaceOf(sources, asked)
  if (workspace) {
    stages.push({
      gvr: WORKSPACE_ROLE_BINDINGS,
      place: workspace,
      namespace: '',
      label: 'GlobalRoleBinding',
      strict: true,
    })
  }
  if (asked.scope === 'Namespace' && asked.namespace) {
    stages.push({
      gvr: ROLE_BINDINGS,
      place: asked.namespace,
      namespace: asked.namespace,
      label: 'RoleBinding',
      strict: true,
    })
  }
  return [...stages, CLUSTER_STAGE]
}

/** A namespace belongs to the workspace of its label, whatever the URL says. */
async function workspaceOf(sources: RbacSources, asked: Attributes): Promise<string> {
  if (asked.scope === 'Workspace') return asked.workspace
  if (asked.scope !== 'Namespace') return ''
  const namespace = (await sources.store(NAMESPACES)).get('', asked.namespace)
  return namespace?.labels[WORKSPACE_LABEL] ?? ''
}

function allowReason(label: string, { entry, roleRef, subject }: Binding): string {
  const binding = label === 'RoleBinding' ? `${entry.name}/${entry.namespace}` : entry.name
  const who =
    subject.kind === 'ServiceAccount'
      ? `${subject.name}/${subject.namespace || entry.namespace}`
      : subject.name
  return `RBAC: allowed by ${label} "${binding}" of ${roleRef.kind} "${roleRef.name}" to ${subject.kind} "${who}"`
}

function toRegoInput(user: UserInfo, asked: Attributes): RegoInput {
  return {
    User: { Name: user.name, UID: user.uid, Groups: user.groups, Extra: user.extra },
    Verb: asked.verb,
    Cluster: asked.cluster,
    Workspace: asked.workspace,
    Namespace: asked.namespace,
    APIGroup: asked.apiGroup,
    APIVersion: asked.apiVersion,
    Resource: asked.resource,
    Subresource: asked.subresource,
    Name: asked.name,
    KubernetesRequest: asked.kubernetesRequest,
    ResourceRequest: asked.resourceRequest,
    Path: asked.path,
    ResourceScope: asked.scope,
  }
}
