import assert from 'node:assert/strict'
import { test } from 'node:test'
import { externalEffects } from '../../gateway/domain/effects.ts'
import { createResources } from '../../gateway/domain/resources/index.ts'
import { face, upstream } from './support.ts'

const PATH = '/kapis/resources.kubesphere.io/v1alpha2/git/verify'

test('hole 30: git verify reaches no file and nothing inside, and repeats no words of a host', async () => {
  await using inside = await upstream((_req, res) => void res.writeHead(401).end('internal words'))
  const verify = async (openHosts: string[], remoteUrl: string | undefined) => {
    const resources = createResources({ effects: externalEffects, openHosts })
    await using app = await face({ allow: () => true, app: { resources } })
    const response = await fetch(app.url + PATH, {
      method: 'POST',
      headers: { authorization: 'Bearer eve', 'content-type': 'application/json' },
      body: remoteUrl === undefined ? '{' : JSON.stringify({ remoteUrl }),
    })
    return [response.status, ((await response.json()) as { message: string }).message] as const
  }
  for (const url of [
    'file:///etc',
    '/etc',
    'ssh://git@h.example/x',
    inside.url,
    'http://[::1]/x',
  ]) {
    const [status, message] = await verify([], url)
    assert.equal(status, 400, url)
    assert.doesNotMatch(message, /internal words/)
  }
  assert.equal(inside.seen.length, 0)
  assert.deepEqual(await verify(['127.0.0.1'], inside.url), [500, 'authentication required'])
  assert.equal(inside.seen.length, 1)
  assert.equal((await verify([], undefined))[0], 500)
})
