import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { pino } from 'pino'
import { createConfigSecrets } from '../../gateway/domain/config-secrets.ts'
import { externalEffects } from '../../gateway/domain/effects.ts'
import {
  createCustomFilters,
  createResources,
  pageB,
  type ListQuery,
} from '../../gateway/domain/resources/index.ts'
import type { KindInfo, KubeObject } from '../../gateway/kube/types.ts'
import { silentRego } from '../rego/support.ts'
import { fakeCluster, scopeOf } from './support.ts'

const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const THINGS: KindInfo = {
  group: 'example.org',
  version: 'v1',
  resource: 'things',
  kind: 'Thing',
  namespaced: false,
  verbs: ['get', 'list', 'watch'],
  singular: '',
  shortNames: [],
  categories: [],
  preferred: true,
}
const rego = silentRego()
after(() => rego[Symbol.asyncDispose]())

/** Things whose colour is their name's first letter. */
const things: KubeObject[] = ['green-1', 'green-2', 'red-1', 'red-2', 'red-3'].map((name, at) => ({
  apiVersion: 'example.org/v1',
  kind: 'Thing',
  metadata: {
    name,
    uid: name,
    resourceVersion: String(at),
    creationTimestamp: `2026-01-0${at + 1}T00:00:00Z`,
    labels: { size: at % 2 ? 'big' : 'small' },
  },
  spec: { colour: name.split('-')[0] },
}))

const COLOUR = `package filter
default match = false
match { input.filter.field != "colour" }
match { input.filter.field == "colour"; input.object.spec.colour == lower(input.filter.value) }`

function secret(name: string, policy: string, of: Partial<Record<string, unknown>> = {}) {
  const { namespace = 'kubesphere-system', kind = 'Thing', type = 'custom-resource-filter' } = of
  const yaml = JSON.stringify({
    resource: { group: 'example.org', version: 'v1', kind },
    regoPolicy: policy,
  })
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: String(namespace), uid: name, resourceVersion: '1' },
    type: `config.kubesphere.io/${String(type)}`,
    data: { 'configuration.yaml': Buffer.from(yaml).toString('base64') },
  }
}

/** The names that a list has, and its total. */
function bench(secrets: KubeObject[] = []) {
  const cluster = fakeCluster()
  const store = cluster.seed(SECRETS, 'Secret', secrets)
  const stored = cluster.seed(THINGS, 'Thing', things)
  const log = pino({ level: 'silent' })
  const customFilters = createCustomFilters({ secrets: createConfigSecrets(cluster, log), rego })
  const scope = { ...scopeOf(cluster), customFilters }
  const resources = createResources({ effects: externalEffects })
  const list = async (filters: Record<string, string>, query: ListQuery = {}) => {
    const page = await resources.any.list.run(scope, {
      info: THINGS,
      namespace: '',
      workspace: '',
      query: { sortBy: 'name', ascending: true, filters, ...query },
    })
    const { totalItems, remainingItems } = page
    return { names: page.items.map(({ entry }) => entry.name), totalItems, remainingItems }
  }
  return { store, stored, scope, list }
}

const names = async (listing: Promise<{ names: string[] }>) => (await listing).names

describe('a filter that an extension registers', () => {
  it('holds beside the known ones, for every filter of the query', async () => {
    const { list } = bench([secret('colours', COLOUR)])
    assert.deepEqual(await names(list({ colour: 'RED' })), ['red-1', 'red-2', 'red-3'])
    assert.deepEqual(await names(list({ colour: 'red', name: '2' })), ['red-2'])
    assert.deepEqual(await names(list({ colour: 'blue' })), [])
    assert.deepEqual(await names(list({ colour: 'red' }, { labelSelector: 'size=big' })), ['red-2'])
  })

  it('counts before the page is cut, in the order of the list', async () => {
    const { list } = bench([secret('colours', COLOUR)])
    const query = { limit: 2, page: 1, ascending: false }
    assert.deepEqual(await list({ colour: 'red' }, query), {
      names: ['red-3', 'red-2'],
      totalItems: 3,
      remainingItems: 1,
    })
  })

  it('is not asked without filters', async () => {
    const { list } = bench([secret('never', 'package filter\ndefault match = false')])
    assert.equal((await list({})).totalItems, 5)
    assert.equal((await list({ name: 'red' })).totalItems, 0)
  })

  it('lets nothing through where it fails or does not answer with true or false', async () => {
    for (const policy of [
      'package filter\nmatch {',
      'package other\nmatch { true }',
      'package filter\nmatch = "true" { true }',
      'package filter\nmatch { http.send({"method": "get", "url": "http://127.0.0.1:1"}) }',
    ]) {
      const { list } = bench([secret('broken', policy)])
      assert.deepEqual(await names(list({ name: 'red' })), [], policy)
    }
  })

  it('looks at a list that is put together from entries and at what it shows of them', async () => {
    const policy = 'package filter\nmatch { not input.object.spec }'
    const { stored, scope } = bench([secret('hidden', policy)])
    const query = { filters: { name: 'red' } }
    const bare = ({ metadata }: KubeObject) => ({ metadata })
    const whole = (object: KubeObject) => object
    const counted = async (...[of, view]: [Parameters<typeof pageB>[0], typeof bare]) =>
      (await pageB(of, query, view, scope)).totalItems
    assert.equal(await counted(stored, bare), 3)
    assert.equal(await counted(stored, whole), 0)
    assert.equal(await counted(stored.entries(), bare), 3)
    assert.equal(await counted(stored.entries(), whole), 0)
  })
})

describe('which filter counts', () => {
  it('follows the Secrets', async () => {
    const { store, list } = bench()
    assert.equal((await list({ colour: 'red' })).totalItems, 5)
    store.apply('ADDED', secret('colours', COLOUR))
    assert.equal((await list({ colour: 'red' })).totalItems, 3)
    const none = 'package filter\ndefault match = false'
    store.apply('MODIFIED', {
      ...secret('colours', none),
      metadata: { ...secret('colours', none).metadata, resourceVersion: '2' },
    })
    assert.equal((await list({ colour: 'red' })).totalItems, 0)
    store.apply('DELETED', {
      ...secret('colours', none),
      metadata: { ...secret('colours', none).metadata, resourceVersion: '3' },
    })
    assert.equal((await list({ colour: 'red' })).totalItems, 5)
  })

  it('is one of kubesphere-system, of the right type, for the kind: nobody steers lists from a project', async () => {
    const never = 'package filter\ndefault match = false'
    const { list } = bench([
      secret('a', never, { namespace: 'alpha-prod' }),
      secret('b', never, { kind: 'Other' }),
      secret('c', never, { type: 'oauthclient' }),
      { ...secret('d', never), data: { 'configuration.yaml': 'bm90OiBbeWFtbA==' } },
    ])
    assert.equal((await list({ name: 'red' })).totalItems, 3)
  })
})
