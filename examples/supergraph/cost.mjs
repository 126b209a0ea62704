/** A subgraph that knows what Kubernetes objects cost: `KubernetesObject` is an interface of ours, so that it has them all. */
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import { readArguments } from './subgraphs.mjs'

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@interfaceObject"])

  type KubernetesObject @key(fields: "id") @interfaceObject {
    id: ID!
    "What the object costs in a month, in euros."
    monthlyCost: Float
  }

  type User @key(fields: "name") {
    name: String!
    costCentre: String
  }
`)

const resolvers = {
  KubernetesObject: {
    // Ids are base64 of version, cluster, group, resource, namespace and name.
    monthlyCost({ id }) {
      const [, , , resource] = Buffer.from(id, 'base64url').toString().split('|')
      return resource === 'namespaces' ? 12.5 : 1
    },
  },
  User: { costCentre: ({ name }) => `centre of ${name}` },
}

const { port } = readArguments(process.argv.slice(2))
const server = new ApolloServer({ schema: buildSubgraphSchema([{ typeDefs, resolvers }]) })
const { url } = await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } })
console.log(`ready at ${url}`)
