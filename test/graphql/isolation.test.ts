import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { account, IAM, project, TENANT, workspace } from '../iam/world.ts'
import { random } from '../resources/support.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const gvr = (resource: string) => ({ group: '', version: 'v1', resource })

/** One account with a workspace, a project and things in it that carry a word that nobody else may see. */
interface Tenant {
  readonly name: string
  readonly workspace: string
  readonly project: string
  readonly word: string
  graph: Graph
  ids: string[]
}

const tenants: Tenant[] = ['ann', 'bob'].map((name) => ({
  name,
  workspace: `crew-${name}`,
  project: `deck-${name}`,
  word: createHash('sha256').update(name).digest('hex').slice(0, 16),
  graph: undefined as unknown as Graph,
  ids: [],
}))
const [ann, bob] = tenants as [Tenant, Tenant]

/** Documents of one tenant: whoever asks must get that tenant's word, or nothing of it. */
const documents: readonly ((of: Tenant) => readonly [query: string, variables?: object])[] = [
  (of) => [`{ configMaps(namespace: "${of.project}") { nodes { data metadata { name } } } }`],
  (of) => [`{ configMap(namespace: "${of.project}", name: "mine") { data raw yaml } }`],
  (of) => [
    `{ resources(kind: { kind: "ConfigMap" }, namespace: "${of.project}") { nodes { yaml } } }`,
  ],
  () => ['{ configMaps(accessibleOnly: true) { nodes { data } clusterResults { namespaces } } }'],
  (of) => [
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ConfigMap { data } } }',
    { ids: of.ids },
  ],
  (of) => [
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on ConfigMap { data } } }',
    { of: of.ids.map((id) => ({ __typename: 'ConfigMap', id })) },
  ],
  (of) => [`{ secret(namespace: "${of.project}", name: "hidden") { data stringData } }`],
  (of) => [
    `{ services(namespace: "${of.project}") { nodes { metadata { annotations } events { totalCount } } } }`,
  ],
  (of) => [
    `{ workspace(name: "${of.workspace}") { name projects { nodes { name object { metadata { annotations } } } } members { totalCount } } }`,
  ],
  () => [
    '{ me { name email memberships { workspace { name description } } loginRecords { totalCount } } }',
  ],
  () => ['{ workspaces { nodes { name description } } }'],
  (of) => [`{ namespace(name: "${of.project}") { metadata { annotations } } }`],
]

describe('two accounts at random on every cache', () => {
  let world: GraphWorld
  before(async () => {
    world = await startGraphWorld()
    const admin = await world.as('admin')
    for (const { name } of tenants) {
      await admin.post(`${IAM}/users`, account(name, 'platform-regular'))
    }
    await world.settled()
    for (const of of tenants) {
      const made = await admin.post(`${TENANT}/workspacetemplates`, {
        ...workspace(of.workspace, of.name),
        metadata: {
          name: of.workspace,
          annotations: { 'kubesphere.io/description': of.word },
        },
      })
      assert.equal(made.status, 200, made.text)
      await world.settled()
      const own = await world.as(of.name)
      const deck = await own.post(
        `${TENANT}/workspaces/${of.workspace}/namespaces`,
        project(of.project, of.name),
      )
      assert.equal(deck.status, 200, deck.text)
    }
    await world.settled()
    for (const of of tenants) {
      const metadata = { namespace: of.project, annotations: { word: of.word } }
      const create = (resource: string, body: object) =>
        world.kube.create<KubeObject>(gvr(resource), body)
      const data = { word: of.word }
      await create('configmaps', { metadata: { ...metadata, name: 'mine' }, data })
      await create('secrets', { metadata: { ...metadata, name: 'hidden' }, stringData: data })
      await create('services', {
        metadata: { ...metadata, name: 'front' },
        spec: { ports: [{ port: 80 }] },
      })
      of.graph = await world.graph(of.name)
      const { configMap } = await of.graph.data<{ configMap: { id: string } }>(
        `{ configMap(namespace: "${of.project}", name: "mine") { id } }`,
      )
      of.ids = [configMap.id]
    }
  })
  after(() => world?.[Symbol.asyncDispose]())

  it('nobody gets the other’s word, and everybody the own, in 600 requests with 12 at a time', async () => {
    const next = random(Date.now() % 100_000)
    const turns = Array.from({ length: 600 }, () => {
      const who = next() < 0.5 ? ann : bob
      const of = next() < 0.5 ? ann : bob
      const document = Math.floor(next() * documents.length)
      return { who, of, document }
    }).values()
    let own = 0
    const seen = new Set<string>()
    const worker = async () => {
      for (const { who, of, document } of turns) {
        const [query = '', variables] = documents[document]?.(of) ?? []
        const { body } = await who.graph.answer(query, variables)
        const text = JSON.stringify(body)
        const other = who === ann ? bob : ann
        for (const word of [other.word, Buffer.from(other.word).toString('base64')]) {
          assert.ok(!text.includes(word), `${who.name} sees ${other.name}'s: ${query}\n${text}`)
        }
        const mine = [who.word, Buffer.from(who.word).toString('base64')]
        if (mine.some((word) => text.includes(word))) {
          own++
          seen.add(query)
        }
      }
    }
    await Promise.all(Array.from({ length: 12 }, worker))
    assert.ok(own > 150, `only ${own} answers held what the caller may see`)
    assert.ok(seen.size > documents.length, `${seen.size} documents gave something`)
  })
})
