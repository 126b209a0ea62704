/** Where a promise is tested: a file below `test/` and a part of the title in it. */
export type Promised = readonly [file: string, title: string]

/** A row of the list of what must be safe, with the tests that hold it shut on each face. */
export interface Hole {
  readonly row: number
  readonly rest: readonly Promised[]
  /** Why the graph has no such way where it has none. */
  readonly graph: readonly Promised[] | string
}

const ADDRESSES = 'iam/stories/addresses.ts'
const STORIES = 'iam/stories/holes.ts'
const GRAPH = 'attacks/graph.test.ts'
const TOKENS = 'identity/tokens.test.ts'
const PROXIES = 'rest/proxies.test.ts'
const PASSTHROUGH = 'rest/kube-passthrough.test.ts'

const accounts: Promised = [GRAPH, '1, 2, 6, 7: nobody writes another account']
const workspaces: Promised = [GRAPH, '3, 4, 5: nobody rewrites']
const places: Promised = [GRAPH, '8, 9: what is written']
const roles: Promised = [GRAPH, '10, 23: roles of another workspace']
const headers: Promised = [GRAPH, '13, 14: headers that name somebody']
const hashes: Promised = [GRAPH, '20, 21, 22: no field shows a password hash']
const credentials: Promised = [GRAPH, '24, 25, 26: no field shows a credential']
const live: Promised = [GRAPH, '40, 45, 46: only a live access token']

const noProxy = 'the graph proxies nothing'
const noRegistry = 'the graph asks no registry, no repository of code and no bundle host'
const noEndpoint = 'it is a matter of the OAuth endpoints'
const noWorkloadTemplates = 'workload templates have no field; Secrets are judged as Secrets'

/** All rows of the list, in its order. */
export const holes: readonly Hole[] = [
  { row: 1, rest: [[STORIES, '1, 2: nobody writes']], graph: [accounts] },
  { row: 2, rest: [[STORIES, '1, 2: nobody writes']], graph: [accounts] },
  { row: 3, rest: [['rest/guarded-writes.test.ts', 'hole 3:']], graph: [workspaces] },
  { row: 4, rest: [['rest/guarded-writes.test.ts', 'hole 4:']], graph: [workspaces] },
  {
    row: 5,
    rest: [
      [STORIES, '5: nobody changes the placement'],
      ['tenant/placement.test.ts', 'hole 5:'],
    ],
    graph: [workspaces],
  },
  {
    row: 6,
    rest: [
      [STORIES, '6, 7: groups'],
      ['rest/guarded-writes.test.ts', 'groups, links to identity providers'],
    ],
    graph: [accounts, ['graphql/stories/accounts.ts', 'people change themselves, but not what']],
  },
  { row: 7, rest: [[STORIES, '6, 7: groups']], graph: [accounts] },
  { row: 8, rest: [[ADDRESSES, '8: a binding is made']], graph: [places] },
  { row: 9, rest: [[ADDRESSES, '9: nothing is written']], graph: [places] },
  {
    row: 10,
    rest: [[ADDRESSES, '10: nor into another workspace']],
    graph: [roles, ['graphql/stories/roles.ts', 'a role of one workspace is not reached']],
  },
  {
    row: 11,
    rest: [[STORIES, '11: who may create accounts']],
    graph: [['graphql/stories/members.ts', 'a global role is assigned by who may hand it out']],
  },
  {
    row: 12,
    rest: [[STORIES, '12: a name that is no label value']],
    graph: [['graphql/stories/members.ts', 'are refused for a bad name']],
  },
  { row: 13, rest: [[PASSTHROUGH, 'hole 13:']], graph: [headers] },
  { row: 14, rest: [[PROXIES, 'hole 14:']], graph: [headers] },
  { row: 15, rest: [[PROXIES, 'hole 15:']], graph: noProxy },
  {
    row: 20,
    rest: [
      [STORIES, '20, 21, 22: no answer'],
      [PASSTHROUGH, 'holes 20, 22:'],
    ],
    graph: [hashes],
  },
  { row: 21, rest: [[STORIES, '20, 21, 22: no answer']], graph: [hashes] },
  {
    row: 22,
    rest: [
      [STORIES, '20, 21, 22: no answer'],
      [PASSTHROUGH, 'holes 20, 22:'],
    ],
    graph: [hashes],
  },
  { row: 23, rest: [[ADDRESSES, '23: a list in a workspace']], graph: [roles] },
  {
    row: 24,
    rest: [
      [STORIES, '24, 25: no answer'],
      ['tenant/reads.test.ts', 'hole 24:'],
    ],
    graph: [credentials],
  },
  {
    row: 25,
    rest: [
      [STORIES, '25: a cluster shows its token'],
      [PASSTHROUGH, 'hole 25:'],
    ],
    graph: [credentials],
  },
  { row: 26, rest: [['platform/config.test.ts', '(hole 26)']], graph: [credentials] },
  {
    row: 27,
    rest: [
      ['platform/config.test.ts', '(holes 26, 27)'],
      ['identity/relying-party.test.ts', 'hole 27:'],
    ],
    graph: [credentials],
  },
  {
    row: 28,
    rest: [['rest/workload-templates.test.ts', 'hole 28:']],
    graph: noWorkloadTemplates,
  },
  { row: 29, rest: [['registry/faults.test.ts', 'hole 29:']], graph: noRegistry },
  {
    row: 30,
    rest: [
      ['rest/git-verify.test.ts', 'hole 30:'],
      ['resources/git.test.ts', 'hole 30:'],
    ],
    graph: noRegistry,
  },
  {
    row: 31,
    rest: [[STORIES, '31: reads of foreign tenants']],
    graph: [['graphql/platform.test.ts', 'workspaces show projects and members to their']],
  },
  {
    row: 32,
    rest: [
      [ADDRESSES, '32: what a project’s administrator'],
      ['resources/custom-filters.test.ts', 'nobody steers lists from a project'],
    ],
    graph: 'both faces ask the same filters, and both tests look at those',
  },
  { row: 33, rest: [[PROXIES, 'hole 33:']], graph: noRegistry },
  {
    row: 34,
    rest: [
      ['auditing/mask.test.ts', 'hole 34:'],
      ['rest/auditing.test.ts', 'hole 34:'],
    ],
    graph: [['auditing/graph.test.ts', 'and none of what was written']],
  },
  {
    row: 40,
    rest: [
      [TOKENS, 'holes 40 and 41:'],
      ['identity/oauth-http.test.ts', 'hole 40:'],
    ],
    graph: [live],
  },
  { row: 41, rest: [[TOKENS, 'holes 40 and 41:']], graph: noEndpoint },
  { row: 42, rest: [['identity/grants.test.ts', 'hole 42']], graph: noEndpoint },
  { row: 43, rest: [['identity/grants.test.ts', 'hole 43']], graph: noEndpoint },
  { row: 44, rest: [['identity/oauth-http.test.ts', 'hole 44:']], graph: noEndpoint },
  { row: 45, rest: [[TOKENS, '(hole 45)']], graph: [live] },
  {
    row: 46,
    rest: [[TOKENS, 'hole 46:']],
    graph: [['graphql/platform.test.ts', 'a password is changed with the old one']],
  },
  { row: 47, rest: [[TOKENS, 'hole 47:']], graph: noEndpoint },
  {
    row: 48,
    rest: [
      [TOKENS, '(hole 48)'],
      ['identity/redis.test.ts', 'hole 48'],
    ],
    graph: noEndpoint,
  },
  {
    row: 49,
    rest: [[TOKENS, 'hole 49']],
    graph: [['graphql/stories/accounts.ts', 'a closed account is out at once']],
  },
  { row: 50, rest: [[TOKENS, 'hole 50:']], graph: noEndpoint },
  {
    row: 51,
    rest: [['identity/login.test.ts', 'tells nothing about accounts to whom does not know']],
    graph: noEndpoint,
  },
  {
    row: 60,
    rest: [
      ['rest/chain.test.ts', 'hole 60:'],
      ['identity/request-info.test.ts', 'hole 60'],
    ],
    graph: 'it has one path',
  },
  {
    row: 61,
    rest: [
      [STORIES, '61: a member without annotations'],
      ['resources/operations.test.ts', 'hole 61:'],
    ],
    graph: [['graphql/stories/members.ts', 'one member of a workspace is read with the role']],
  },
  {
    row: 62,
    rest: [
      [PROXIES, 'hole 62:'],
      ['rest/multicluster.test.ts', 'hole 62:'],
    ],
    graph: [[GRAPH, '62, 64: strangers get no object']],
  },
  {
    row: 63,
    rest: [
      ['rest/multicluster.test.ts', 'hole 63:'],
      [PASSTHROUGH, 'hole 63:'],
    ],
    graph: noProxy,
  },
  {
    row: 64,
    rest: [
      [PROXIES, 'hole 64:'],
      ['identity/request-info.test.ts', 'hole 64'],
    ],
    graph: [
      [GRAPH, '62, 64: strangers get no object'],
      ['graphql/objects.test.ts', 'names that are no names do not leave their path'],
    ],
  },
  {
    row: 65,
    rest: [['identity/request-info.test.ts', 'hole 65']],
    graph: 'both faces have the address from one place',
  },
]

/** A sharp edge of the notes that is marked as a matter of security, with the rows of the list that say what is wanted. */
export interface Dagger {
  /** Its number in the list of sharp edges. */
  readonly edge: number
  readonly rows: readonly number[]
  /** Tests of what no row says. */
  readonly tests: readonly Promised[]
}

/** All of them, in their order. */
export const daggers: readonly Dagger[] = [
  {
    edge: 14,
    rows: [],
    tests: [
      [
        'identity/request-info.test.ts',
        'X-KubeSphere-Authorization fills an empty Authorization only',
      ],
      [
        'identity/request-info.test.ts',
        'X-KubeSphere-Rawquery fills an empty query, and must be one',
      ],
    ],
  },
  {
    edge: 27,
    rows: [40, 41],
    tests: [['attacks/tokens.test.ts', 'of the login, for something else']],
  },
  { edge: 31, rows: [49], tests: [] },
  { edge: 32, rows: [45, 46], tests: [] },
  { edge: 36, rows: [50], tests: [] },
  {
    edge: 37,
    rows: [33],
    tests: [
      [PROXIES, 'a password does not travel to an extension'],
      ['attacks/smuggling.test.ts', 'the upstream hears who asks from this server alone'],
    ],
  },
  { edge: 47, rows: [13], tests: [] },
  { edge: 49, rows: [], tests: [['rest/permissions.test.ts', 'kinds without a route']] },
  { edge: 50, rows: [22], tests: [] },
  { edge: 51, rows: [1, 2, 8, 9, 10], tests: [] },
  { edge: 53, rows: [21, 23], tests: [] },
  { edge: 56, rows: [32], tests: [] },
  { edge: 62, rows: [14, 15], tests: [] },
  { edge: 63, rows: [33], tests: [] },
  {
    edge: 69,
    rows: [34],
    tests: [['attacks/secrets.test.ts', 'stand in no event of the audit trail']],
  },
  { edge: 72, rows: [3, 4], tests: [] },
  {
    edge: 73,
    rows: [64],
    tests: [['attacks/smuggling.test.ts', 'what was judged is what is asked']],
  },
  { edge: 74, rows: [25], tests: [] },
  { edge: 75, rows: [30], tests: [['attacks/ssrf.test.ts', 'however it is written']] },
]
