import type { OpenApiSchema } from '../../gateway/kube/openapi.ts'

/** Scalars of the graph that OpenAPI types map to. */
export type ScalarName =
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'Float'
  | 'Int64'
  | 'IntOrString'
  | 'DateTime'
  | 'Base64'
  | 'StringMap'
  | 'Quantity'
  | 'JSON'

/** The shape of a value. A `ref` leads to a definition, a `map` to objects of a definition by key. */
export type Shape =
  | { readonly scalar: ScalarName }
  | { readonly ref: string }
  | { readonly list: Shape }
  | { readonly map: string }

export interface Property {
  /** The name in JSON. */
  readonly wire: string
  readonly shape: Shape
  readonly description: string | undefined
}

/** One object of the OpenAPI documents: a named schema, or an object inside of a custom kind. */
export interface Definition {
  readonly key: string
  /** Definition and path that an inline object is at; undefined for a named schema. */
  readonly inline: { readonly owner: string; readonly path: readonly string[] } | undefined
  /** The kinds that the schema is of. */
  readonly kinds: readonly { group: string; version: string; kind: string }[]
  readonly properties: readonly Property[]
  /** Whether objects hold members that no property names. */
  readonly open: boolean
  readonly description: string | undefined
}

/** The schemas of one document: those that became objects, and those that are another name for a shape. */
export interface Compiled {
  readonly definitions: ReadonlyMap<string, Definition>
  readonly aliases: ReadonlyMap<string, Shape>
}

const prefix = '#/components/schemas/'

const named: Readonly<Record<string, ScalarName>> = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'Quantity',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'IntOrString',
  'io.k8s.apimachinery.pkg.runtime.RawExtension': 'JSON',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'JSON',
}

const json: Shape = { scalar: 'JSON' }

/** The first sentence: whole pages of documentation stay where they came from. */
function sentence(text: string | undefined): string | undefined {
  if (!text) return undefined
  const end = text.search(/[.:](?:\s|$)|\n\n/)
  const first = end < 0 ? text : text.slice(0, end + (text.charAt(end) === '.' ? 1 : 0))
  return first.length > 300 ? `${first.slice(0, 299)}…` : first
}

function words(schema: OpenApiSchema): string | undefined {
  const about = sentence(schema.description)
  const list = schema['x-kubernetes-list-type']
  const keys = schema['x-kubernetes-list-map-keys']
  const notes = [
    about,
    schema.enum ? `One of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}.` : '',
    list === 'set' ? 'No item twice.' : '',
    list === 'map' && keys ? `One item for each ${keys.join(', ')}.` : '',
  ]
  return notes.filter(Boolean).join(' ') || undefined
}

const texts: Readonly<Record<string, ScalarName>> = { 'date-time': 'DateTime', byte: 'Base64' }

/** Reads the schemas of one document into definitions, with nothing named yet; `only` those of these names. Pure. */
export function compileDocument(
  schemas: Readonly<Record<string, OpenApiSchema>>,
  only?: (name: string) => boolean,
): Compiled {
  const definitions = new Map<string, Definition>()
  const aliases = new Map<string, Shape>()

  function shapeOf(schema: OpenApiSchema, owner: string, path: readonly string[]): Shape {
    const inner = schema.$ref === undefined && schema.allOf?.length === 1 ? schema.allOf[0] : schema
    if (inner?.$ref !== undefined) return { ref: inner.$ref.slice(prefix.length) }
    if (schema['x-kubernetes-int-or-string'] || schema.format === 'int-or-string') {
      return { scalar: 'IntOrString' }
    }
    if (schema['x-kubernetes-embedded-resource']) return json
    switch (schema.type) {
      case 'string':
        return { scalar: texts[schema.format ?? ''] ?? 'String' }
      case 'boolean':
        return { scalar: 'Boolean' }
      case 'integer':
        return { scalar: schema.format === 'int32' ? 'Int' : 'Int64' }
      case 'number':
        return { scalar: 'Float' }
      case 'array':
        return schema.items ? { list: shapeOf(schema.items, owner, path) } : json
      case 'object':
        return objectShape(schema, owner, path)
      default:
        return schema.properties ? objectShape(schema, owner, path) : json
    }
  }

  function objectShape(schema: OpenApiSchema, owner: string, path: readonly string[]): Shape {
    if (schema.properties && Object.keys(schema.properties).length > 0) {
      return { ref: inline(schema, owner, path) }
    }
    const values = schema.additionalProperties
    if (typeof values !== 'object') return json
    const of = shapeOf(values, owner, path)
    if ('ref' in of) return named[of.ref] === 'Quantity' ? { scalar: 'StringMap' } : { map: of.ref }
    if (!('scalar' in of)) return json
    const text = of.scalar === 'String' || of.scalar === 'Base64' || of.scalar === 'DateTime'
    return text ? { scalar: 'StringMap' } : json
  }

  function inline(schema: OpenApiSchema, owner: string, path: readonly string[]): string {
    const key = `${owner}#${path.join('.')}`
    define(schema, key, { owner, path })
    return key
  }

  function define(schema: OpenApiSchema, key: string, at: Definition['inline']): void {
    const owner = at?.owner ?? key
    const path = at?.path ?? []
    definitions.set(key, {
      key,
      inline: at,
      kinds: schema['x-kubernetes-group-version-kind'] ?? [],
      properties: Object.entries(schema.properties ?? {}).map(([wire, property]) => ({
        wire,
        shape: shapeOf(property, owner, [...path, wire]),
        description: words(property),
      })),
      open: schema['x-kubernetes-preserve-unknown-fields'] === true,
      description: sentence(schema.description),
    })
  }

  for (const [name, schema] of Object.entries(schemas)) {
    if (only && !only(name)) continue
    const scalar = named[name]
    if (scalar) aliases.set(name, { scalar })
    else if (schema.properties) define(schema, name, undefined)
    else if (schema['x-kubernetes-group-version-kind'] && schema.type === 'object') {
      define(schema, name, undefined)
    } else aliases.set(name, shapeOf(schema, name, []))
  }
  return { definitions, aliases }
}
