import type { KubeObject } from '../../gateway/kube/types.ts'

/** Headers of a caller of the REST face under test. */
export const as = (user: string, headers: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${user}`, ...headers },
})
/** What a client may say of itself and nobody believes. */
export const forged = {
  'x-remote-user': 'root',
  'x-remote-group': 'system:masters',
  'x-remote-extra-a': 'b',
  'impersonate-user': 'nobody',
  'impersonate-group': 'system:masters',
}

/** Objects of extensions.kubesphere.io/v1alpha1. */
export const extension = (
  kind: string,
  name: string,
  spec: object,
  status: object,
): KubeObject => ({
  apiVersion: 'extensions.kubesphere.io/v1alpha1',
  kind,
  metadata: { name },
  spec,
  status,
})
export const available = { state: 'Available' }
export const apiService = (url: string, status: object = available): KubeObject =>
  extension('APIService', 'v1.ext.io', { group: 'ext.io', version: 'v1', url }, status)
export const reverseProxy = (name: string, path: string, url: string, directives: object = {}) =>
  extension(
    'ReverseProxy',
    name,
    { matcher: { path, method: '*' }, upstream: { url }, directives },
    available,
  )
export const bundle = (name: string, spec: object, link = `/dist/${name}/index.js`) =>
  extension('JSBundle', name, spec, { ...available, link })

/** Bytes that ask for a websocket. */
export const upgradeRequest = (path: string, headers: Record<string, string> = {}): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: x',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n')
