import type { KubeObject } from '../../gateway/kube/types.ts'
import { createRegistry, type RegistryDeps } from '../../gateway/domain/registry/index.ts'
import { face, type Asked } from '../rest/support.ts'

const R3 = '/kapis/resources.kubesphere.io/v1alpha3/namespaces/a'
const R2 = '/kapis/resources.kubesphere.io/v1alpha2'

export interface Answered {
  readonly status: number
  readonly text: string
  readonly type: string | null
  readonly json: Record<string, unknown>
}

/** The registry routes as a console sees them. */
export interface Console extends AsyncDisposable {
  /** Below namespace `a` of v1alpha3. */
  get(path: string, query: Record<string, string>): Promise<Answered>
  verifySecret(body: unknown): Promise<Answered>
  blob(query: Record<string, string>): Promise<Answered>
  verify(body: unknown): Promise<Answered>
}

/** The REST face over these Secrets, whose registries may be on this machine. */
export async function startConsole(
  secrets: readonly KubeObject[] = [],
  { allow = () => true, ...deps }: RegistryDeps & { allow?: (asked: Asked) => boolean } = {},
): Promise<Console> {
  const registry = createRegistry({ openHosts: ['127.0.0.0/8'], ...deps })
  const server = await face({ objects: { secrets }, allow, app: { registry } })
  const call = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const headers = { authorization: 'Bearer carol', 'content-type': 'application/json' }
    const response = await fetch(server.url + path, { ...init, headers })
    const text = await response.text()
    const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, text, type: response.headers.get('content-type'), json }
  }
  const post = (path: string, body: unknown) =>
    call(path, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return {
    get: (path, query) => call(`${R3}/${path}?${new URLSearchParams(query).toString()}`),
    blob: (query) => call(`${R2}/registry/blob?${new URLSearchParams(query).toString()}`),
    verify: (body) => post(`${R2}/registry/verify`, body),
    verifySecret: (body) => post(`${R3}/registrysecrets/any/verify`, body),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

export interface SecretLike {
  readonly name: string
  readonly auths: object
  readonly type?: string
  readonly annotations?: Record<string, string>
  readonly data?: Record<string, string>
}

/** A Secret with logins of registries, in namespace `a`. */
export function loginSecret({
  name,
  auths,
  type = 'kubernetes.io/dockerconfigjson',
  annotations = {},
  data = {},
}: SecretLike): KubeObject {
  const config = Buffer.from(JSON.stringify({ auths })).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'a', uid: name, resourceVersion: '1', annotations },
    type,
    data: { '.dockerconfigjson': config, ...data },
  }
}
