import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, test } from 'node:test'
import { casUser } from '../../gateway/domain/identity/providers/cas-response.ts'
import { createUpstream } from '../../gateway/domain/identity/providers/upstream.ts'
import { httpServer } from '../kube/support.ts'
import { ORIGIN, providerSecret, startIdentity, type TestIdentity } from './cluster.ts'

const REDIRECT = 'https://console.example/oauth/redirect/it?ticket=x&keep=1'
const FAILED = 'Unauthorized: failed to exchange identity for it, error:'

interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  form: URLSearchParams
}

type Answer = { status?: number; type?: string; body: string | object }

/** An upstream that answers by path and remembers what it was asked. */
async function upstreamOf(answers: Record<string, Answer>) {
  const asked: Asked[] = []
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '', 'http://x')
    let body = ''
    for await (const chunk of req) body += String(chunk)
    const { method = '', headers } = req
    const form = new URLSearchParams(body)
    asked.push({ method, path: url.pathname, query: url.searchParams, headers, form })
    const answer = answers[url.pathname] ?? { status: 404, body: '' }
    res.statusCode = answer.status ?? 200
    res.setHeader('content-type', answer.type ?? 'application/json')
    res.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  }
  const server = await httpServer((req, res) => void serve(req, res))
  const { origin } = server.url
  return { asked, answers, origin, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}

async function outcome(rig: TestIdentity, query: string): Promise<string> {
  try {
    const { access_token } = await rig.identity.callback('it', new URLSearchParams(query), ORIGIN)
    return (await rig.identity.bearer(access_token)).name
  } catch (error) {
    return (error as Error).message
  }
}

function links(rig: TestIdentity): unknown[] {
  return rig.cluster.created
    .filter(({ kind }) => kind === 'User')
    .map(({ metadata }) => metadata.annotations)
}

describe('GitHub', () => {
  const options = (origin: string) => ({
    clientID: 'id',
    clientSecret: 'secret',
    redirectURL: REDIRECT,
    endpoint: { tokenURL: `${origin}/token`, userInfoURL: `${origin}/user` },
  })

  test('leads to the account of the login, whatever form the token comes in', async () => {
    await using upstream = await upstreamOf({
      '/token': { type: 'application/x-www-form-urlencoded', body: 'access_token=t1&scope=' },
      '/user': { body: { login: 'Octo-Cat', id: 1, email: 'octo@example.org' } },
    })
    await using rig = await startIdentity()
    rig.cluster.put(providerSecret('it', 'GitHubIdentityProvider', options(upstream.origin)))
    assert.equal(await outcome(rig, 'code=c1&state=s'), 'octo-cat')
    assert.deepEqual(links(rig), [{ 'iam.kubesphere.io/identity-provider.it': 'Octo-Cat' }])
    const [token, info] = upstream.asked
    assert.deepEqual(Object.fromEntries(token?.form ?? []), {
      grant_type: 'authorization_code',
      code: 'c1',
      redirect_uri: REDIRECT,
      client_id: 'id',
      client_secret: 'secret',
    })
    assert.equal(info?.headers.authorization, 'Bearer t1')
    upstream.answers['/token'] = { body: { access_token: 't2', token_type: 'bearer' } }
    assert.equal(await outcome(rig, 'code=c2'), 'octo-cat')
    assert.equal(links(rig).length, 1)
  })

  test('an answer that names nobody leads to nobody', async () => {
    await using upstream = await upstreamOf({
      '/token': { body: { error: 'bad_verification_code' } },
      '/user': { body: { message: 'Bad credentials' } },
    })
    await using rig = await startIdentity()
    rig.cluster.put(providerSecret('it', 'GitHubIdentityProvider', options(upstream.origin)))
    assert.equal(
      await outcome(rig, 'code=c'),
      `${FAILED} the token endpoint answered 200 bad_verification_code`,
    )
    upstream.answers['/token'] = { body: { access_token: 't' } }
    assert.equal(await outcome(rig, 'code=c'), 'Unauthorized: identity provider it named nobody')
    upstream.answers['/user'] = { status: 401, body: { message: 'Bad credentials' } }
    assert.equal(await outcome(rig, 'code=c'), `${FAILED} the identity provider answered 401`)
    assert.deepEqual(links(rig), [])
  })

  test('lists the endpoints of github.com where none are given', async () => {
    await using rig = await startIdentity()
    rig.cluster.put(providerSecret('it', 'GitHubIdentityProvider', { clientID: 'id' }))
    await outcome(rig, '')
    const [listed] = await rig.identity.identityProviders()
    assert.deepEqual(listed?.options.endpoint, {
      authURL: 'https://github.com/login/oauth/authorize',
      tokenURL: 'https://github.com/login/oauth/access_token',
      userInfoURL: 'https://api.github.com/user',
    })
  })
})

test('Aliyun IDaaS tells the user in an envelope, and why not in words', async () => {
  await using upstream = await upstreamOf({
    '/token': { body: { access_token: 't', token_type: 'Bearer' } },
    '/user': { body: { success: true, data: { sub: '77', username: 'Li', email: 'li@x.org' } } },
  })
  await using rig = await startIdentity()
  const { origin } = upstream
  const endpoint = { tokenURL: `${origin}/token`, userInfoURL: `${origin}/user` }
  const options = { clientID: 'id', clientSecret: 's', redirectURL: REDIRECT, endpoint }
  rig.cluster.put(providerSecret('it', 'AliyunIDaaSProvider', options))
  assert.equal(await outcome(rig, 'code=c'), 'li')
  assert.deepEqual(links(rig), [{ 'iam.kubesphere.io/identity-provider.it': '77' }])
  assert.equal(upstream.asked[0]?.headers.authorization, `Basic ${btoa('id:s')}`)
  upstream.answers['/user'] = { body: { success: false, message: 'token expired', data: null } }
  assert.equal(await outcome(rig, 'code=c'), `${FAILED} token expired`)
  upstream.answers['/user'] = { body: { success: true, data: { username: 'Li' } } }
  assert.equal(await outcome(rig, 'code=c'), 'Unauthorized: identity provider it named nobody')
})

describe('CAS', () => {
  const success = (inside: string) =>
    `<?xml version="1.0"?>\n<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
      <cas:authenticationSuccess>${inside}</cas:authenticationSuccess></cas:serviceResponse>`

  test('has its ticket validated for the service it was asked for', async () => {
    await using upstream = await upstreamOf({
      '/cas/serviceValidate': { type: 'text/xml', body: success('<cas:user> Ann </cas:user>') },
    })
    await using rig = await startIdentity()
    const options = { redirectURL: REDIRECT, casServerURL: `${upstream.origin}/cas/` }
    rig.cluster.put(providerSecret('it', 'CASIdentityProvider', options))
    assert.equal(await outcome(rig, 'ticket=ST-1'), 'ann')
    const { method, path, query } = upstream.asked[0] as Asked
    assert.deepEqual([method, path], ['GET', '/cas/serviceValidate'])
    assert.deepEqual(Object.fromEntries(query), {
      service: 'https://console.example/oauth/redirect/it?keep=1',
      ticket: 'ST-1',
    })
    assert.equal(await outcome(rig, ''), `${FAILED} no ticket in the callback`)
    assert.equal(await outcome(rig, 'ticket=a&ticket=b'), `${FAILED} no ticket in the callback`)
    upstream.answers['/cas/serviceValidate'] = { status: 500, body: '' }
    assert.equal(await outcome(rig, 'ticket=a'), `${FAILED} the CAS server answered 500`)
  })

  test('of version 1 says yes or no in lines', async () => {
    await using upstream = await upstreamOf({ '/validate': { body: 'yes\nBob\n' } })
    await using rig = await startIdentity()
    const options = { redirectURL: REDIRECT, casServerURL: upstream.origin }
    rig.cluster.put(providerSecret('it', 'CASIdentityProvider', options))
    assert.equal(await outcome(rig, 'ticket=1'), 'bob')
    upstream.answers['/validate'] = { body: 'no\n\n' }
    assert.equal(await outcome(rig, 'ticket=1'), `${FAILED} the CAS server refused the ticket`)
    upstream.answers['/validate'] = { body: 'yes\n\n' }
    assert.equal(await outcome(rig, 'ticket=1'), 'Unauthorized: identity provider it named nobody')
  })

  test('answers are read by their structure', () => {
    const failure = (code: string) =>
      `<c:serviceResponse xmlns:c='x'><c:authenticationFailure ${code}>no</c:authenticationFailure></c:serviceResponse>`
    const good: [xml: string, user: string][] = [
      [success('<cas:user>ann</cas:user>'), 'ann'],
      [
        success(
          '<cas:attributes><cas:user>eve</cas:user></cas:attributes><cas:user>ann</cas:user>',
        ),
        'ann',
      ],
      [success('<cas:user a="1">a&amp;b&#x21;&#33;</cas:user><cas:proxies/>'), 'a&b!!'],
      [
        '<serviceResponse><authenticationSuccess><user>x</user></authenticationSuccess></serviceResponse>',
        'x',
      ],
    ]
    for (const [xml, user] of good) assert.equal(casUser(xml), user, xml)
    const bad: [xml: string, why: RegExp][] = [
      [failure("code='INVALID_TICKET'"), /refused the ticket: INVALID_TICKET/],
      [failure(''), /refused the ticket/],
      [success('<cas:attributes><cas:user>eve</cas:user></cas:attributes>'), /named no user/],
      [`<!DOCTYPE x [<!ENTITY a "b">]>${success('<cas:user>ann</cas:user>')}`, /plain XML/],
      [success('<cas:user><![CDATA[ann]]></cas:user>'), /plain XML/],
      [success('<cas:user>ann</cas:other>'), /in XML/],
      ['<cas:user>ann</cas:user>', /named no user/],
      [success('<cas:user>ann</cas:user>').slice(0, -10), /named no user/],
      ['', /named no user/],
    ]
    for (const [xml, why] of bad) assert.throws(() => casUser(xml), { message: why }, xml)
  })
})

describe('a call to a provider', () => {
  const calling = new AbortController().signal

  test('follows no redirect, reads no more than its bound, and says nothing of why', async () => {
    await using server = await httpServer((req, res) => {
      if (req.url === '/moved') res.writeHead(302, { location: '/json' }).end()
      else if (req.url === '/big') res.end(Buffer.alloc(2 * 1024 * 1024, 0x20))
      else if (req.url === '/json') res.end('{"a":1}')
      else if (req.url === '/list') res.end('[]')
      else req.socket.destroy()
    })
    await using upstream = createUpstream({ insecureSkipVerify: false })
    const ask = (path: string) => upstream.json(`${server.url.origin}${path}`, { signal: calling })
    assert.deepEqual(await ask('/json'), { a: 1 })
    await assert.rejects(ask('/moved'), { message: 'the identity provider answered 302' })
    await assert.rejects(ask('/big'), { message: 'the identity provider does not answer' })
    await assert.rejects(ask('/broken'), { message: 'the identity provider does not answer' })
    await assert.rejects(ask('/list'), { message: /with an object/ })
  })

  test('never goes to the addresses where clouds keep credentials', async () => {
    await using upstream = createUpstream({ insecureSkipVerify: false })
    const closed = [
      'http://169.254.169.254/latest/meta-data/',
      'http://2852039166/',
      'http://0xa9fea9fe/',
      'http://[::ffff:169.254.169.254]/',
      'http://[fe80::1]/',
      'http://[fd00:ec2::254]/',
      'http://[64:ff9b::a9fe:a9fe]/',
      'http://100.100.100.200/',
    ]
    for (const url of closed) {
      await assert.rejects(upstream.call(url, { signal: calling }), {
        message: 'the host may not be reached',
      })
    }
  })

  test('ends with its caller', async () => {
    const gone = new AbortController()
    await using server = await httpServer(() => gone.abort())
    await using upstream = createUpstream({ insecureSkipVerify: false })
    await assert.rejects(upstream.call(server.url.href, { signal: gone.signal }), {
      message: 'the identity provider does not answer',
    })
  })
})
