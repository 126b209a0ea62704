import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { App } from '../../gateway/context/app.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { as, bundle, extension, reverseProxy } from './extensions.ts'
import { face, fixedCaches } from './support.ts'

interface ErrStatus {
  message: string
  reason: string
  code: number
}

/** Form B: the Status under ErrStatus, two spaces, without a newline. */
async function formB(response: Response): Promise<ErrStatus> {
  assert.equal(response.headers.get('content-type'), 'application/json')
  const text = await response.text()
  const { ErrStatus: status } = JSON.parse(text) as { ErrStatus: ErrStatus }
  assert.equal(text, JSON.stringify({ ErrStatus: status }, null, 2))
  assert.equal(status.code, response.status)
  return status
}

describe('extensions that cannot be served say why', () => {
  test('where their objects cannot be listed', async () => {
    const caches = {
      ...fixedCaches({}),
      peek: () => undefined,
      store: async () => {
        throw new ApiError(503, 'ServiceUnavailable', 'the cache is not there')
      },
    }
    const clusters = { host: { caches } } as unknown as App['clusters']
    await using app = await face({ app: { clusters } })
    const dist = await fetch(`${app.url}/dist/x/index.js`)
    assert.equal((await formB(dist)).message, 'failed to list js bundles')
    const proxied = await fetch(`${app.url}/proxy/x`, as('admin'))
    assert.equal((await formB(proxied)).message, 'failed to list reverse proxies')
    const api = await fetch(`${app.url}/kapis/ext.io/v1/x?a=<b>`, as('admin'))
    assert.equal(api.status, 500)
    assert.equal(
      await api.text(),
      'Internal Server Error: "/kapis/ext.io/v1/x?a=%3Cb%3E": Internal error occurred: failed to list api services\n',
    )
  })

  test('where a directive cannot be applied or a CA is none', async () => {
    const to = 'http://127.0.0.1:1'
    const unsafe = extension(
      'ReverseProxy',
      'ca',
      {
        matcher: { path: '/proxy/ca', method: '*' },
        upstream: { url: 'https://127.0.0.1:1', caBundle: 'bm90aGluZw==' },
      },
      { state: 'Available' },
    )
    const proxies = [
      reverseProxy('a', '/proxy/a', to, { rewrite: ['* /{http.request.host}'] }),
      reverseProxy('b', '/proxy/b', to, { replace: ['b {x}'] }),
      reverseProxy('c', '/proxy/c', to, { pathRegexp: ['^(.*)$ /${1}'] }),
      unsafe,
    ]
    await using app = await face({ objects: { reverseproxies: proxies } })
    const told = async (name: string) => {
      const response = await fetch(`${app.url}/proxy/${name}`, as('admin'))
      assert.equal(response.status, 503)
      return (await formB(response)).message
    }
    const handler = 'failed to create handler directives Directives.'
    assert.equal(await told('a'), `${handler}Rewrite`)
    assert.equal(await told('b'), `${handler}Replace`)
    assert.equal(await told('c'), `${handler}PathRegexp`)
    assert.equal(await told('ca'), 'failed to decode CA bundle from upstream ca')
  })

  test('where a bundle has no source that can be had', async () => {
    const pem = Buffer.from('-----BEGIN CERTIFICATE-----').toString('base64')
    const of = { namespace: 'n', name: 'gone', key: 'k' }
    const off = bundle('off', { raw: 'eA==' })
    const jsbundles = [
      { ...off, status: { ...(off['status'] as object), state: 'Disabled' } },
      bundle('rootless', { rawFrom: { url: 'http://127.0.0.1:1' } }),
      bundle('both', {
        rawFrom: { url: 'https://127.0.0.1:1/x', caBundle: pem, insecureSkipVerify: true },
      }),
      bundle('gone', { rawFrom: { secretKeyRef: of } }),
      bundle('down', { rawFrom: { url: 'http://127.0.0.1:1/x' } }),
    ]
    await using app = await face({ objects: { jsbundles } })
    const get = (name: string) => fetch(`${app.url}/dist/${name}/index.js`, { redirect: 'manual' })
    assert.equal((await get('off')).status, 404)
    const moved = await get('rootless')
    assert.deepEqual(
      [moved.status, moved.headers.get('location')],
      [301, '/dist/rootless/index.js/'],
    )
    assert.equal((await formB(await get('both'))).message, 'failed to create transport.TLSConfig')
    assert.equal((await formB(await get('gone'))).message, 'failed to fetch content from secret')
    const down = await get('down')
    assert.equal(down.status, 502)
    assert.match((await formB(down)).message, /connection refused$/)
  })
})
