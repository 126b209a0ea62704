import type { KubeObject } from '../../../gateway/kube/types.ts'
import { groupPrefix, lowerCamel } from '../../../resolvers/dynamic/names.ts'

export const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  resource: 'customresourcedefinitions',
}

/** The definition of a number in a group, the same each time it is asked for. */
export function definitionOf(group: string, n: number): KubeObject {
  const text = { type: 'string' }
  const schema = {
    type: 'object',
    properties: { spec: { type: 'object', properties: { first: text } } },
  }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `thing${n}s.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: `thing${n}s`, singular: `thing${n}`, kind: `Thing${n}` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }
}

/** A JSON patch that adds a field, as a new release of an operator does. */
export function addField(name: string): object[] {
  return [
    {
      op: 'add',
      path: `/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/${name}`,
      value: { type: 'string' },
    },
  ]
}

/** Name in the graph of the kind of a number. */
export function typeOf(group: string, n: number): string {
  return `${groupPrefix(group)}Thing${n}`
}

/** The field of `Query` that lists it. */
export function listFieldOf(group: string, n: number): string {
  return lowerCamel(`${typeOf(group, n)}s`)
}
