import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startGraphWorld, type Graph, type GraphWorld } from '../graphql/graph.ts'
import { account, eventually, IAM, type Caller } from '../iam/world.ts'

const ROLES = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'globalroles' }
const MAPS = '/api/v1/namespaces/team-a/configmaps'

/** Reads in team namespaces, and deletion of what is named after who asks; with a helper and a negation. */
const TEAM = `package authz
default allow = false
allow { reading; in_team; not input.Name == "hidden" }
allow { input.Verb == "delete"; in_team; input.Name == sprintf("%s-own", [input.User.Name]) }
reading { {"get", "list"}[input.Verb] }
in_team { input.Resource == "configmaps"; regex.match("^team-", input.Namespace) }`
const ENDLESS = `package authz
allow { x := numbers.range(1, 30000)[_]; y := numbers.range(1, 30000)[_]; x + y == -1 }`
const REACHES_OUT = `package authz
allow { http.send({"method": "get", "url": "http://127.0.0.1:1"}) }
allow { not input.Nothing }`

let world: GraphWorld
let admin: Caller

before(async () => {
  world = await startGraphWorld()
  admin = await world.as('admin')
  for (const name of ['team-a', 'other']) {
    await put(NAMESPACE, { metadata: { name } })
    for (const map of ['visible', 'hidden', 'rhea-own']) {
      await put(CONFIG_MAP, { metadata: { name: map } }, name)
    }
  }
})
after(() => world?.[Symbol.asyncDispose]())

/** Creates an object with the rights of the API server. */
async function put(
  [apiVersion, kind, resource]: readonly [string, string, string],
  object: { metadata: { name: string } } & Record<string, unknown>,
  namespace?: string,
): Promise<void> {
  const [group = '', version = 'v1'] = apiVersion.includes('/') ? apiVersion.split('/') : []
  const body = { apiVersion, kind, ...object }
  await world.kube.create({ group, version, resource }, body, { namespace })
}

const NAMESPACE = ['v1', 'Namespace', 'namespaces'] as const
const CONFIG_MAP = ['v1', 'ConfigMap', 'configmaps'] as const
const SECRET = ['v1', 'Secret', 'secrets'] as const
const ROLE = ['iam.kubesphere.io/v1beta1', 'GlobalRole', 'globalroles'] as const
const BINDING = ['iam.kubesphere.io/v1beta1', 'GlobalRoleBinding', 'globalrolebindings'] as const
const EXTENSION = ['kubesphere.io/v1alpha1', 'Extension', 'extensions'] as const

/** An account whose only global role beside the regular ones is the policy. */
async function withPolicy(name: string, policy: string): Promise<{ rest: Caller; graph: Graph }> {
  assert.equal((await admin.post(`${IAM}/users`, account(name))).status, 200)
  const meta = { annotations: { 'iam.kubesphere.io/rego-override': policy } }
  await put(ROLE, { metadata: { name: `${name}-role`, ...meta }, rules: [] })
  const apiGroup = 'iam.kubesphere.io'
  await put(BINDING, {
    metadata: { name: `${name}-binding` },
    subjects: [{ apiGroup, kind: 'User', name }],
    roleRef: { apiGroup, kind: 'GlobalRole', name: `${name}-role` },
  })
  await world.settled()
  return { rest: await world.as(name), graph: await world.graph(name) }
}

const status = async (answer: Promise<{ status: number }>) => (await answer).status
const isForbidden = ({ status: code }: { status: number }) => code === 403

const MAP = `query ($name: String!, $namespace: String!) {
  resource(ref: { resource: "configmaps", namespace: $namespace, name: $name }) { metadata { name } }
}`
const CAN = `query ($attributes: [AccessAttributes!]!) { me { can(attributes: $attributes) { allowed } } }`

describe('a role with a policy of its own', () => {
  let rhea: { rest: Caller; graph: Graph }
  before(async () => {
    rhea = await withPolicy('rhea', TEAM)
    await eventually(
      () => rhea.rest.get(`${MAPS}/visible`),
      ({ status: code }) => code === 200,
    )
  })

  test('allows and refuses over REST', async () => {
    const { rest } = rhea
    assert.equal(await status(rest.get(`${MAPS}/visible`)), 200)
    assert.equal(await status(rest.get(MAPS)), 200)
    assert.equal(await status(rest.get(`${MAPS}/hidden`)), 403)
    assert.equal(await status(rest.get('/api/v1/namespaces/other/configmaps/visible')), 403)
    assert.equal(await status(rest.delete(`${MAPS}/visible`)), 403)
    assert.equal(await status(rest.delete(`${MAPS}/rhea-own`)), 200)
    assert.equal(await status(rest.get('/api/v1/namespaces/team-a/secrets')), 403)
  })

  test('allows and refuses in the graph', async () => {
    const { graph } = rhea
    const found = { resource: { metadata: { name: 'visible' } } }
    assert.deepEqual(await graph.data(MAP, { namespace: 'team-a', name: 'visible' }), found)
    for (const [namespace, name] of [
      ['team-a', 'hidden'],
      ['other', 'visible'],
    ]) {
      assert.deepEqual(await graph.codes(MAP, { namespace, name }), ['FORBIDDEN'])
    }
    const attributes = ['visible', 'hidden'].map((name) => ({
      verb: 'get',
      resource: 'configmaps',
      namespace: 'team-a',
      name,
    }))
    assert.deepEqual(await graph.data(CAN, { attributes }), {
      me: { can: [{ allowed: true }, { allowed: false }] },
    })
  })

  test('is told by access reviews, and follows a change of its text', async () => {
    const review = {
      apiVersion: 'iam.kubesphere.io/v1beta1',
      kind: 'SubjectAccessReview',
      spec: {
        user: 'rhea',
        resourceAttributes: {
          verb: 'get',
          resource: 'configmaps',
          namespace: 'team-a',
          name: 'visible',
          resourceScope: 'Namespace',
        },
      },
    }
    const { text } = await admin.post(`${IAM}/subjectaccessreviews`, review)
    assert.match(text, /allowed by GlobalRoleBinding .*rhea-binding.*GlobalRole .*rhea-role/)
    await world.kube.patch(
      ROLES,
      'rhea-role',
      { metadata: { annotations: { 'iam.kubesphere.io/rego-override': `${TEAM}\nfoo {` } } },
      { type: 'merge' },
    )
    assert.ok(isForbidden(await eventually(() => rhea.rest.get(MAPS), isForbidden)))
  })
})

test('an endless policy is refused, and nobody else waits for it', async () => {
  const slow = await withPolicy('slow', ENDLESS)
  const ended: string[] = []
  const [refused] = await Promise.all([
    slow.rest.get(MAPS).finally(() => ended.push('slow')),
    admin.get(MAPS).finally(() => ended.push('admin')),
  ])
  assert.equal(refused.status, 403)
  assert.deepEqual(ended, ['admin', 'slow'])
  assert.deepEqual(await slow.graph.codes(MAP, { namespace: 'team-a', name: 'visible' }), [
    'FORBIDDEN',
  ])
  const metrics = await admin.get('/metrics')
  assert.match(metrics.text, /ks_facade_rego_evaluations_total\{use="access",result="timeout"\} \d/)
})

test('a policy that asks another host is refused as a whole', async () => {
  const { rest, graph } = await withPolicy('reacher', REACHES_OUT)
  assert.equal(await status(rest.get(MAPS)), 403)
  assert.deepEqual(await graph.codes(MAP, { namespace: 'team-a', name: 'visible' }), ['FORBIDDEN'])
})

describe('lists with filters that an extension registers', () => {
  const list = '/kapis/kubesphere.io/v1alpha1/extensions'
  before(async () => {
    for (const [name, en] of [
      ['metrics', 'Grand Dashboards'],
      ['logs', 'Log Search'],
    ] as const) {
      await put(EXTENSION, {
        metadata: { name },
        spec: { displayName: { en, zh: name } },
      })
    }
    await eventually(
      () => admin.get(list),
      ({ names }) => names.length === 2,
    )
  })

  test('the one that is seeded looks into display names and states', async () => {
    const names = async (query: string) => (await admin.get(`${list}?${query}`)).names.toSorted()
    assert.deepEqual(await names(''), ['logs', 'metrics'])
    assert.deepEqual(await names('q=grand'), ['metrics'])
    assert.deepEqual(await names('q=nothing'), [])
    assert.deepEqual(await names('status=notInstalled'), ['logs', 'metrics'])
    assert.deepEqual(await names('status=installed'), [])
    assert.deepEqual(await names('q=o&name=log'), ['logs'])
  })

  test('nobody steers the lists of others from a project', async () => {
    const policy = 'package filter\ndefault match = false'
    const resource = { group: 'iam.kubesphere.io', version: 'v1beta1', kind: 'GlobalRole' }
    const secret = (name: string) => ({
      metadata: { name },
      type: 'config.kubesphere.io/custom-resource-filter',
      stringData: { 'configuration.yaml': JSON.stringify({ resource, regoPolicy: policy }) },
    })
    const roles = () => admin.get(`${IAM}/globalroles?name=a`)
    await put(SECRET, secret('steer'), 'team-a')
    // The one that counts comes later, so the other has been seen by then.
    const other = { ...secret('later'), type: 'config.kubesphere.io/custom-resource-filter' }
    other.stringData['configuration.yaml'] = JSON.stringify({
      resource: { ...resource, kind: 'WorkspaceRole' },
      regoPolicy: policy,
    })
    await put(SECRET, other, 'kubesphere-system')
    await eventually(
      () => admin.get(`${IAM}/workspaceroles?name=a`),
      ({ names }) => names.length === 0,
    )
    assert.ok((await roles()).names.includes('platform-admin'))
    await put(SECRET, secret('rule'), 'kubesphere-system')
    assert.deepEqual((await eventually(roles, ({ names }) => names.length === 0)).names, [])
  })
})
