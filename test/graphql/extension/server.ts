/** An extension's server: a subgraph of the federation in a process of its own, which can be told to misbehave. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'

const typeDefs = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])
  type KubernetesObject @key(fields: "id") @interfaceObject { id: ID! monthlyCost: Float! }
  type User @key(fields: "name") { name: String! team: Team }
  type Team { name: String! lead: User budget: Float! }
  type Query { teams: [Team!]! asWhom: String! }
  type Mutation { fundTeam(name: String!, by: Float!): Team }
`

interface Context {
  readonly headers: IncomingMessage['headers']
}

const team = (name: string) => ({ name, lead: { name: 'admin' }, budget: 10 })

const resolvers = {
  KubernetesObject: { monthlyCost: ({ id }: { id: string }) => id.length },
  User: { team: ({ name }: { name: string }) => team(`team of ${name}`) },
  Query: {
    teams: () => [team('blue')],
    asWhom: (_root: unknown, _args: unknown, { headers }: Context) => JSON.stringify(headers),
  },
  Mutation: {
    fundTeam: (_root: unknown, { name, by }: { name: string; by: number }) => ({
      ...team(name),
      budget: 10 + by,
    }),
  },
}

const schema = buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers: resolvers as never }])

type Mode = 'well' | 'broken' | 'garbage' | 'slow' | 'lying'
let mode: Mode = 'well'
let requests = 0

async function bodyOf(req: IncomingMessage): Promise<string> {
  req.setEncoding('utf8')
  let text = ''
  for await (const chunk of req) text += String(chunk)
  return text
}

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await bodyOf(req)
  if (req.url === '/mode') {
    mode = body as Mode
    res.end(String(requests))
    return
  }
  requests++
  if (mode === 'broken') {
    res.writeHead(500).end('out of order')
    return
  }
  if (mode === 'garbage') {
    res.end('{"data": 5}')
    return
  }
  // Nothing comes, and the connection stays.
  if (mode === 'slow') return
  const { query, variables } = JSON.parse(body) as { query: string; variables?: object }
  const result = await graphql({
    schema,
    source: query,
    variableValues: { ...variables },
    contextValue: { headers: req.headers },
  })
  if (mode === 'lying') {
    const entities = (result.data?.['_entities'] ?? []) as object[]
    const lies = { __typename: 'Lie', id: 'lie', metadata: { name: 'lie' } }
    for (const entity of entities) Object.assign(entity, lies)
  }
  res.setHeader('content-type', 'application/json').end(JSON.stringify(result))
}

const server = createServer((req, res) => void answer(req, res))
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port)
})
process.once('disconnect', () => process.exit())
