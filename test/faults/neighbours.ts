import { ask, bearer, graph, type Answer } from '../e2e/http.ts'
import type { Fault } from './relay.ts'
import { password, person, type Neighbour, type Stage } from './stage.ts'

/** One thing that a caller does; the status says how it went. */
export interface Probe {
  readonly what: string
  run(stage: Stage, turn: number): Promise<Answer>
}

const get = (what: string, path: string): Probe => ({
  what,
  run: ({ url, token }) => ask(`${url}${path}`, { headers: bearer(token) }),
})

const configMaps = '/api/v1/namespaces/default/configmaps'

/** Name of the object that a write of this turn makes. */
export const writtenName = (turn: number) => `written-${turn}`

const written: Probe = {
  what: 'a write',
  run: ({ url, token }, turn) =>
    ask(`${url}${configMaps}`, {
      method: 'POST',
      headers: { ...bearer(token), 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: { name: writtenName(turn) } }),
    }),
}

function logIn(what: string, form: Record<string, string>): Probe {
  return {
    what,
    run: ({ url }) =>
      ask(`${url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'password',
          client_id: 'kubesphere',
          client_secret: 'kubesphere',
          ...form,
        }),
      }),
  }
}

const local = logIn('a login', { username: 'admin', password })

const listed: Probe[] = [
  get('a list of users', '/kapis/iam.kubesphere.io/v1beta1/users?limit=3'),
  get('a list of pods', '/kapis/resources.kubesphere.io/v1alpha3/pods?limit=10'),
  get('workspaces', '/kapis/tenant.kubesphere.io/v1beta1/workspaces'),
  {
    what: 'the graph',
    async run({ url, token }) {
      const { status, codes, text } = await graph(
        url,
        token,
        '{ users(first: 3) { nodes { name } } }',
      )
      return { status: codes.length > 0 ? 500 : status, type: '', headers: new Headers(), text }
    },
  },
]

const upload: Probe = {
  what: 'an upload',
  run({ url, token }) {
    const form = new FormData()
    form.append('shot', new File(['pixels'], 'a.png'))
    return ask(`${url}/kapis/application.kubesphere.io/v2/attachments`, {
      method: 'POST',
      headers: bearer(token),
      body: form,
    })
  },
}

export interface Row {
  readonly neighbour: Neighbour
  /** What cannot do without it. */
  readonly needs: readonly Probe[]
  /** What goes on as if nothing had happened. */
  readonly others: readonly Probe[]
  readonly faults: readonly Fault[]
}

const every: readonly Fault[] = ['refuse', 'reset', 'corrupt', 'hang', 'crawl']
const member = '/clusters/far/kapis/iam.kubesphere.io/v1beta1/users?limit=3'

const memberList = get('a list of a member', member)
const extension = get('an API of an extension', '/kapis/faults.test/v1/answer')
const directoryLogin = logIn('a login by the directory', {
  username: person.uid,
  password: person.password,
  provider: 'corp',
})

/** Names that have to be looked up, where they do. */
export const nameRow: Row = {
  neighbour: 'DNS',
  needs: [memberList, extension, directoryLogin],
  others: [...listed, written, local],
  faults: ['refuse', 'hang'],
}

/** Who may fail, how, and whom that concerns. */
export const rows: readonly Row[] = [
  {
    neighbour: 'kube-apiserver',
    needs: [get('a read passed on', `${configMaps}/kube-root-ca.crt`), written],
    others: listed,
    faults: every,
  },
  {
    neighbour: 'etcd',
    needs: [written],
    others: listed,
    // Behind its relay first: an etcd that was killed comes back in front of it.
    faults: ['reset', 'crawl', 'refuse', 'hang'],
  },
  {
    neighbour: 'member',
    needs: [memberList],
    others: [...listed, written, local],
    faults: every,
  },
  {
    neighbour: 'APIService',
    needs: [extension],
    others: [...listed, written, local],
    faults: every,
  },
  { neighbour: 'Redis', needs: [local, ...listed], others: [], faults: every },
  {
    neighbour: 'LDAP',
    needs: [directoryLogin],
    others: [...listed, written, local],
    faults: every,
  },
  { neighbour: 'S3', needs: [upload], others: [...listed, written, local], faults: every },
]
