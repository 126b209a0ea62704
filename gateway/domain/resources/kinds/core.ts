import { equals, field, never, where, type Filter } from '../condition.ts'
import { parseFieldSelector } from '../field-selector.ts'
import { defineKind, textAt } from '../kind.ts'
import { NODE_STATUS } from '../words.ts'
import { phase } from './workload-status.ts'

const core = (resource: string) => ({ group: '', version: 'v1', resource })

export const services = defineKind({ gvr: core('services'), kind: 'Service', namespaced: true })
export const configMaps = defineKind({
  gvr: core('configmaps'),
  kind: 'ConfigMap',
  namespaced: true,
})
export const serviceAccounts = defineKind({
  gvr: core('serviceaccounts'),
  kind: 'ServiceAccount',
  namespaced: true,
})
export const ingresses = defineKind({
  gvr: { group: 'networking.k8s.io', version: 'v1', resource: 'ingresses' },
  kind: 'Ingress',
  namespaced: true,
})

const byFields: Filter = (value, { object }) => {
  const matches = parseFieldSelector(value, true)
  return matches ? { holds: (entry) => matches(object(entry)) } : never
}

export const secrets = defineKind({
  gvr: core('secrets'),
  kind: 'Secret',
  namespaced: true,
  filters: { fieldSelector: byFields },
})

const STORAGE_CLASS = field('storage-class', ({ spec }) => textAt(spec, 'storageClassName'))
const PHASE = field('phase', phase)

export const persistentVolumeClaims = defineKind({
  gvr: core('persistentvolumeclaims'),
  kind: 'PersistentVolumeClaim',
  namespaced: true,
  filters: {
    // Every word must equal the phase: two different ones never do (resources-tenant.md §4.4).
    status: where(PHASE, (text, value) =>
      value.split('|').every((word) => word.toLowerCase() === text.toLowerCase()),
    ),
    storageClassName: equals(STORAGE_CLASS, { filled: true }),
  },
})

export const persistentVolumes = defineKind({
  gvr: core('persistentvolumes'),
  kind: 'PersistentVolume',
  namespaced: false,
  filters: {
    status: where(PHASE, (text, value) => text.toLowerCase() === value.toLowerCase()),
    storageClassName: equals(STORAGE_CLASS, { filled: true }),
  },
})

export const nodes = defineKind({
  gvr: core('nodes'),
  kind: 'Node',
  namespaced: false,
  filters: { status: equals(NODE_STATUS) },
})

export const namespaces = defineKind({
  gvr: core('namespaces'),
  kind: 'Namespace',
  namespaced: false,
  filters: { status: equals(PHASE) },
})

const KIND_NAME = field('crd-kind', ({ spec }) => textAt(spec, 'names', 'kind'))
const kindNamed = where(KIND_NAME, (text, value) => text.includes(value))

export const customResourceDefinitions = defineKind({
  gvr: { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
  kind: 'CustomResourceDefinition',
  namespaced: false,
  filters: {
    name: async (value, context) => {
      const kind = await kindNamed(value, context)
      return { holds: (entry) => entry.name.includes(value) || kind.holds(entry) }
    },
  },
})
