import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { auditServer } from 'graphql-http'
import { appDouble, ask, serveGraphql, type Face } from './double.ts'

const both = 'application/graphql-response+json, application/json'

describe('GraphQL over HTTP', () => {
  let face: Face
  before(async () => {
    face = await serveGraphql(appDouble())
  })
  after(() => face[Symbol.asyncDispose]())

  it('passes every audit of graphql-http', async () => {
    const asUser = (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: [...new Headers(init.headers), ['authorization', 'Bearer good-ann']],
      })
    const results = await auditServer({ url: face.url, fetchFn: asUser })
    const failed = results.filter(({ status }) => status !== 'ok')
    assert.deepEqual(
      failed.map(({ id, name, status }) => `${status} ${id} ${name}`),
      [],
    )
    assert.ok(results.length >= 61, `only ${results.length} audits ran`)
  })

  it('answers 401 for a token that is no good', async () => {
    const { status, body } = await ask(face.url, '{ __typename }', { token: 'bad' })
    assert.equal(status, 401)
    assert.equal(body.errors?.[0]?.extensions['code'], 'UNAUTHENTICATED')
    assert.equal(body.errors?.[0]?.message, 'invalid token')
  })

  it('gives a bad document 400 or 200 by what the client accepts', async () => {
    for (const query of ['{', '{ nothing }', 'query ($a: Int!) { __typename }']) {
      const strict = await ask(face.url, query, { headers: { accept: both } })
      assert.equal(strict.status, 400, query)
      const loose = await ask(face.url, query, { headers: { accept: 'application/json' } })
      assert.equal(loose.status, 200, query)
      assert.ok(loose.body.errors?.length)
    }
  })

  it('names the request in every error', async () => {
    const { body } = await ask(face.url, '{ me { nothing } }')
    assert.match(String(body.errors?.[0]?.extensions['requestId']), /^[0-9a-f-]{36}$/)
  })

  it('refuses mutations by GET', async () => {
    const query = 'mutation { deleteResource(ref: { name: "a" }) { id } }'
    const response = await fetch(`${face.url}?query=${encodeURIComponent(query)}`)
    assert.equal(response.status, 405)
    assert.equal(response.headers.get('allow'), 'POST')
  })

  it('refuses other methods and other bodies', async () => {
    assert.equal((await fetch(face.url, { method: 'PUT', body: '{}' })).status, 405)
    const text = await fetch(face.url, { method: 'POST', body: '{ __typename }' })
    assert.equal(text.status, 415)
    const broken = await ask(face.url, '', { headers: { 'content-type': 'application/json' } })
    assert.equal(broken.status, 400)
  })

  it('answers broken JSON and a body over 4 MiB with 400 and 413', async () => {
    const headers = { 'content-type': 'application/json' }
    const broken = await fetch(face.url, { method: 'POST', headers, body: '{"query": ' })
    assert.equal(broken.status, 400)
    const large = JSON.stringify({ query: `{ __typename } #${'x'.repeat(5 << 20)}` })
    const tooLarge = await fetch(face.url, { method: 'POST', headers, body: large })
    assert.equal(tooLarge.status, 413)
    assert.equal((await ask(face.url, '{ __typename }')).status, 200)
  })

  it('takes a body of 3 MiB', async () => {
    const { status } = await ask(face.url, 'query ($j: String) { __typename }', {
      variables: { j: 'x'.repeat(3 << 20) },
    })
    assert.equal(status, 200)
  })

  it('refuses requests without preflight only when the browser adds credentials', async () => {
    const url = `${face.url}?query=${encodeURIComponent('{ __typename }')}`
    const withHeaders = async (headers: Record<string, string>) =>
      (await fetch(url, { headers })).status
    assert.equal(await withHeaders({}), 200)
    assert.equal(await withHeaders({ authorization: 'Bearer good-ann' }), 200)
    assert.equal(await withHeaders({ cookie: 'token=good-ann' }), 400)
    assert.equal(await withHeaders({ authorization: 'Basic YTpi' }), 400)
    const preflight = { cookie: 'token=good-ann', 'apollo-require-preflight': '1' }
    assert.equal(await withHeaders(preflight), 200)
  })

  it('lets nobody keep an answer', async () => {
    const { headers } = await ask(face.url, '{ __typename }')
    assert.equal(headers.get('cache-control'), 'private, no-store')
    assert.equal(headers.get('vary'), 'Accept, Authorization')
  })

  it('shows the schema to those who are logged in', async () => {
    const stranger = await ask(face.url, '{ __schema { types { name } } }')
    assert.equal(stranger.status, 401)
    assert.equal(stranger.body.errors?.[0]?.extensions['code'], 'UNAUTHENTICATED')
    const known = await ask(face.url, '{ __schema { types { name } } }', { token: 'good-ann' })
    assert.equal(known.body.errors, undefined)
    assert.equal((await fetch(`${face.url}/sdl`)).status, 401)
    const headers = { authorization: 'Bearer good-ann' }
    const sdl = await fetch(`${face.url}/sdl`, { headers })
    assert.match(await sdl.text(), /type Workspace implements Node/)
    const again = await fetch(`${face.url}/sdl`, {
      headers: { ...headers, 'if-none-match': sdl.headers.get('etag') ?? '' },
    })
    assert.equal(again.status, 304)
  })

  it('answers unknown paths below it with 404', async () => {
    assert.equal((await fetch(`${face.url}/nothing`)).status, 404)
  })
})
