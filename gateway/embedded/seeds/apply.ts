import { setTimeout as sleep } from 'node:timers/promises'
import type { KubeClient } from '../../kube/api.ts'
import type { GVR, KubeObject } from '../../kube/types.ts'
import { ApiError, isAlreadyExists, isNotFound, unavailable } from '../../lib/errors.ts'
import { customResourceKinds } from './crds/index.ts'

const definitions: GVR = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
}

/** Plural names of the built-in kinds that are seeded. */
const builtin: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  CustomResourceDefinition: 'customresourcedefinitions',
  Deployment: 'deployments',
  Namespace: 'namespaces',
  Secret: 'secrets',
  Service: 'services',
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
}

/** The resource of a seed. Throws TypeError for a kind that no seed has. */
export function resourceOf(object: KubeObject): GVR {
  const [group, version] = splitVersion(object.apiVersion ?? '')
  const custom = customResourceKinds.find((row) => row.group === group && row.kind === object.kind)
  const resource = custom?.plural ?? builtin[object.kind ?? '']
  if (!resource) throw new TypeError(`no seed has kind ${group} ${object.kind}`)
  return { group, version, resource }
}

function splitVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? ['', apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)]
}

/** Milliseconds that a freshly made kind may take until it is served. */
const servedWithinMs = 30_000

/**
 * Creates `object` unless one of its name is there; what is there stays as it is. Returns whether it was created.
 * Throws ApiError for any refusal, and after 30 s when the kind is still not served.
 */
export async function ensure(
  client: KubeClient,
  object: KubeObject,
  signal?: AbortSignal,
): Promise<boolean> {
  const gvr = resourceOf(object)
  const { name = '', namespace } = object.metadata
  let waited = 0
  for (let delay = 50; ; delay = Math.min(delay * 2, 1000)) {
    try {
      await client.create(gvr, object, { namespace, signal, fieldManager: 'ks-facade-seeds' })
      return true
    } catch (error) {
      if (isAlreadyExists(error)) return false
      if (!isPassing(error) || waited >= servedWithinMs) throw named(error, gvr, name)
    }
    await sleep(delay, undefined, { signal })
    waited += delay
  }
}

/** Whether the same request may succeed a moment later: the kind is not served yet, or the server is busy. */
function isPassing(error: unknown): boolean {
  return isNotFound(error) || (error instanceof ApiError && [429, 503, 504].includes(error.code))
}

function named(error: unknown, gvr: GVR, name: string): unknown {
  if (!(error instanceof ApiError)) return error
  return new ApiError(error.code, error.reason, `seed ${gvr.resource}/${name}: ${error.message}`, {
    cause: error,
    status: error.status,
  })
}

interface Condition {
  type: string
  status: string
}

/** Resolves when every named CustomResourceDefinition is Established. Throws ApiError 503 after a minute. */
export async function established(
  client: KubeClient,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + 60_000
  for (let delay = 50; ; delay = Math.min(delay * 2, 500)) {
    const { items } = await client.list(definitions, { signal })
    const ready = new Set(items.filter(isEstablished).map(({ metadata }) => metadata.name))
    const missing = names.filter((name) => !ready.has(name))
    if (missing.length === 0) return
    if (performance.now() > deadline) {
      throw unavailable(`custom resources are not served: ${missing.join(', ')}`)
    }
    await sleep(delay, undefined, { signal })
  }
}

function isEstablished(definition: KubeObject): boolean {
  // A definition that was stored a moment ago has `conditions: null`.
  const { conditions } = (definition['status'] ?? {}) as { conditions?: Condition[] | null }
  return (conditions ?? []).some(({ type, status }) => type === 'Established' && status === 'True')
}

/** Runs `work` over all items, at most `width` at a time; the first error ends it. */
export async function each<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}
