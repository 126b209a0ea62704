import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { GraphQLSchema, parse, validate } from 'graphql'
import { examples } from '../../gateway/server/graphql/graphiql/examples.ts'
import { loadSchema } from '../../gateway/server/graphql/schema.ts'
import { appDouble, serveGraphql, type Face } from './double.ts'

describe('GraphiQL', () => {
  let face: Face
  let schema: GraphQLSchema
  before(async () => {
    schema = (await loadSchema()).schema
    face = await serveGraphql(appDouble())
  })
  after(() => face[Symbol.asyncDispose]())

  const page = () => fetch(face.url, { headers: { accept: 'text/html,*/*;q=0.8' } })

  it('is what a browser gets, with nothing from elsewhere', async () => {
    const response = await page()
    assert.equal(response.status, 200)
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
    const policy = response.headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /script-src 'self';/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    assert.ok(!(await response.text()).includes('://'))
  })

  it('brings every file that its page names', async () => {
    const html = await (await page()).text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path)
    assert.equal(files.length, 2)
    for (const path of [...files, 'graphql/assets/graphql.worker.js']) {
      const response = await fetch(new URL(path, face.url))
      assert.equal(response.status, 200, path)
      assert.ok((await response.text()).length > 10_000, path)
      const etag = response.headers.get('etag') ?? ''
      const again = await fetch(new URL(path, face.url), { headers: { 'if-none-match': etag } })
      assert.equal(again.status, 304, path)
    }
    assert.equal((await fetch(`${face.url}/assets/none.js`)).status, 404)
  })

  it('opens with documents that fit the schema, live ones too', () => {
    const documents = examples.map(({ query }) => query)
    // Fields of the cluster's kinds are not in this schema: test/explorer validates these documents.
    const core = documents.filter((query) => !/(?:pods|Deployments)Changed/.test(query))
    assert.ok(core.length >= 6)
    for (const query of core) assert.deepEqual(validate(schema, parse(query)), [])
    assert.ok(documents.filter((query) => query.startsWith('subscription')).length >= 4)
  })
})
