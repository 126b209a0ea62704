import type { RouteRow } from './routes/registry.ts'

type Json = Record<string, unknown>

const INFO = {
  title: 'KubeSphere API',
  description: 'REST API of the KubeSphere platform as served by ks-facade.',
  version: 'v4.1.3',
}

const ERROR = { description: 'An error as text' }

/** Swagger 2.0 of the rows. Source: the OpenAPI 2.0 specification. */
export function openapiV2(rows: readonly RouteRow[]): Json {
  return {
    swagger: '2.0',
    info: INFO,
    paths: paths(rows, operationV2),
    definitions: {},
    securityDefinitions: {
      BearerToken: { type: 'apiKey', name: 'Authorization', in: 'header' },
    },
    security: [{ BearerToken: [] }],
    tags: tags(rows),
  }
}

/** OpenAPI 3.0.0 of the rows, one document. Source: the OpenAPI 3.0 specification. */
export function openapiV3(rows: readonly RouteRow[]): Json {
  return {
    openapi: '3.0.0',
    info: INFO,
    paths: paths(rows, operationV3),
    components: {
      schemas: {},
      securitySchemes: { BearerToken: { type: 'apiKey', name: 'Authorization', in: 'header' } },
    },
    security: [{ BearerToken: [] }],
    tags: tags(rows),
  }
}

function tags(rows: readonly RouteRow[]): Json[] {
  return [...new Set(rows.flatMap((row) => row.tags))].toSorted().map((name) => ({ name }))
}

/** `{name:*}` and `{name:expression}` are the router's own; OpenAPI knows `{name}`. */
function plainPath(path: string): string {
  return path.replace(/\{([^:}]+):[^}]*\}/g, '{$1}')
}

function paths(rows: readonly RouteRow[], operation: (row: RouteRow) => Json): Json {
  const out: Record<string, Json> = {}
  for (const row of rows) {
    const item = (out[plainPath(row.path)] ??= {})
    // Of rows with the same method and path only the first answers.
    item[row.method.toLowerCase()] ??= operation(row)
  }
  return Object.fromEntries(Object.entries(out).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function common(row: RouteRow): Json {
  return {
    operationId: row.operation,
    summary: row.summary,
    tags: row.tags,
    ...(row.deprecated ? { deprecated: true } : {}),
  }
}

function pathParameters(row: RouteRow): string[] {
  return [...row.path.matchAll(/\{([^:}]+)(?::[^}]*)?\}/g)].map(([, name = '']) => name)
}

function hasBody(row: RouteRow): boolean {
  return row.method === 'POST' || row.method === 'PUT' || row.method === 'PATCH'
}

function operationV2(row: RouteRow): Json {
  const parameters: Json[] = [
    ...pathParameters(row).map((name) => ({ name, in: 'path', required: true, type: 'string' })),
    ...(row.query ?? []).map(({ name, description }) => ({
      name,
      in: 'query',
      description,
      type: 'string',
    })),
    ...(hasBody(row) ? [{ name: 'body', in: 'body', schema: { type: 'object' } }] : []),
  ]
  return {
    ...common(row),
    ...(row.consumes ? { consumes: row.consumes } : {}),
    produces: [...new Set(row.produces ?? ['application/json'])],
    parameters,
    responses: { 200: { description: 'OK' }, default: ERROR },
  }
}

function operationV3(row: RouteRow): Json {
  const schema = { type: 'string' }
  const parameters: Json[] = [
    ...pathParameters(row).map((name) => ({ name, in: 'path', required: true, schema })),
    ...(row.query ?? []).map(({ name, description }) => ({
      name,
      in: 'query',
      description,
      schema,
    })),
  ]
  const object = { schema: { type: 'object' } }
  const consumes = row.consumes ?? ['application/json']
  const produces = row.produces ?? ['application/json']
  return {
    ...common(row),
    parameters,
    ...(hasBody(row)
      ? { requestBody: { content: Object.fromEntries(consumes.map((type) => [type, object])) } }
      : {}),
    responses: {
      200: {
        description: 'OK',
        content: Object.fromEntries(produces.map((type) => [type, { schema: {} }])),
      },
      default: ERROR,
    },
  }
}
