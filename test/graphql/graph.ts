import assert from 'node:assert/strict'
import { startWorld, type World } from '../iam/world.ts'
import { ask, type Answer } from './double.ts'

export interface Graph {
  /** Data of a document that must succeed. */
  data<T>(query: string, variables?: object): Promise<T>
  /** Codes of the errors that a document ends with. */
  codes(query: string, variables?: object): Promise<unknown[]>
  answer(query: string, variables?: object): Promise<Answer>
}

export interface GraphWorld extends World {
  /** The graph as an account sees it. */
  graph(user: string, password?: string): Promise<Graph>
}

/** An embedded platform with nothing but the seeds in it, and its graph. */
export async function startGraphWorld(
  overrides: Parameters<typeof startWorld>[0] = {},
): Promise<GraphWorld> {
  const world = await startWorld(overrides)
  return {
    ...world,
    async graph(user, password) {
      const token = await world.login(user, password)
      const answer = (query: string, variables: object = {}) =>
        ask(`${world.url}/graphql`, query, { token, variables })
      return {
        answer,
        async data<T>(query: string, variables?: object) {
          const { body } = await answer(query, variables)
          assert.equal(body.errors, undefined, JSON.stringify(body.errors))
          return body.data as T
        },
        async codes(query, variables) {
          const { body } = await answer(query, variables)
          return (body.errors ?? []).map(({ extensions }) => extensions['code'])
        },
      }
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}
