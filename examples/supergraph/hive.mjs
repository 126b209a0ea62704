/** The supergraph behind Hive Gateway, subscriptions included. Usage: node hive.mjs port=4000 ks=<url>/graphql cost=<url> */
import { createServer } from 'node:http'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'
import { unifiedGraphHandler } from '@graphql-hive/router-runtime'
import { composeSubgraphs, readArguments } from './subgraphs.mjs'

const { port, urls } = readArguments(process.argv.slice(2))
const supergraph = await composeSubgraphs(urls)
const gateway = createGatewayRuntime({
  supergraph: () => supergraph,
  // The planner of Hive Router: the one in JavaScript does not reach fields of an @interfaceObject by a type.
  unifiedGraphHandler,
  propagateHeaders: {
    fromClientToSubgraphs({ request }) {
      const authorization = request.headers.get('authorization')
      return authorization ? { authorization } : {}
    },
  },
  logging: 'error',
})
const server = createServer(gateway)
server.listen(port, '127.0.0.1', () => {
  console.log(`ready at http://127.0.0.1:${server.address().port}/graphql`)
})
