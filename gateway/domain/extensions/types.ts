import type { GVR, KubeObject } from '../../kube/types.ts'

/** Objects of extensions.kubesphere.io/v1alpha1 (pipeline.md §22), the fields that the pipeline reads. */
export interface Endpoint {
  url?: string
  service?: { namespace?: string; name?: string; path?: string; port?: number }
  caBundle?: string
  insecureSkipVerify?: boolean
}

export interface KeyRef {
  name?: string
  namespace?: string
  key?: string
}

export interface JSBundle extends KubeObject {
  spec?: {
    raw?: string
    rawFrom?: Endpoint & { configMapKeyRef?: KeyRef; secretKeyRef?: KeyRef }
    assets?: {
      style?: Endpoint & { link?: string }
      files?: (Endpoint & { name?: string; link?: string; mimeType?: string })[]
    }
  }
  status?: { link?: string; state?: string }
}

export interface APIService extends KubeObject {
  spec?: Endpoint & { group?: string; version?: string }
  status?: { state?: string }
}

export interface Directives {
  method?: string
  stripPathPrefix?: string
  stripPathSuffix?: string
  headerUp?: string[]
  headerDown?: string[]
  wrapTransport?: boolean
  authProxy?: boolean
  rewrite?: string[]
  replace?: string[]
  pathRegexp?: string[]
}

export interface ReverseProxy extends KubeObject {
  spec?: {
    matcher?: { path?: string; method?: string }
    upstream?: Endpoint
    directives?: Directives
  }
  status?: { state?: string }
}

/** What an extension puts into the console's menus, and what else is to be known of it. */
export interface ExtensionEntry extends KubeObject {
  /** Free objects; with `graphql.apiService` in one, that APIService has a graph. */
  spec?: { entries?: unknown[] }
  status?: { state?: string }
}

const group = 'extensions.kubesphere.io'
const version = 'v1alpha1'
export const JSBUNDLES: GVR = { group, version, resource: 'jsbundles' }
export const APISERVICES: GVR = { group, version, resource: 'apiservices' }
export const EXTENSIONENTRIES: GVR = { group, version, resource: 'extensionentries' }
export const REVERSEPROXIES: GVR = { group, version, resource: 'reverseproxies' }
