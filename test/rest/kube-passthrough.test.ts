import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { face, raw, upstream } from './support.ts'

const as = (user: string, headers: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${user}`, ...headers },
})
const U = '/apis/iam.kubesphere.io/v1beta1'
const account = (name: string) => ({
  apiVersion: 'iam.kubesphere.io/v1beta1',
  kind: 'User',
  metadata: {
    name,
    annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"$2a$hash"}' },
  },
  spec: { email: `${name}@x.io`, password: '$2a$hash' },
})

describe('passthrough to kube-apiserver', () => {
  test('hole 13: goes with the server’s credentials and nobody’s name', async () => {
    await using kube = await upstream()
    await using app = await face({ kube })
    const response = await fetch(
      `${app.url}/api/v1/namespaces/n/pods?b=1&a=2`,
      as('admin', { 'impersonate-user': 'nobody', 'x-remote-user': 'root', cookie: 'token=t' }),
    )
    assert.equal(await response.text(), '{"up":true}')
    const [seen] = kube.seen
    assert.equal(seen?.url, '/api/v1/namespaces/n/pods?a=2&b=1')
    assert.equal(seen?.headers['authorization'], 'Bearer server-own')
    for (const name of ['impersonate-user', 'x-remote-user', 'cookie']) {
      assert.equal(seen?.headers[name], undefined, name)
    }
  })

  test('HEAD of what is looked through has the headers of kube-apiserver alone', async () => {
    await using kube = await upstream((_req, res) => {
      res.writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'no-cache, private',
      })
      res.end()
    })
    await using app = await face({ kube })
    const head = await fetch(`${app.url}${U}/users/bob`, { method: 'HEAD', ...as('admin') })
    assert.equal(head.status, 200)
    assert.equal(head.headers.get('cache-control'), 'no-cache, private')
    assert.equal(kube.seen[0]?.method, 'HEAD')
  })

  test('what the caller may not do never leaves the server, upgrades included', async () => {
    await using kube = await upstream()
    await using app = await face({ kube })
    assert.equal((await fetch(`${app.url}/api/v1/pods`, as('eve'))).status, 403)
    const upgrade = await raw(
      app.url,
      'POST /api/v1/namespaces/n/pods/p/exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nAuthorization: Bearer eve\r\nContent-Length: 0\r\n\r\n',
    )
    assert.match(upgrade, /^HTTP\/1\.1 403 Forbidden\r\n/)
    assert.match(upgrade, /"message":"pods \\"p\\" is forbidden/)
    assert.equal(kube.seen.length, 0)
  })

  test('hole 63: an upgrade is dialled once and spliced', async () => {
    await using kube = await upstream()
    let upgrades = 0
    kube.server.on('upgrade', (_req, socket, head) => {
      upgrades++
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      )
      const echo = (chunk: Buffer): unknown => socket.end(`echo:${String(chunk)}`)
      if (head.length > 0) echo(head)
      else socket.on('data', echo)
    })
    await using app = await face({ kube })
    const request =
      'GET /api/v1/namespaces/n/pods/p/exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nAuthorization: Bearer admin\r\n\r\nhello'
    const answer = await raw(app.url, request)
    assert.match(answer, /^HTTP\/1\.1 101 /)
    assert.match(answer, /echo:hello$/)
    assert.equal(upgrades, 1)
  })

  test('the validation directive is added to creates and updates that have none', async () => {
    await using kube = await upstream()
    const config = { experimental: { validationDirective: 'Strict' } }
    await using app = await face({ kube, config })
    const send = (method: string, path: string) =>
      fetch(app.url + path, { method, body: '{}', ...as('admin') }).then((r) => r.text())
    await send('POST', '/api/v1/namespaces/n/pods')
    await send('PUT', '/api/v1/namespaces/n/pods/p?fieldValidation=Warn')
    await send('PATCH', '/api/v1/namespaces/n/pods/p')
    assert.deepEqual(
      kube.seen.map(({ url }) => url),
      [
        '/api/v1/namespaces/n/pods?fieldValidation=Strict',
        '/api/v1/namespaces/n/pods/p?fieldValidation=Warn',
        '/api/v1/namespaces/n/pods/p',
      ],
    )
  })
})

describe('accounts through the passthrough', () => {
  test('holes 20, 22: no hash in a list, an object, or what a write answers', async () => {
    await using kube = await upstream((req, res) => {
      assert.equal(req.headers.accept, 'application/json;as=Table;v=v1;g=meta.k8s.io')
      const one = account('eve')
      const body =
        req.url?.endsWith('/users') && req.method === 'GET' ? { items: [one, account('bob')] } : one
      res.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    })
    await using app = await face({ kube, allow: () => true })
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/vnd.kubernetes.protobuf'
    for (const [method, path] of [
      ['GET', '/users'],
      ['GET', '/users/eve'],
      ['GET', '/users/eve?pretty=true'],
      ['GET', '/users/eve/status'],
      ['DELETE', '/users/eve'],
    ] as const) {
      const response = await fetch(app.url + U + path, {
        method,
        ...as('admin', { accept: table, 'accept-encoding': 'gzip' }),
      })
      const text = await response.text()
      assert.match(text, /eve@x\.io/)
      assert.doesNotMatch(text, /hash/)
    }
  })

  test('a table of accounts is a table, whose objects carry no hash; protobuf becomes JSON', async () => {
    const accepts: unknown[] = []
    await using kube = await upstream((req, res) => {
      accepts.push(req.headers.accept)
      const table = {
        kind: 'Table',
        rows: [{ cells: ['eve', 'eve@x.io'], object: account('eve') }],
      }
      res.setHeader('content-type', 'application/json').end(JSON.stringify(table))
    })
    await using app = await face({ kube, allow: () => true })
    const table = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    for (const accept of [
      `${table}, application/json`,
      'application/vnd.kubernetes.protobuf',
      '*/*',
    ]) {
      const path = `${U}/users?includeObject=Object`
      const text = await (await fetch(app.url + path, as('eve', { accept }))).text()
      assert.match(text, /"kind":"Table".*"cells":\["eve","eve@x.io"\]/)
      assert.doesNotMatch(text, /hash/)
    }
    const json = 'application/json'
    assert.deepEqual(accepts, [`${table}, ${json}`, json, json])
  })

  test('no hash in a watch, line by line, nor in a websocket watch', async () => {
    await using kube = await upstream((_req, res) => {
      res.setHeader('content-type', 'application/json')
      const line = JSON.stringify({ type: 'ADDED', object: account('bob') })
      res.write(`${line}\n${line.slice(0, 40)}`)
      setImmediate(() => res.end(`${line.slice(40)}\n`))
    })
    await using app = await face({ kube, allow: () => true })
    const watch = await (await fetch(`${app.url}${U}/users?watch=true`, as('eve'))).text()
    assert.equal(watch.trimEnd().split('\n').length, 2)
    assert.doesNotMatch(watch, /hash/)
    const socket = new WebSocket(`${app.url.replace('http', 'ws')}${U}/watch/users`, {
      headers: { authorization: 'Bearer eve', origin: 'http://console.example' },
    })
    const frames: string[] = []
    socket.on('message', (data, binary) => {
      assert.equal(binary, false)
      frames.push((data as Buffer).toString())
    })
    await once(socket, 'close')
    assert.equal(frames.length, 2)
    assert.match(frames.join(''), /bob@x\.io/)
    assert.doesNotMatch(frames.join(''), /hash/)
  })

  test('an answer that cannot be checked does not pass', async () => {
    await using kube = await upstream((_req, res) => void res.end('k8s\u0000 protobuf with hash'))
    await using app = await face({ kube, allow: () => true })
    const response = await fetch(`${app.url}${U}/users`, as('eve'))
    assert.equal(response.status, 502)
    assert.doesNotMatch(await response.text(), /hash/)
  })
})

describe('clusters through the passthrough', () => {
  const C = '/apis/cluster.kubesphere.io/v1alpha1'
  const spec = { connection: { type: 'direct', kubeconfig: 'secret', token: 'secret' } }
  const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
  const metadata = { name: 'one', annotations: { [lastApplied]: '{"token":"secret"}', a: 'b' } }
  const cluster = { apiVersion: 'cluster.kubesphere.io/v1alpha1', kind: 'Cluster', metadata, spec }
  const kubeOfClusters = () =>
    upstream((req, res) => {
      res.setHeader('content-type', 'application/json')
      const url = req.url ?? ''
      if (/watch/.test(url)) res.end(`${JSON.stringify({ type: 'ADDED', object: cluster })}\n`)
      else if (/\/clusters(\?|$)/.test(url) && req.method === 'GET') {
        const rows = [{ cells: ['one'], object: { ...cluster, spec: undefined } }]
        const table = { kind: 'Table', rows }
        res.end(
          JSON.stringify(/table/.test(url) ? table : { kind: 'ClusterList', items: [cluster] }),
        )
      } else res.end(JSON.stringify(cluster))
    })
  const requests = [
    ['GET', '/clusters'],
    ['GET', '/clusters?fieldSelector=table'],
    ['GET', '/clusters/one'],
    ['GET', '/clusters/one/status'],
    ['GET', '/clusters?watch=true'],
    ['GET', '/watch/clusters'],
    ['DELETE', '/clusters/one'],
    ['PATCH', '/clusters/one'],
    ['POST', '/clusters'],
  ] as const

  test('hole 25: no kubeconfig and no token for whoever may not replace them', async () => {
    await using kube = await kubeOfClusters()
    const allow = ({ attributes }: { attributes: { verb: string } }) => attributes.verb !== 'update'
    await using app = await face({ kube, allow })
    for (const [method, path] of requests) {
      const response = await fetch(app.url + C + path, { method, ...as('eve') })
      const text = await response.text()
      assert.equal(response.status, 200)
      assert.match(text, /"one"/, `${method} ${path}`)
      assert.match(text, /"a":"b"/, `${method} ${path}`)
      assert.doesNotMatch(text, /secret/, `${method} ${path}`)
    }
  })

  test('whoever may update a cluster sees what an update has to keep', async () => {
    await using kube = await kubeOfClusters()
    await using app = await face({ kube, allow: () => true })
    for (const [method, path] of requests) {
      const response = await fetch(app.url + C + path, { method, ...as('admin') })
      assert.match(await response.text(), /secret/, `${method} ${path}`)
    }
    assert.ok(
      app.asked.some(({ attributes: { verb, name } }) => verb === 'update' && name === 'one'),
    )
  })
})
