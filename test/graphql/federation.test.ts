import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { composeServices } from '@apollo/composition'
import { composeServices as composeHive } from '@theguild/federation-composition'
import { parse } from 'graphql'
import { notFound } from '../../gateway/lib/errors.ts'
import { decodeId, encodeId } from '../../resolvers/ids.ts'
import { appDouble, ask, serveGraphql, type Face } from './double.ts'

const token = 'good-ann'

const other = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])
  type KubernetesObject @key(fields: "id") @interfaceObject { id: ID! monthlyCost: Float }
  type User @key(fields: "name") { name: String! team: String }
  type Query { teams: [User!]! }
`

describe('the subgraph', () => {
  let face: Face
  let reads: string[]
  before(async () => {
    reads = []
    const users = {
      get: {
        name: 'users.get',
        needs: () => ({}),
        run: async (_scope: unknown, { name }: { name: string }) => {
          reads.push(name)
          if (name === 'nobody') throw notFound('iam.kubesphere.io', 'User', name)
          return { metadata: { name }, spec: { email: `${name}@example.org` }, status: {} }
        },
      },
    }
    face = await serveGraphql(appDouble({ iam: { users } as never }))
  })
  after(() => face[Symbol.asyncDispose]())

  const sdlOf = async () => {
    const { body } = await ask(face.url, '{ _service { sdl } }', { token })
    const { sdl } = (body.data?.['_service'] as { sdl?: string }) ?? {}
    assert.ok(sdl)
    return sdl
  }

  it('shows its SDL, with the four entities', async () => {
    const sdl = await sdlOf()
    for (const type of ['User', 'Workspace', 'Cluster', 'PlatformRole']) {
      assert.match(sdl, new RegExp(`type ${type} implements Node\\s*@key`))
    }
  })

  it('composes with Apollo’s composer, alone and with another subgraph', async () => {
    const ours = { name: 'ks', url: face.url, typeDefs: parse(await sdlOf()) }
    const theirs = { name: 'cost', url: 'http://cost', typeDefs: parse(other) }
    for (const services of [[ours], [ours, theirs]]) {
      const { errors, supergraphSdl } = composeServices(services)
      assert.deepEqual(errors?.map(({ message }) => message) ?? [], [])
      assert.match(supergraphSdl ?? '', /type Workspace/)
    }
  })

  it('composes with the Hive composer', async () => {
    const ours = { name: 'ks', url: face.url, typeDefs: parse(await sdlOf()) }
    const theirs = { name: 'cost', url: 'http://cost', typeDefs: parse(other) }
    const { errors } = composeHive([ours, theirs])
    assert.deepEqual(errors?.map(({ message }) => message) ?? [], [])
  })

  it('resolves entities in one batch, each key once, null where there is none', async () => {
    reads.length = 0
    const id = encodeId({
      cluster: 'host',
      group: 'iam.kubesphere.io',
      resource: 'users',
      namespace: '',
      name: 'cid',
    })
    const { body } = await ask(
      face.url,
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { name email } } }',
      {
        token,
        variables: {
          of: [
            { __typename: 'User', name: 'ann' },
            { __typename: 'User', name: 'nobody' },
            { __typename: 'User', name: 'ann' },
            { __typename: 'User', id },
          ],
        },
      },
    )
    assert.deepEqual(body.errors, undefined)
    assert.deepEqual(body.data?.['_entities'], [
      { name: 'ann', email: 'ann@example.org' },
      null,
      { name: 'ann', email: 'ann@example.org' },
      { name: 'cid', email: 'cid@example.org' },
    ])
    assert.deepEqual(reads, ['ann', 'nobody', 'cid'])
  })
})

describe('global ids', () => {
  it('come back as they were', () => {
    const id = { cluster: 'host', group: '', resource: 'pods', namespace: 'a', name: 'b.c' }
    assert.deepEqual(decodeId(encodeId(id)), id)
  })

  it('are refused unless they are whole', () => {
    for (const text of ['', 'abc', 'djF8aG9zdA', Buffer.from('v2|h||p||n').toString('base64url')]) {
      assert.equal(decodeId(text), undefined)
    }
  })
})
