import type { KubeClient } from './api.ts'
import { ApiError } from '../lib/errors.ts'
import { readBytes } from './body.ts'
import { failure } from './client.ts'

/** As much of a schema of the Kubernetes OpenAPI v3 documents as types are made of. */
export interface OpenApiSchema {
  readonly type?: string
  readonly format?: string
  readonly description?: string
  readonly $ref?: string
  readonly allOf?: readonly OpenApiSchema[]
  readonly oneOf?: readonly OpenApiSchema[]
  readonly properties?: Readonly<Record<string, OpenApiSchema>>
  readonly additionalProperties?: OpenApiSchema | boolean
  readonly items?: OpenApiSchema
  readonly enum?: readonly unknown[]
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string
    readonly version: string
    readonly kind: string
  }[]
}

/** Where the schemas of one group and version are; `hash` changes exactly when they do. */
export interface OpenApiPlace {
  /** `apps/v1`; `v1` for the core group. */
  readonly groupVersion: string
  readonly hash: string
  readonly path: string
}

/** A document as it is now. */
export interface OpenApiDocument {
  /** As the index will say it; undefined where the server gives none. */
  readonly hash: string | undefined
  readonly schemas: Readonly<Record<string, OpenApiSchema>>
}

/** Most bytes of one document. */
const LIMIT = 64 * 1024 * 1024

interface Index {
  readonly paths?: Readonly<Record<string, { readonly serverRelativeURL?: string }>>
}

const documentOf = /^(?:api|apis\/(?<group>[^/]+))\/(?<version>[^/]+)$/

/**
 * The documents that a cluster offers, by group and version (Kubernetes documentation, "The Kubernetes API", OpenAPI v3).
 * Empty for a server without them. Throws ApiError when the server gives no answer.
 */
export async function openApiIndex(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<Map<string, OpenApiPlace>> {
  const places = new Map<string, OpenApiPlace>()
  let index: Index
  try {
    index = await client.json<Index>({ path: '/openapi/v3', signal })
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return places
    throw error
  }
  for (const [path, { serverRelativeURL }] of Object.entries(index.paths ?? {})) {
    const { group, version } = documentOf.exec(path)?.groups ?? {}
    if (!version || !serverRelativeURL) continue
    const url = new URL(serverRelativeURL, client.origin)
    const groupVersion = group ? `${group}/${version}` : version
    places.set(groupVersion, {
      groupVersion,
      hash: url.searchParams.get('hash') ?? url.search,
      path: url.pathname,
    })
  }
  return places
}

/**
 * One document as it is now, undefined while its hash is `known` (RFC 9110 §13.1.2). It is asked for without the hash of the
 * index, which is a second behind: for another hash than its own a server sends the reader elsewhere. Throws ApiError.
 */
export async function openApiDocument(
  client: KubeClient,
  { path }: OpenApiPlace,
  known: string | undefined,
  signal?: AbortSignal,
): Promise<OpenApiDocument | undefined> {
  const headers = known ? { 'if-none-match': `"${known}"` } : {}
  const response = await client.stream({ path, headers, signal })
  const text = (await readBytes(response.body, LIMIT)).toString()
  if (response.status === 304) return undefined
  if (response.status !== 200) throw failure(response.status, text)
  const { components } = JSON.parse(text) as {
    components?: { schemas?: Readonly<Record<string, OpenApiSchema>> }
  }
  const etag = response.headers['etag']
  const hash =
    typeof etag === 'string' ? /^(?:W\/)?"(?<hash>.+)"$/.exec(etag)?.groups?.['hash'] : ''
  return { hash: hash || undefined, schemas: components?.schemas ?? {} }
}
