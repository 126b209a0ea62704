/** The supergraph behind Apollo's gateway. Usage: node apollo.mjs port=4000 ks=<url>/graphql cost=<url> */
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { composeSubgraphs, readArguments } from './subgraphs.mjs'

/** Every subgraph judges the caller by itself: ours by the token, which is passed on. */
class AsTheCaller extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    if (context.authorization) request.http.headers.set('authorization', context.authorization)
  }
}

const { port, urls } = readArguments(process.argv.slice(2))
const gateway = new ApolloGateway({
  supergraphSdl: await composeSubgraphs(urls),
  buildService: ({ url }) => new AsTheCaller({ url }),
})
const server = new ApolloServer({ gateway })
const { url } = await startStandaloneServer(server, {
  listen: { port, host: '127.0.0.1' },
  context: async ({ req }) => ({ authorization: req.headers.authorization }),
})
console.log(`ready at ${url}`)
