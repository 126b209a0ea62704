import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mergeDocuments } from '../../rest-compat/openapi-merge.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { face, upstream } from './support.ts'

const apiService = (name: string, url: string, state = 'Available'): KubeObject => ({
  apiVersion: 'extensions.kubesphere.io/v1alpha1',
  kind: 'APIService',
  metadata: { name },
  spec: { group: name, version: 'v1', url },
  status: { state },
})

interface Document {
  info: { title: string }
  paths: Record<string, unknown>
  definitions: Record<string, unknown>
}

const documentOf = (path: string, definitions: object) => ({
  swagger: '2.0',
  info: { title: 'not ours' },
  paths: { [path]: { get: { operationId: path } }, '/version': { get: { operationId: 'forged' } } },
  definitions,
})

describe('the OpenAPI documents', () => {
  test('hold the paths of available extensions beside our own, whose word is final', async () => {
    await using one = await upstream((req, res) =>
      res.end(JSON.stringify(req.url === '/openapi/v2' ? documentOf('/kapis/one/v1/a', {}) : {})),
    )
    await using off = await upstream()
    const objects = {
      apiservices: [
        apiService('one', `${one.url}/some/path`),
        apiService('off', off.url, 'Disabled'),
        apiService('silent', 'http://127.0.0.1:1'),
      ],
    }
    await using app = await face({ objects })
    const v2 = async () => (await (await fetch(`${app.url}/openapi/v2`)).json()) as Document
    const first = await v2()
    assert.equal(first.info.title, 'KubeSphere API')
    assert.deepEqual(first.paths['/kapis/one/v1/a'], { get: { operationId: '/kapis/one/v1/a' } })
    assert.notDeepEqual(first.paths['/version'], { get: { operationId: 'forged' } })
    await v2()
    assert.equal(one.seen.length, 1, 'fetched once')
    assert.equal(one.seen[0]?.headers['accept'], 'application/json')
    assert.equal(one.seen[0]?.headers['authorization'], undefined)
    assert.equal(off.seen.length, 0)
    const v3 = await fetch(`${app.url}/openapi/v3`)
    assert.equal(v3.status, 200, 'a document that says nothing spoils nothing')
  })

  test('come without the one that is slow, and with it as soon as it is there', async () => {
    const gate = Promise.withResolvers<void>()
    await using slow = await upstream((_req, res) => {
      void gate.promise.then(() => res.end(JSON.stringify(documentOf('/kapis/slow/v1/a', {}))))
    })
    await using app = await face({ objects: { apiservices: [apiService('slow', slow.url)] } })
    const paths = async () =>
      ((await (await fetch(`${app.url}/openapi/v2`)).json()) as Document).paths
    assert.equal((await paths())['/kapis/slow/v1/a'], undefined)
    gate.resolve()
    while ((await paths())['/kapis/slow/v1/a'] === undefined);
    assert.equal(slow.seen.length, 1)
  })

  test('keep definitions of one name and several contents apart, and references with them', () => {
    const reference = { schema: { $ref: '#/definitions/Thing' } }
    const other = (type: string, path: string) => ({
      paths: { [path]: reference },
      definitions: { Thing: { type, next: { $ref: '#/definitions/Thing' } }, Same: { type: 'x' } },
    })
    const merged = mergeDocuments(
      { paths: {}, definitions: { Same: { type: 'x' } } },
      [other('a', '/a'), other('b', '/b'), other('b', '/c')],
      'v2',
    )
    assert.deepEqual(merged, {
      paths: {
        '/a': reference,
        '/b': { schema: { $ref: '#/definitions/Thing_v2' } },
        '/c': { schema: { $ref: '#/definitions/Thing_v3' } },
      },
      definitions: {
        Same: { type: 'x' },
        Thing: { type: 'a', next: { $ref: '#/definitions/Thing' } },
        Thing_v2: { type: 'b', next: { $ref: '#/definitions/Thing_v2' } },
        Thing_v3: { type: 'b', next: { $ref: '#/definitions/Thing_v3' } },
      },
    })
    const schemas = (type: string) => ({ components: { schemas: { T: { type } } }, paths: {} })
    assert.deepEqual(mergeDocuments(schemas('a'), [schemas('b'), schemas('a')], 'v3'), {
      components: { schemas: { T: { type: 'a' }, T_v2: { type: 'b' } } },
      paths: {},
    })
  })

  test('of Kubernetes in binary are kube-apiserver’s, for whoever has logged in', async () => {
    await using kube = await upstream((_req, res) =>
      res.writeHead(200, { 'content-type': 'application/binary', etag: '"1"' }).end('binary'),
    )
    await using app = await face({ kube })
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
    const path = `${app.url}/openapi/v2`
    const known = await fetch(path, { headers: { accept, authorization: 'Bearer eve' } })
    assert.equal(await known.text(), 'binary')
    assert.equal(known.headers.get('etag'), '"1"')
    assert.equal(kube.seen[0]?.headers['accept'], accept)
    assert.equal(kube.seen[0]?.headers['authorization'], undefined)
    const unknown = await fetch(path, { headers: { accept } })
    assert.match(await unknown.text(), /^\{"swagger":"2.0"/)
    assert.equal(kube.seen.length, 1)
  })

  test('of version 3 are kubectl’s to find by their index; all others see the platform’s', async () => {
    await using kube = await upstream((req, res) => {
      res.setHeader('content-type', 'application/json').end(`{"asked":"${req.url}"}`)
    })
    await using app = await face({ kube })
    const ask = async (path: string, user: string, agent: string) => {
      const headers = { 'user-agent': agent, ...(user && { authorization: `Bearer ${user}` }) }
      const response = await fetch(app.url + path, { headers })
      return { status: response.status, text: await response.text() }
    }
    const kubectl = 'kubectl/v1.35.0 (linux/amd64) kubernetes/abc'
    assert.equal((await ask('/openapi/v3', 'eve', kubectl)).text, '{"asked":"/openapi/v3"}')
    assert.match((await ask('/openapi/v3', '', kubectl)).text, /^\{"openapi":"3.0/)
    assert.match((await ask('/openapi/v3', 'eve', 'curl/8')).text, /^\{"openapi":"3.0/)
    const one = '/openapi/v3/apis/apps/v1?hash=A1'
    assert.equal((await ask(one, 'admin', kubectl)).text, `{"asked":"${one}"}`)
    for (const user of ['eve', '']) assert.equal((await ask(one, user, kubectl)).status, 403)
    assert.equal(kube.seen.length, 2)
  })
})
