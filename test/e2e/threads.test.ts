import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { after, before, describe, it } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { WebSocket } from 'ws'
import { PASSWORD, startWorld, TENANT, type Caller, type World } from '../iam/world.ts'
import { eventually } from '../terminal/stage.ts'
import { ask, bearer, graph, open, raw } from './http.ts'

const BINDINGS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'globalrolebindings' }
const CONFIG_MAPS = { group: '', version: 'v1', resource: 'configmaps' }
const LISTS = '/kapis/resources.kubesphere.io/v1alpha3'
const MAPS = `${LISTS}/namespaces/default/configmaps`
const THREADS = 2
/** Enough new connections for the kernel to have chosen each thread. */
const TIMES = 8

/** Folders of owners of this process. */
const folders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`ks-facade-owner-${process.pid}-`))

/** What a socket says first; it is closed then. */
async function firstMessage(socket: WebSocket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  socket.once('message', (data: Buffer) => resolve(data.toString()))
  socket.once('close', (code: number) => reject(new Error(`closed with ${code}`)))
  socket.on('error', reject)
  try {
    return await promise
  } finally {
    socket.terminate()
  }
}

/** Keeps one of the threads that run this file from ever ending what it does. */
async function hang(file: string): Promise<void> {
  const session = new Session()
  session.connect()
  try {
    const { promise, resolve } = Promise.withResolvers<string>()
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      if (workerInfo.url.endsWith(file)) resolve(sessionId)
    })
    await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
    const sessionId = await promise
    const params = { expression: 'for (;;);' }
    const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params })
    await session.post('NodeWorker.sendMessageToWorker', { sessionId, message })
  } finally {
    session.disconnect()
  }
}

/** A watch on a connection of its own, once it has begun. */
async function watching(url: string, path: string | undefined, token: string) {
  const socket = await open(url)
  const changed = new EventEmitter()
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
    changed.emit('change')
  })
  const broken = once(socket, 'close').then(() => 'broken' as const)
  const until = async (part: string): Promise<'seen' | 'broken'> => {
    while (!text.includes(part)) {
      const ended = await Promise.race([broken, once(changed, 'change')])
      // An end that looks like one would leave the client in the belief that nothing has happened.
      if (ended === 'broken') assert.ok(!text.endsWith('0\r\n\r\n'), text)
      if (ended === 'broken') return ended
    }
    return 'seen'
  }
  const head = `Host: facade\r\nAuthorization: Bearer ${token}`
  socket.write(`GET ${path}?watch=true HTTP/1.1\r\n${head}\r\n\r\n`)
  assert.equal(await until('"ADDED"'), 'seen')
  return { broken, until, end: () => void socket.destroy() }
}

describe('threads in front of the one that owns the caches', () => {
  const stack = new AsyncDisposableStack()
  let world: World
  let admin: Caller
  let token: string
  const fronts = new Set<Worker>()
  const onWorker = (worker: Worker): void => {
    if (worker.threadName === 'front') fronts.add(worker)
  }
  before(async () => {
    process.on('worker', onWorker)
    stack.defer(() => void process.off('worker', onWorker))
    world = await startWorld({ config: { facade: { threads: THREADS } } })
    stack.use(world)
    token = await world.login('admin')
    admin = world.withToken(token)
  })
  after(() => stack.disposeAsync())

  /** The codes of several connections of their own, so that each thread is asked. */
  const codes = (path: string, headers: Record<string, string>): Promise<Set<number>> =>
    Promise.all(
      Array.from({ length: TIMES }, async () => {
        const { status } = await ask(world.url + path, {
          headers: { ...headers, connection: 'close' },
        })
        return status
      }),
    ).then((all) => new Set(all))

  it('answer what they may by themselves, and hand over the rest', async () => {
    for (const path of [
      '/api/v1/namespaces?limit=1',
      `${LISTS}/namespaces?limit=2`,
      `${LISTS}/namespaces/default`,
      `${LISTS}/namespaces`,
      '/apis/iam.kubesphere.io/v1beta1/users?limit=1',
      '/kapis/iam.kubesphere.io/v1beta1/users',
      `${TENANT}/workspaces`,
      '/version',
    ]) {
      assert.deepEqual(await codes(path, bearer(token)), new Set([200]), path)
    }
    const { data } = await graph(world.url, token, '{ me { name } }')
    assert.deepEqual(data, { me: { name: 'admin' } })
  })

  it('never show a page that is older than what the owner has', async () => {
    const { caches } = world.app.clusters.host
    const store = await caches.store(CONFIG_MAPS)
    await world.kube.create(
      CONFIG_MAPS,
      { metadata: { name: 'turning', labels: { app: 'turning' } }, data: { turn: '0' } },
      { namespace: 'default' },
    )
    const seen = async (turn: string): Promise<void> => {
      await eventually(async () => {
        const data = (store.get('default', 'turning')?.object as { data?: { turn?: string } })?.data
        return data?.turn === turn
      })
    }
    await seen('0')
    for (let turn = 1; turn <= 10; turn++) {
      // Each thread has the page before it changes.
      await codes(`${MAPS}?limit=5&labelSelector=app%3Dturning`, bearer(token))
      const patch = { data: { turn: `${turn}` } }
      await world.kube.patch(CONFIG_MAPS, 'turning', patch, { type: 'merge', namespace: 'default' })
      await seen(`${turn}`)
      const pages = await Promise.all(
        Array.from({ length: TIMES }, () =>
          ask(`${world.url}${MAPS}?limit=5&labelSelector=app%3Dturning`, {
            headers: { ...bearer(token), connection: 'close' },
          }),
        ),
      )
      for (const page of pages) assert.match(page.text, new RegExp(`"turn": "${turn}"`))
    }
  })

  it('keep to what each caller may, whoever asked for the page before', async () => {
    const made = await admin.post('/kapis/iam.kubesphere.io/v1beta1/users', {
      metadata: {
        name: 'nobody',
        annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' },
      },
      spec: { email: 'nobody@example.com', password: PASSWORD },
    })
    assert.equal(made.status, 200, made.text)
    await world.settled()
    const nobody = bearer(await world.login('nobody'))
    for (const path of [`${MAPS}?limit=3`, '/api/v1/namespaces/default/configmaps?limit=3']) {
      assert.deepEqual(await codes(path, bearer(token)), new Set([200]))
      assert.deepEqual(await codes(path, nobody), new Set([403]), path)
      assert.deepEqual(await codes(path, {}), new Set([403]), path)
      assert.deepEqual(await codes(path, bearer('none')), new Set([401]), path)
    }
  })

  it('do not believe a client that says where it comes from, or for whom', async () => {
    const attempts: Record<string, string>[] = [
      { 'x-ks-facade-client': '203.0.113.9' },
      { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters' },
      { connection: 'x-ks-facade-client', 'x-ks-facade-client': '203.0.113.9' },
    ]
    for (const headers of attempts) {
      for (const path of [`${TENANT}/workspaces`, '/api/v1/namespaces?limit=1']) {
        const { status } = await ask(world.url + path, { headers })
        assert.equal(status, 403, path)
      }
    }
    // A login stands in the records with the address that the connection has.
    const body = new URLSearchParams({
      grant_type: 'password',
      client_id: 'kubesphere',
      client_secret: 'kubesphere',
      username: 'nobody',
      password: PASSWORD,
    })
    const spoofed = { 'x-ks-facade-client': '203.0.113.9' }
    const made = await ask(`${world.url}/oauth/token`, { method: 'POST', body, headers: spoofed })
    assert.equal(made.status, 200)
    const records = '/kapis/iam.kubesphere.io/v1beta1/users/nobody/loginrecords'
    await eventually(async () => (await admin.get(records)).text.includes('127.0.0.1'))
    assert.doesNotMatch((await admin.get(records)).text, /203\.0\.113\.9/)
  })

  it('carry watches and upgrades', async () => {
    const stop = new AbortController()
    const watch = await fetch(`${world.url}/api/v1/namespaces?watch=true`, {
      headers: bearer(token),
      signal: stop.signal,
    })
    const reader = watch.body?.getReader()
    const first = await reader?.read()
    assert.match(new TextDecoder().decode(first?.value), /"type":"ADDED"/)
    stop.abort()

    const base = world.url.replace('http', 'ws')
    // kube-apiserver takes no watch by websocket without an origin.
    const watching = new WebSocket(`${base}/api/v1/namespaces?watch=true`, {
      headers: bearer(token),
      origin: world.url,
    })
    assert.match(await firstMessage(watching), /"type":"ADDED"/)

    const mine = new WebSocket(`${base}/graphql`, 'graphql-transport-ws')
    const payload = { authorization: `Bearer ${token}` }
    mine.once('open', () => mine.send(JSON.stringify({ type: 'connection_init', payload })))
    assert.match(await firstMessage(mine), /connection_ack/)
  })

  it('show odd targets to the owner as they came', async () => {
    for (const target of ['//api/v1/namespaces', '/api/v1/../version', '/kapis/%2e%2e/version']) {
      const answer = await raw(
        world.url,
        `GET ${target} HTTP/1.1\r\nHost: facade\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /^HTTP\/1\.1 (?:30[17]|404|403|400)/, `${target}: ${answer}`)
    }
  })

  it('count into one set of metrics', async () => {
    const counted = async (): Promise<number> => {
      const { text: body } = await ask(`${world.url}/metrics`)
      const lines = body.match(
        /^ks_server_request_total\{verb="list",group="resources.*"200"\} \d+$/gm,
      )
      return (lines ?? []).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
    }
    const before = await counted()
    await codes(`${MAPS}?limit=4`, bearer(token))
    assert.equal(await counted(), before + TIMES)
  })

  it('forget at once a token that one of them was told to forget', async () => {
    const mine = await world.login('admin')
    const path = '/api/v1/namespaces?limit=1'
    assert.deepEqual(await codes(path, bearer(mine)), new Set([200]))
    await ask(`${world.url}/oauth/logout`, { headers: bearer(mine) })
    assert.deepEqual(await codes(path, bearer(mine)), new Set([401]))
  })

  it('hear of a role that is given and taken away', async () => {
    const nobody = bearer(await world.login('nobody'))
    const all = async (code: number) => {
      for (const path of [`${MAPS}?limit=3`, '/api/v1/namespaces/default/configmaps?limit=3']) {
        await eventually(async () => {
          const found = await codes(path, nobody)
          return found.size === 1 && found.has(code)
        })
      }
    }
    await all(403)
    const apiGroup = 'iam.kubesphere.io'
    await world.kube.create(BINDINGS, {
      apiVersion: 'iam.kubesphere.io/v1beta1',
      kind: 'GlobalRoleBinding',
      metadata: { name: 'nobody-more' },
      roleRef: { apiGroup, kind: 'GlobalRole', name: 'platform-admin' },
      subjects: [{ apiGroup, kind: 'User', name: 'nobody' }],
    })
    await all(200)
    await world.kube.delete(BINDINGS, 'nobody-more')
    await all(403)
  })

  it('are replaced when they fail, and take nothing with them but what they were answering', async () => {
    const [first] = fronts
    assert.ok(first)
    assert.equal(fronts.size, THREADS)
    // So many that each thread has some, of those that it answers and of those that it hands over.
    const watched = ['/api/v1/namespaces', '/apis/iam.kubesphere.io/v1beta1/users']
    const watches = await Promise.all(
      Array.from({ length: 2 * TIMES }, (_, at) => watching(world.url, watched[at % 2], token)),
    )
    const next = new Promise<Worker>((resolve) => process.once('worker', resolve))
    first.emit('error', new Error('of the test'))
    await first.terminate()
    await Promise.any(watches.map(({ broken }) => broken))
    const labels = { seen: 'after-a-failure' }
    const change = { metadata: { labels } }
    await world.kube.patch({ ...CONFIG_MAPS, resource: 'namespaces' }, 'default', change, {
      type: 'merge',
    })
    await world.kube.patch({ ...BINDINGS, resource: 'users' }, 'admin', change, { type: 'merge' })
    const ends = await Promise.all(watches.map((watch) => watch.until(labels.seen)))
    assert.ok(ends.includes('broken'))
    for (const watch of watches) watch.end()
    const listens = new Promise<void>((resolve) => {
      void next.then((worker) =>
        worker.on('message', ({ kind }: { kind: string }) => kind === 'listening' && resolve()),
      )
    })
    await listens
    assert.deepEqual(await codes('/api/v1/namespaces?limit=1', bearer(token)), new Set([200]))
    assert.deepEqual(await codes(`${MAPS}?limit=3`, bearer(token)), new Set([200]))
  })

  it('are ended and replaced when they hang', async () => {
    const next = new Promise<Worker>((resolve) => process.once('worker', resolve))
    const over = Promise.race(
      [...fronts].filter(({ threadId }) => threadId !== -1).map((front) => once(front, 'exit')),
    )
    await hang('/gateway/server/fronts/thread.ts')
    await over
    const fresh = await next
    const [said] = (await once(fresh, 'message')) as [{ kind: string }]
    assert.equal(said.kind, 'listening')
    const served = () => codes('/api/v1/namespaces?limit=1', bearer(token))
    assert.deepEqual(await served(), new Set([200]))
  })

  it('leave nothing behind', async () => {
    assert.equal((await folders()).length, 1)
    await stack.disposeAsync()
    assert.deepEqual(await folders(), [])
    await assert.rejects(ask(`${world.url}/version`))
  })
})
