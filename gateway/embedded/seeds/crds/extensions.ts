import type { CrdKind } from '../crd.ts'
import {
  atom,
  bool,
  bytes,
  conditions,
  free,
  int32,
  list,
  obj,
  str,
  type Fields,
} from '../schema.ts'

const status = obj({ state: str, conditions })

/** Where something is served from: a URL, or a Service of this cluster. */
const endpoint: Fields = {
  url: str,
  service: obj({ 'name*': str, 'namespace*': str, path: str, port: int32 }),
  caBundle: bytes,
  insecureSkipVerify: bool,
}

const keyReference = atom({
  name: { ...str, default: '' },
  'key*': str,
  'namespace*': str,
  optional: bool,
})

const jsBundle: Fields = {
  spec: obj({
    raw: bytes,
    rawFrom: obj({ ...endpoint, configMapKeyRef: keyReference, secretKeyRef: keyReference }),
    assets: obj({
      style: obj({ link: str, ...endpoint }),
      files: list(obj({ name: str, link: str, mimeType: str, ...endpoint })),
    }),
  }),
  status: obj({ state: str, link: str, conditions }),
}

const reverseProxy: Fields = {
  spec: obj({
    matcher: obj({ 'path*': str, 'method*': str }),
    upstream: obj(endpoint),
    directives: obj({
      method: str,
      stripPathPrefix: str,
      stripPathSuffix: str,
      headerUp: list(str),
      headerDown: list(str),
      rejectForwardingRedirects: bool,
      wrapTransport: bool,
      authProxy: bool,
      rewrite: list(str),
      replace: list(str),
      pathRegexp: list(str),
    }),
  }),
  status,
}

type Row = readonly [kind: string, plural: string, about: string, fields: Fields]

const rows: Row[] = [
  ['JSBundle', 'jsbundles', 'A script that the console loads.', jsBundle],
  [
    'APIService',
    'apiservices',
    'An API group version that another server answers.',
    { spec: obj({ group: str, version: str, ...endpoint }), status },
  ],
  ['ReverseProxy', 'reverseproxies', 'Paths that another server answers.', reverseProxy],
  [
    'ExtensionEntry',
    'extensionentries',
    'Menu entries of the console.',
    { spec: obj({ entries: list(free) }), status },
  ],
]

/** Group extensions.kubesphere.io. */
export const extensionKinds: readonly CrdKind[] = rows.map(([kind, plural, about, fields]) => ({
  group: 'extensions.kubesphere.io',
  kind,
  plural,
  about,
  versions: [{ name: 'v1alpha1', fields }],
}))
