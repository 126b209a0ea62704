import assert from 'node:assert/strict'
import { on, once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { WebSocket } from 'ws'
import { collect } from '../embedded/client.ts'
import { bearer, eventually, login, open, raw } from '../e2e/http.ts'
import {
  CLUSTERS,
  PASSWORD,
  cluster,
  hostAdministrator,
  otherAddress,
  runBox,
  startRelay,
  startTwoClusters,
  type TwoClusters,
} from './two-clusters.ts'

const box = '/api/v1/namespaces/default/pods/box'
const configMaps = '/api/v1/namespaces/default/configmaps'

let two: TwoClusters
let token: string

before(async () => {
  two = await startTwoClusters()
  token = await login(two.host.server.url, 'admin', PASSWORD)
  await runBox(two)
})

after(() => two?.[Symbol.asyncDispose]())

interface Told {
  status: number
  type: string
  text: string
}

async function ask(path: string, init: RequestInit = {}, as = token): Promise<Told> {
  const headers = { ...(as && bearer(as)), ...(init.headers as Record<string, string>) }
  const response = await fetch(two.host.server.url + path, {
    redirect: 'manual',
    ...init,
    headers,
    signal: AbortSignal.timeout(90_000),
  })
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, text: await response.text() }
}

const json = (method: string, body: object, type = 'application/json'): RequestInit => ({
  method,
  headers: { 'content-type': type },
  body: JSON.stringify(body),
})

/** Runs a command in pod `box` of the member through the host. */
async function exec(prefix: string, command: string[], input: string) {
  const query = new URLSearchParams([
    ...command.map((word) => ['command', word]),
    ['stdin', 'true'],
    ['stdout', 'true'],
    ['stderr', 'true'],
  ])
  const url = `${two.host.server.url.replace('http', 'ws')}${prefix}${box}/exec?${query.toString()}`
  const socket = new WebSocket(url, 'v5.channel.k8s.io', { headers: bearer(token) })
  const messages = on(socket, 'message', { close: ['close'] }) as AsyncIterable<[Buffer]>
  await once(socket, 'open')
  socket.send(Buffer.from(`\0${input}`))
  socket.send(Buffer.from([255, 0]))
  return collect({ socket, messages })
}

/** Everything that a client does with a member, by whichever way it is reached. */
function story(name: string): void {
  const prefix = `/clusters/${name}`
  const own = `from-${name}`

  test('lists come from the member, by /api, /apis, /kapis and with the prefix behind the root', async () => {
    const pods = JSON.parse((await ask(`${prefix}/api/v1/namespaces/default/pods`)).text) as {
      items: { metadata: { name: string } }[]
    }
    assert.deepEqual(
      pods.items.map(({ metadata }) => metadata.name),
      ['box'],
    )
    const here = await ask('/api/v1/namespaces/default/pods')
    assert.deepEqual((JSON.parse(here.text) as { items: unknown[] }).items, [])
    for (const path of [
      `${prefix}/kapis/resources.kubesphere.io/v1alpha3/namespaces/default/pods`,
      `/kapis/clusters/${name}/resources.kubesphere.io/v1alpha3/namespaces/default/pods`,
    ]) {
      const { status, text } = await ask(path)
      assert.equal(status, 200, `${path}: ${text}`)
      assert.equal((JSON.parse(text) as { totalItems: number }).totalItems, 1, path)
    }
    const discovery = await ask(`${prefix}/apis/apps/v1`)
    assert.equal((JSON.parse(discovery.text) as { kind: string }).kind, 'APIResourceList')
  })

  test('writes land in the member, a dry run in nothing', async () => {
    const made = await ask(
      `${prefix}${configMaps}`,
      json('POST', { metadata: { name: own }, data: { a: '1' } }),
    )
    assert.equal(made.status, 201, made.text)
    const dry = await ask(
      `${prefix}${configMaps}?dryRun=All`,
      json('POST', { metadata: { name: `${own}-dry` } }),
    )
    assert.equal(dry.status, 201, dry.text)
    assert.equal((await ask(`${prefix}${configMaps}/${own}-dry`)).status, 404)
    const patched = await ask(
      `${prefix}${configMaps}/${own}`,
      json('PATCH', { data: { a: '2' } }, 'application/merge-patch+json'),
    )
    assert.equal(patched.status, 200)
    assert.match((await ask(`${prefix}${configMaps}/${own}`)).text, /"a":\s*"2"/)
    assert.equal((await ask(`${configMaps}/${own}`)).status, 404, 'not in the host')
  })

  test('a watch sees what happens there, as it happens, and ends with its client', async () => {
    const stop = new AbortController()
    const response = await fetch(
      `${two.host.server.url}${prefix}${configMaps}?watch=true&fieldSelector=metadata.name%3D${own}-seen`,
      { headers: bearer(token), signal: stop.signal },
    )
    assert.equal(response.status, 200)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    await ask(`${prefix}${configMaps}`, json('POST', { metadata: { name: `${own}-seen` } }))
    const first = await reader?.read()
    assert.match(first?.value ?? '', /^\{"type":"ADDED"/)
    await ask(`${prefix}${configMaps}/${own}-seen`, { method: 'DELETE' })
    let rest = ''
    while (!rest.includes('"DELETED"')) rest += (await reader?.read())?.value ?? ''
    stop.abort()
  })

  test('a command in a pod there gets its input, and its output and end come back', async () => {
    assert.deepEqual(await exec(prefix, ['cat'], 'over the sea'), {
      out: 'over the sea',
      err: '',
      exit: 0,
    })
    const failed = await exec(prefix, ['sh', '-c', 'echo no >&2; exit 3'], '')
    assert.deepEqual(failed, { out: '', err: 'no\n', exit: 3 })
  })

  test('the older protocol of commands, SPDY, is agreed on with the member', async () => {
    const socket = await open(two.host.server.url)
    const lines = [
      `POST ${prefix}${box}/exec?command=true&stdout=true HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Connection: Upgrade',
      'Upgrade: SPDY/3.1',
      'X-Stream-Protocol-Version: v4.channel.k8s.io',
    ]
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    const [head] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    assert.match(head.toString(), /^HTTP\/1\.1 101 [^]*\r\nupgrade: SPDY\/3\.1\r\n/i)
    assert.match(head.toString(), /\r\nx-stream-protocol-version: v4\.channel\.k8s\.io\r\n/i)
  })

  test('what the member refuses comes back as the member said it', async () => {
    const missing = await ask(`${prefix}${box}x`)
    assert.equal(missing.status, 404)
    assert.equal((JSON.parse(missing.text) as { reason: string }).reason, 'NotFound')
    const nowhere = await ask(`${prefix}/kapis/iam.kubesphere.io/v1beta1/users/nobody`)
    assert.equal(nowhere.status, 404)
    const taken = await ask(`${prefix}${configMaps}`, json('POST', { metadata: { name: own } }))
    assert.equal(taken.status, 409)
    const no = await ask(
      `${prefix}${configMaps}`,
      json('POST', { metadata: { name: 'Not A Name' } }),
    )
    assert.equal(no.status, 422)
  })

  test('nobody without credentials is passed on, but on the always-allowed paths', async () => {
    assert.equal((await ask(`${prefix}${box}`, {}, '')).status, 401)
    const version = await ask(`${prefix}/version`, {}, '')
    assert.equal(version.status, 200)
    assert.match(version.text, /gitVersion/)
  })

  test('rights are the member’s: whoever has none there gets its 403', async () => {
    const name = `guest-${own}`
    const guest = await hostAdministrator(two, name)
    assert.equal((await ask(box, {}, guest)).status, 404, 'an administrator of the host')
    const { status, text } = await ask(`${prefix}${box}`, {}, guest)
    assert.equal(status, 403)
    assert.match(text, new RegExp(`User \\\\"${name}\\\\" cannot get resource`))
  })
}

describe('a member joined by the address of its ks-facade', () => {
  story('member')

  test('hole 63: a command is dialled once', async () => {
    const before = two.relay.sent.length
    await exec('/clusters/member', ['true'], '')
    const upgrades = two.relay.sent.slice(before).filter((text) => /^Upgrade:/im.test(text))
    assert.equal(upgrades.length, 1)
  })

  test('an upgrade that the member refuses is its refusal, once', async () => {
    const before = two.relay.sent.length
    const url = `${two.host.server.url.replace('http', 'ws')}/clusters/member${box}x/exec?command=true`
    const socket = new WebSocket(url, 'v5.channel.k8s.io', { headers: bearer(token) })
    const [error] = (await once(socket, 'error')) as [Error]
    assert.match(error.message, /404/)
    assert.equal(two.relay.sent.length - before, 1)
  })

  test('hole 62: what is not passed on is not even dialled', async () => {
    const before = two.relay.sent.join('').length
    for (const path of [
      box,
      '/apis/apps/v1',
      '/kapis/iam.kubesphere.io/v1beta1/users',
      '/kapis/iam.kubesphere.io/v1beta1/users/admin/x',
    ]) {
      assert.equal((await ask(`/clusters/member${path}`, {}, '')).status, 401, path)
    }
    const socket = new WebSocket(
      `${two.host.server.url.replace('http', 'ws')}/clusters/member${box}/exec?command=true`,
    )
    const [refused] = (await once(socket, 'error')) as [Error]
    assert.match(refused.message, /401/)
    assert.equal(two.relay.sent.join('').length, before, 'the member has heard nothing')
  })

  test('dot segments are refused before anything is asked', async () => {
    const before = two.relay.sent.length
    const request = `GET /clusters/member/api/v1/namespaces/a/%2e%2e/b/pods HTTP/1.1`
    const headers = `Host: x\r\nAuthorization: Bearer ${token}\r\nConnection: close`
    const answer = await raw(two.host.server.url, `${request}\r\n${headers}\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 400 /)
    assert.equal(two.relay.sent.length, before)
  })
})

describe('a member joined by its kube-apiserver', () => {
  if (otherAddress()) story('tunnel')
  else console.log('left out: kube-apiserver proxies to no loopback address, and there is no other')
})

describe('a member joined by an agent, through its tunnel', () => {
  story('agent')

  test('a command is dialled once, through the tunnel', async () => {
    const before = two.agent.kubesphere.sent.length
    await exec('/clusters/agent', ['true'], '')
    const upgrades = two.agent.kubesphere.sent
      .slice(before)
      .filter((text) => /^Upgrade:/im.test(text))
    assert.equal(upgrades.length, 1)
  })

  test('what this server asks of the member for itself goes through the tunnel, too', async () => {
    const before = two.agent.kubernetes.sent.length
    const { client } = await two.host.app.clusters.access('agent')
    const pod = await client.get({ group: '', version: 'v1', resource: 'pods' }, 'box', {
      namespace: 'default',
    })
    assert.equal(pod.metadata.name, 'box')
    assert.ok(two.agent.kubernetes.sent.length > before)
  })

  test('a tunnel that breaks is a 502, and one that comes back serves again', async () => {
    const { client } = two.host.app.clusters.host
    const path = '/clusters/loose/kapis/iam.kubesphere.io/v1beta1/users'
    const tunnel = await startRelay(two.member.server.url)
    const port = Number(new URL(tunnel.url).port)
    const connection = { type: 'proxy', kubesphereAPIEndpoint: tunnel.url }
    await client.create(CLUSTERS, cluster('loose', connection))
    const look = () => ask(path).then(({ status }) => status)
    await eventually('joined', look, (status) => status === 200)
    await tunnel[Symbol.asyncDispose]()
    assert.equal(await look(), 502)
    await using again = await startRelay(two.member.server.url, port)
    assert.equal(await look(), 200)
    assert.equal(again.sent.length, 1)
  })

  test('without an end of a tunnel it is a 503, with a stranger behind it a 511, not ready a 503', async () => {
    const { client } = two.host.app.clusters.host
    const stranger = await client.get(CLUSTERS, 'stranger')
    const { kubesphereAPIEndpoint } = (
      stranger['spec'] as { connection: { kubesphereAPIEndpoint: string } }
    ).connection
    const waiting = { conditions: [{ type: 'Ready', status: 'False' }] }
    const clusters = [
      cluster('agent-endless', { type: 'proxy' }),
      cluster('agent-strange', { type: 'proxy', kubesphereAPIEndpoint }),
      cluster('agent-waiting', { type: 'proxy', kubesphereAPIEndpoint }, waiting),
    ]
    for (const one of clusters) await client.create(CLUSTERS, one)
    for (const [name, wanted] of [
      ['agent-endless', 503],
      ['agent-strange', 511],
      ['agent-waiting', 503],
    ] as const) {
      const look = () => ask(`/clusters/${name}/version`).then(({ status }) => status)
      const path = `/clusters/${name}/kapis/iam.kubesphere.io/v1beta1/users`
      await eventually(name, look, (status) => status !== 400)
      assert.equal((await ask(path)).status, wanted, name)
    }
  })
})

describe('a cluster that cannot be asked', () => {
  const B = (told: Told) =>
    (JSON.parse(told.text) as { ErrStatus: Record<string, unknown> }).ErrStatus

  test('unknown is a 400, not ready a 503, without an address a 503, silent a 502', async () => {
    const path = '/kapis/iam.kubesphere.io/v1beta1/users'
    const unknown = await ask(`/clusters/atlantis${path}`)
    assert.equal(unknown.status, 400)
    assert.equal(B(unknown)['message'], 'cluster atlantis not exists')
    const down = await ask(`/clusters/down${path}`)
    assert.equal(down.status, 503)
    assert.equal(B(down)['message'], 'cluster down is not ready')
    const nowhere = await ask(`/clusters/nowhere${path}`)
    assert.equal(nowhere.status, 503)
    assert.match(String(B(nowhere)['message']), /no kubeconfig/)
    const silent = await ask(`/clusters/silent${path}`)
    assert.equal(silent.status, 502)
    assert.match(
      String(B(silent)['message']),
      /^Error while proxying request: error trying to reach service: /,
    )
  })

  test('the host answers to its name and to the alias, without a hop', async () => {
    const before = two.relay.sent.length
    for (const path of ['/clusters/host', '']) {
      const { status } = await ask(`${path}/kapis/tenant.kubesphere.io/v1beta1/workspaces`)
      assert.equal(status, 200, path)
    }
    assert.equal(two.relay.sent.length, before)
  })

  test('one that does not know the caller is a 511, not the caller’s 401', async () => {
    const { status, type, text } = await ask(
      '/clusters/stranger/kapis/iam.kubesphere.io/v1beta1/users',
    )
    assert.equal(status, 511)
    assert.equal(type, 'application/json')
    assert.deepEqual(JSON.parse(text), {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'The request could not be authenticated due to a system issue.',
      reason: 'Network Authentication Required',
      code: 511,
    })
  })

  test('joins, moves and leaves while the server runs', async () => {
    const { client } = two.host.app.clusters.host
    const look = () => ask('/clusters/late/version').then(({ status }) => status)
    await client.create(CLUSTERS, cluster('late', { kubesphereAPIEndpoint: 'http://127.0.0.1:1' }))
    await eventually('joined', look, (status) => status === 502)
    const spec = { connection: { type: 'direct', kubesphereAPIEndpoint: two.relay.url } }
    await client.patch(CLUSTERS, 'late', { spec }, { type: 'merge' })
    await eventually('moved', look, (status) => status === 200)
    await client.delete(CLUSTERS, 'late')
    await eventually('left', look, (status) => status === 400)
  })
})
