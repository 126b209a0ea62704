import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { createProfiler } from '../../gateway/telemetry/index.ts'
import { ask, bearer } from '../e2e/http.ts'
import { face } from './support.ts'

const get = (url: string, init: RequestInit = {}) => ask(url, { headers: bearer('admin'), ...init })

describe('profiles of the process', () => {
  const on = {
    config: defaultConfig({ facade: { profiles: true } }),
    profiler: createProfiler(),
  }

  test('are not there unless they are switched on', async () => {
    await using app = await face()
    const { status, text } = await get(`${app.url}/debug/cpu?seconds=1`)
    assert.deepEqual([status, text], [404, '404: Page Not Found'])
  })

  test('are refused to who may not GET their path', async () => {
    await using app = await face({ app: on, allow: () => false })
    for (const kind of ['cpu', 'heap'])
      assert.equal((await get(`${app.url}/debug/${kind}?seconds=1`)).status, 403)
    await using open = await face({ app: on })
    assert.equal((await ask(`${open.url}/debug/heap`, { headers: bearer('ada') })).status, 403)
    assert.equal((await ask(`${open.url}/debug/heap?seconds=1`)).status, 403)
  })

  test('are what developer tools read, one at a time', async () => {
    await using app = await face({ app: on })
    const [cpu, second] = await Promise.all([
      get(`${app.url}/debug/cpu?seconds=1`),
      // Sent after the first on a connection of its own; either may come first.
      get(`${app.url}/debug/cpu?seconds=1`),
    ])
    assert.deepEqual(
      [cpu.status, second.status].toSorted((a, b) => a - b),
      [200, 429],
    )
    const taken = cpu.status === 200 ? cpu : second
    const profile = JSON.parse(taken.text) as { nodes: unknown[]; samples: unknown[] }
    assert.ok(profile.nodes.length > 0 && profile.samples.length > 0)
    const heap = await get(`${app.url}/debug/heap?seconds=1`)
    assert.match(heap.headers.get('content-disposition') ?? '', /ks-facade\.heapprofile/)
    assert.ok((JSON.parse(heap.text) as { head: object }).head)
  })

  test('last as long as they are told to, within bounds', async () => {
    await using app = await face({ app: on })
    for (const seconds of ['0', '61', '-1', '1e1', 'x'])
      assert.equal((await get(`${app.url}/debug/heap?seconds=${seconds}`)).status, 400, seconds)
  })

  test('are given up when nobody waits for them any more', async () => {
    await using app = await face({ app: on })
    const signal = AbortSignal.timeout(200)
    await assert.rejects(get(`${app.url}/debug/cpu?seconds=60`, { signal }))
    for (;;) {
      const { status } = await get(`${app.url}/debug/cpu?seconds=1`)
      if (status === 200) break
      assert.equal(status, 429)
    }
  })
})
