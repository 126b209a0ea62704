import type { GVR } from '../../../kube/types.ts'
import { OWNER_UIDS } from '../../selection/index.ts'
import {
  columnOf,
  equals,
  field,
  fields,
  never,
  where,
  type Condition,
  type Filter,
} from '../condition.ts'
import { at, defineKind, textAt } from '../kind.ts'
import { POD_STATUS } from '../words.ts'
import { podAddresses, podClaims, replicaSetOf } from './pod-status.ts'
import { phase } from './workload-status.ts'

const SERVICES: GVR = { group: '', version: 'v1', resource: 'services' }
const REPLICA_SETS: GVR = { group: 'apps', version: 'v1', resource: 'replicasets' }

const PHASE = field('pod-phase', phase)
const NODE = field('pod-node', ({ spec }) => textAt(spec, 'nodeName'))
const CLAIMS = fields('pod-claims', podClaims)
const ADDRESSES = fields('pod-addresses', podAddresses)
const REPLICA_SET = field('pod-replicaset', replicaSetOf)

/** Pods that a Service of the same namespace selects. */
const ofService: Filter = async (value, { related }) => {
  const services = await related(SERVICES)
  const selectors = new Map<string, readonly [string, string][] | undefined>()
  const selectorIn = (namespace: string): readonly [string, string][] | undefined => {
    if (!selectors.has(namespace)) {
      const selector = at(services.get(namespace, value)?.object, 'spec', 'selector')
      const terms = Object.entries((selector ?? {}) as Record<string, string>)
      selectors.set(namespace, terms.length > 0 ? terms : undefined)
    }
    return selectors.get(namespace)
  }
  return {
    holds: ({ namespace, labels }) =>
      selectorIn(namespace)?.every(([key, wanted]) => labels[key] === wanted) ?? false,
  }
}

/** Pods of an owner, or of an owner of their ReplicaSet: a Deployment finds its pods this way. */
const ofOwner: Filter = async (value, { store, related }) => {
  if (value === '') return never
  const sets = await related(REPLICA_SETS)
  const owners = columnOf(store, OWNER_UIDS)
  const setName = columnOf(store, REPLICA_SET)
  const setOwners = columnOf(sets, OWNER_UIDS)
  const owned = (text: string): boolean => text !== '' && text.split('\n').includes(value)
  const condition: Condition = {
    holds: (entry) => {
      if (owned(owners.of(entry))) return true
      const name = setName.of(entry)
      const set = name === '' ? undefined : sets.get(entry.namespace, name)
      return set !== undefined && owned(setOwners.of(set))
    },
  }
  return condition
}

export const pods = defineKind({
  gvr: { group: '', version: 'v1', resource: 'pods' },
  kind: 'Pod',
  namespaced: true,
  filters: {
    status: equals(POD_STATUS),
    phase: equals(PHASE),
    nodeName: equals(NODE),
    pvcName: equals(CLAIMS, { filled: true }),
    podIP: where(
      ADDRESSES,
      (text, value) => text !== '' && text.split('\n').some((address) => address.includes(value)),
    ),
    serviceName: ofService,
    ownerReference: ofOwner,
  },
})
