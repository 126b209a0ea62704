import assert from 'node:assert/strict'
import type { KubeClient } from '../../gateway/kube/api.ts'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { bearer, eventually, login } from '../e2e/http.ts'
import { ask as askGraph } from '../graphql/double.ts'
import { CLUSTERS, PASSWORD, startTwoClusters, type TwoClusters } from '../rest/two-clusters.ts'

export const API = '/kapis/cluster.kubesphere.io/v1alpha1'
export const TENANT = '/kapis/tenant.kubesphere.io/v1beta1'
export const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' }
export const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
export const SYSTEM = 'kubesphere-system'
export const base64 = (text: string): string => Buffer.from(text).toString('base64')

export interface Told {
  status: number
  text: string
}
type Conditions = { type: string; status: string; message?: string }[]
export type Member = KubeObject & {
  status?: { conditions?: Conditions; uid?: string; kubeSphereVersion?: string; nodeCount?: number }
  spec: { connection: { kubernetesAPIEndpoint?: string } }
}

export const readyOf = (cluster: Member) =>
  cluster.status?.conditions?.find(({ type }) => type === 'Ready')?.status

export const json = ({ text }: Told) => JSON.parse(text) as Record<string, never>

export const write = (field: string, type: string, fields: string): string =>
  `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`

export function draft(name: string, kubeconfig: string, type = 'direct'): KubeObject {
  return {
    apiVersion: 'cluster.kubesphere.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { provider: 'tests', connection: { type, kubeconfig: base64(kubeconfig) } },
  }
}

/** Two control planes with a ks-facade each, strangers to each other, and an administrator of the first. */
export class JoinStage implements AsyncDisposable {
  readonly two: TwoClusters
  readonly token: string
  /** The host's kube-apiserver, and the other's. */
  readonly kube: KubeClient
  readonly member: KubeClient

  constructor(two: TwoClusters, token: string) {
    this.two = two
    this.token = token
    this.kube = two.kube.host
    this.member = two.kube.member
  }

  static async start(): Promise<JoinStage> {
    await using stack = new AsyncDisposableStack()
    const two = stack.use(await startTwoClusters({ joined: false }))
    const stage = new JoinStage(two, await login(two.host.server.url, 'admin', PASSWORD))
    stack.move()
    return stage
  }

  get kubeconfig(): string {
    return this.two.memberPlane.kubeconfig
  }

  async ask(method: string, path: string, body?: unknown): Promise<Told> {
    const response = await fetch(this.two.host.server.url + path, {
      method,
      headers: { ...bearer(this.token), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(90_000),
    })
    return { status: response.status, text: await response.text() }
  }

  /** Data of a document, or the codes of its errors. */
  async graph<T>(query: string, input?: object): Promise<T> {
    const url = `${this.two.host.server.url}/graphql`
    const { body } = await askGraph(url, query, { token: this.token, variables: { input } })
    if (body.errors) return body.errors.map(({ extensions }) => extensions['code']) as T
    return body.data as T
  }

  /** Resolves with a Cluster once the host's server knows it as it is wanted. */
  async becomes(what: string, name: string, wanted: (cluster: Member) => boolean): Promise<Member> {
    const look = () => this.known<Member>(CLUSTERS, name)
    const found = await eventually(what, look, (one) => one !== undefined && wanted(one))
    return found ?? assert.fail(what)
  }

  /** Resolves once the host's server knows no such Cluster. */
  gone(name: string): Promise<unknown> {
    const look = () => this.known(CLUSTERS, name)
    return eventually(`${name} is gone`, look, (found) => found === undefined)
  }

  /** An object without a namespace, as far as the host's server has heard of it. */
  async known<T extends KubeObject>(gvr: GVR, name: string): Promise<T | undefined> {
    const store = await this.two.host.app.clusters.host.caches.store(gvr)
    return store.get('', name)?.object as T | undefined
  }

  /** Whose member the other cluster says it is. */
  async mark(): Promise<string | undefined> {
    const { metadata } = await this.member.get(NAMESPACES, SYSTEM)
    return metadata.annotations?.['cluster.kubesphere.io/host-cluster']
  }

  /** Everything that a client does with the cluster `name` through the host. */
  async used(name: string): Promise<void> {
    const maps = `/clusters/${name}/api/v1/namespaces/default/configmaps`
    const watch = await fetch(
      `${this.two.host.server.url}${maps}?watch=true&fieldSelector=metadata.name%3D${name}`,
      {
        headers: bearer(this.token),
        signal: AbortSignal.timeout(90_000),
      },
    )
    assert.equal(watch.status, 200)
    const made = await this.ask('POST', maps, { metadata: { name }, data: { of: name } })
    assert.equal(made.status, 201, made.text)
    const stored = await this.member.get<KubeObject & { data: object }>(CONFIG_MAPS, name, {
      namespace: 'default',
    })
    assert.deepEqual(stored.data, { of: name }, 'it was written on the member')
    let seen = ''
    for await (const chunk of watch.body ?? []) {
      seen += Buffer.from(chunk).toString()
      if (seen.includes('\n')) break
    }
    const event = JSON.parse(seen.split('\n')[0] ?? '') as { type: string; object: KubeObject }
    assert.deepEqual([event.type, event.object.metadata.name], ['ADDED', name])
    const list = await this.ask('GET', maps)
    assert.match(list.text, new RegExp(`"name": ?"${name}"`))
    const listed = await this.ask('GET', `/clusters/${name}${TENANT}/workspaces`)
    assert.equal(listed.status, 200, listed.text)
    assert.equal((await this.ask('DELETE', `${maps}/${name}`)).status, 200)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.two[Symbol.asyncDispose]()
  }
}
