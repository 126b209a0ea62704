/** Reads subgraphs by their names and addresses, and composes them. */
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'

/** `name=url …` of the command line, and the port to listen on. */
export function readArguments(argv) {
  const pairs = argv.map((argument) => argument.split(/=(.*)/s).slice(0, 2))
  const { port = '4000', ...urls } = Object.fromEntries(pairs)
  return { port: Number(port), urls }
}

/** The SDL of a subgraph, as it says itself; ours says it to who is logged in, by the token in `TOKEN`. */
async function sdlOf(url) {
  const { TOKEN: token } = process.env
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query: '{ _service { sdl } }' }),
  })
  const { data, errors } = await response.json()
  if (errors) throw new Error(`${url}: ${errors[0].message}`)
  return data._service.sdl
}

/** The supergraph's SDL. Throws with what does not fit. */
export async function composeSubgraphs(urls) {
  const services = await Promise.all(
    Object.entries(urls).map(async ([name, url]) => ({
      name,
      url,
      typeDefs: parse(await sdlOf(url)),
    })),
  )
  const { errors, supergraphSdl } = composeServices(services)
  if (errors) throw new Error(errors.map(({ message }) => message).join('\n'))
  return supergraphSdl
}
