import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { TENANT, workspace } from '../iam/world.ts'
import { openedSocket } from './socket.ts'
import { everything, Fold, watcher, type Ended, type Event, type Watch } from './watch-client.ts'
import { MAPS, startWatchStage, type WatchStage } from './watch-stage.ts'

let stage: WatchStage

before(async () => {
  stage = await startWatchStage()
})

after(() => stage[Symbol.asyncDispose]())

const synced = ({ type }: Event) => type === 'SYNCED'
const named = (name: string) => (event: Event) => event.object?.metadata.name === name

/** Events until SYNCED and these objects came: what was just written may be heard of after it. */
async function begin(watch: Watch<Event>, ...names: readonly string[]): Promise<Event[]> {
  const events: Event[] = []
  const seen = (name: string) => events.some(named(name))
  while (!events.some(synced) || !names.every(seen)) events.push(await watch.next())
  return events
}

/** `namespace/name version` of config maps, as the API server has them. */
async function listed(namespace: string): Promise<string[]> {
  const { items } = await stage.world.kube.list(MAPS, { namespace })
  return items
    .map(({ metadata: { name, resourceVersion } }) => `${namespace}/${name} ${resourceVersion}`)
    .toSorted()
}

test('what is there comes first, then SYNCED, then each change; folded, that is the list', async () => {
  await stage.namespace('folded')
  const put = (name: string, text: string) => stage.put(name, { text }, { namespace: 'folded' })
  await put('first', 'a')
  await put('second', 'a')
  const watch = stage.admin.watch(
    `subscription { configMapsChanged(namespaces: ["folded"], onlySelected: false) { ${everything} } }`,
  )
  const fold = new Fold()
  for (const event of await begin(watch, 'first', 'second')) fold.take(event)
  assert.deepEqual(fold.list, await listed('folded'))
  await put('third', 'a')
  await put('first', 'b')
  await stage.remove('second', 'folded')
  await put('last', 'a')
  const events = await watch.until(named('last'))
  for (const event of events) fold.take(event)
  assert.deepEqual(
    events.map(({ type, object }) => `${type} ${object?.metadata.name}`),
    ['ADDED third', 'MODIFIED first', 'DELETED second', 'ADDED last'],
  )
  assert.deepEqual(fold.list, await listed('folded'))
  watch.stop()
})

test('a socket that comes back goes on where it was', async () => {
  const query = (resume: string) =>
    `subscription { resourcesChanged(kind: { kind: "ConfigMap" }, namespaces: ["default"],
      resume: ${resume}) { ${everything} } }`
  const token = await stage.world.login('admin')
  const first = watcher(stage.world.url, token)
  await stage.put('resumed-old', {})
  const before = await begin(first.watch(query('null')), 'resumed-old')
  await first[Symbol.asyncDispose]()
  await stage.put('resumed-new', {})
  await stage.remove('resumed-old')
  const last = before.at(-1)?.resume ?? ''
  const again = stage.admin.watch(query(JSON.stringify(last)))
  const told = await again.until(({ type }) => type === 'DELETED')
  assert.deepEqual(
    told.map(({ type, object }) => `${type} ${object?.metadata.name ?? ''}`.trim()),
    ['SYNCED', 'ADDED resumed-new', 'DELETED resumed-old'],
  )
  again.stop()

  const other = stage.admin.watch(
    `subscription { configMapsChanged(namespaces: ["kube-system"], resume: ${JSON.stringify(last)}) { type } }`,
  )
  assert.deepEqual((await other.ended).codes, ['CURSOR_MISMATCH'])
  const forged = stage.admin.watch(query(JSON.stringify(`A${last.slice(1)}`)))
  assert.deepEqual((await forged.ended).codes, ['BAD_USER_INPUT'])
})

describe('onlySelected', () => {
  const variables = { key: 'seen', with: false }
  /** A selection of the object, and which changes it shows: of data, of label `seen`, of label `unseen`. */
  const rows: readonly [what: string, selection: string, shows: string[]][] = [
    ['names alone', 'metadata { name uid }', []],
    ['data', 'data metadata { name }', ['data']],
    ['everything', 'raw metadata { name }', ['data', 'seen', 'unseen']],
    ['an alias', 'called: metadata { is: name } texts: data metadata { name }', ['data']],
    ['an argument', 'metadata { name labelsEntry(key: $key) }', ['seen']],
    ['a fragment', 'metadata { name } ...Labels', ['seen', 'unseen']],
    ['an inline fragment', 'metadata { name } ... on ConfigMap { data }', ['data']],
    ['a directive that leaves out', 'metadata { name } data @include(if: $with)', []],
    ['a directive that does not', 'metadata { name } data @skip(if: $with)', ['data']],
    ['an edge that stays', 'metadata { name } events(first: 1) { totalCount }', []],
    ['an edge that changes', 'metadata { name } owner { metadata { name } }', ['owner']],
  ]
  for (const [index, [what, selection, shows]] of rows.entries()) {
    test(`counts what is selected: ${what}`, async () => {
      const name = `selected-${index}`
      const label = `row-${index}`
      const query = `subscription ($key: String!, $with: Boolean!) {
        configMapsChanged(filter: { label: "row=${label}" }) { type object { ${selection} } }
      }
      fragment Labels on ConfigMap { metadata { labels } }`
      const usesKey = selection.includes('$key')
      const usesWith = selection.includes('$with')
      const wanted = query
        .replace('$key: String!, ', usesKey ? '$key: String! ' : '')
        .replace('$with: Boolean!', usesWith ? '$with: Boolean!' : '')
        .replace('subscription ()', 'subscription')
        .replace(selection.includes('...Labels') ? /$^/ : /fragment Labels.*$/, '')
      await stage.put(name, { text: 'a' }, { labels: { row: label } })
      const watch = stage.admin.watch(wanted, {
        ...(usesKey ? { key: variables.key } : {}),
        ...(usesWith ? { with: variables.with } : {}),
      })
      await begin(watch, name)
      const seen: string[] = []
      const change = async (of: string, data: object, labels: object, owner?: string) => {
        const owned = owner ? { ownerReferences: [await ownerOf(owner)] } : {}
        const body = { metadata: { labels, ...owned }, data }
        await stage.world.kube.patch(MAPS, name, body, { type: 'merge', namespace: 'default' })
        // That something new matches is always told: whatever came before it was shown.
        await stage.put(`${name}-${of}`, {}, { labels: { row: label } })
        const events = await watch.until(named(`${name}-${of}`))
        if (events.length > 1) seen.push(of)
      }
      await change('data', { text: 'b' }, {})
      await change('seen', {}, { seen: 'yes' })
      await change('unseen', {}, { other: 'yes' })
      if (shows.includes('owner')) await change('owner', {}, {}, 'selected-0')
      assert.deepEqual(seen, shows)
      watch.stop()
    })
  }

  async function ownerOf(name: string): Promise<object> {
    const { metadata } = await stage.world.kube.get(MAPS, name, { namespace: 'default' })
    return { apiVersion: 'v1', kind: 'ConfigMap', name, uid: metadata.uid }
  }
})

describe('rights', () => {
  const maps = (args: string) => `subscription { configMapsChanged${args} { ${everything} } }`

  test('a stranger is refused, whatever the field and the mode', async () => {
    const eve = await stage.stranger('eve')
    const kind = 'kind: { kind: "ConfigMap" }'
    const ways = [
      maps(''),
      maps('(namespaces: ["default"])'),
      maps('(mode: NOTIFY)'),
      maps('(mode: ROWS)'),
      `subscription { resourcesChanged(${kind}, namespaces: ["default"]) { type } }`,
      'subscription { ksIamUsersChanged { type } }',
      'subscription { usersChanged { type } }',
      'subscription { workspacesChanged { type } }',
      'subscription { clustersChanged { type } }',
      'subscription { rbacAuthorizationClusterRolesChanged { type } }',
    ]
    for (const way of ways) assert.deepEqual((await eve.watch(way).ended).codes, ['FORBIDDEN'], way)
    const counts = await eve
      .watch<object[]>(
        'subscription { resourceCounts(kinds: [{ kind: "ConfigMap" }]) { count code } }',
      )
      .next()
    assert.deepEqual(counts, [{ count: null, code: 'FORBIDDEN' }])
    const nothing = eve.watch(maps('(accessibleOnly: true)'))
    assert.deepEqual(
      (await nothing.until(synced)).map(({ type }) => type),
      ['SYNCED'],
    )
    nothing.stop()
  })

  test('two namespaces show each to their own, and roles that come and go are followed', async () => {
    for (const place of ['north', 'south']) await stage.namespace(place)
    const nora = await stage.stranger('nora')
    await stage.grant('nora', 'north')
    await stage.put('in-north', {}, { namespace: 'north' })
    await stage.put('in-south', {}, { namespace: 'south' })
    const watch = nora.watch(maps('(accessibleOnly: true)'))
    const fold = new Fold()
    const follow = async (name: string) => {
      for (const event of await watch.until(named(name))) fold.take(event)
    }
    for (const event of await begin(watch, 'in-north')) fold.take(event)
    const places = () => new Set(fold.list.map((one) => one.split('/')[0]))
    assert.deepEqual(places(), new Set(['north']))
    await stage.put('also-south', {}, { namespace: 'south' })
    await stage.put('also-north', {}, { namespace: 'north' })
    await follow('also-north')
    assert.deepEqual(places(), new Set(['north']))

    await stage.grant('nora', 'south')
    await watch.until(({ object }) => object?.metadata.namespace === 'south')
    await stage.put('later-south', {}, { namespace: 'south' })
    await follow('later-south')

    await stage.revoke('nora', 'north')
    for (const event of await watch.until(
      ({ type, object }) => type === 'DELETED' && object?.metadata.name === 'also-north',
    )) {
      fold.take(event)
    }
    watch.stop()
  })

  test('that are taken away end a subscription within moments, for whoever had them', async (t) => {
    const olga = await stage.stranger('olga')
    await stage.namespace('lent')
    await stage.grant('olga', 'lent')
    const watch = olga.watch(maps('(namespaces: ["lent"])'))
    const rows = olga.watch(maps('(namespaces: ["lent"], mode: NOTIFY)'))
    await watch.until(synced)
    await rows.next()
    const since = performance.now()
    await stage.revoke('olga', 'lent')
    const [one, other] = await Promise.all([watch.ended, rows.ended])
    t.diagnostic(`cut ${Math.round(performance.now() - since)} ms after the role was taken away`)
    assert.deepEqual([one.codes, other.codes], [['FORBIDDEN'], ['FORBIDDEN']])
  })

  test('secrets of the platform are not told, and cannot be found out by a filter', async () => {
    const { kube } = stage.world
    const users = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }
    const admin = await kube.get(users, 'admin')
    const { password } = admin['spec'] as { password: string }
    const watch = stage.admin.watch<{ type: string; object: { raw: object } | null }>(
      'subscription { ksIamUsersChanged { type object { raw } } }',
    )
    const events = await watch.until(({ type }) => type === 'SYNCED')
    assert.ok(events.length > 1)
    assert.ok(!JSON.stringify(events).includes(password))
    watch.stop()
    const accounts = stage.admin.watch<{ type: string; object: object | null }>(
      'subscription { usersChanged(filter: { names: ["admin"] }) { type object { name status } } }',
    )
    assert.deepEqual(await accounts.until(({ type }) => type === 'SYNCED'), [
      { type: 'ADDED', object: { name: 'admin', status: 'ACTIVE' } },
      { type: 'SYNCED', object: null },
    ])
    accounts.stop()
    const guess = stage.admin.watch(
      `subscription ($is: String!) { ksIamUsersChanged(filter: { fieldSelector: $is }) { type } }`,
      { is: `spec.password=${password.replaceAll('=', '')}` },
    )
    assert.deepEqual((await guess.until(synced)).length, 1)
    guess.stop()
  })
})

test('workspaces are told as the platform shows them, changes that are not selected left out', async () => {
  const admin = await stage.world.as('admin')
  const watch = stage.admin.watch<{
    type: string
    object: { name: string; displayName: string | null } | null
  }>(
    'subscription { workspacesChanged(initial: false) { type object { name displayName } previous { displayName } } }',
  )
  assert.equal((await watch.next()).type, 'SYNCED')
  const made = await admin.post(`${TENANT}/workspacetemplates`, workspace('told', 'admin'))
  assert.equal(made.status, 200, made.text)
  const added = await watch.next()
  assert.deepEqual([added.type, added.object?.name], ['ADDED', 'told'])
  await stage.world.settled()
  const templates = {
    group: 'tenant.kubesphere.io',
    version: 'v1beta1',
    resource: 'workspacetemplates',
  }
  const label = { metadata: { labels: { nobody: 'asks' } } }
  const name = { metadata: { annotations: { 'kubesphere.io/alias-name': 'Told' } } }
  for (const patch of [label, name]) {
    await stage.world.kube.patch(templates, 'told', patch, { type: 'merge' })
  }
  const [changed] = (await watch.until(({ object }) => object?.displayName === 'Told')).slice(-1)
  assert.equal(changed?.type, 'MODIFIED')
  watch.stop()
})

describe('other modes', () => {
  test('NOTIFY says that something changed, and nothing of what', async () => {
    const watch = stage.admin.watch(
      `subscription { configMapsChanged(filter: { name: "noted" }, mode: NOTIFY) { ${everything} } }`,
    )
    assert.equal((await watch.next()).type, 'SYNCED')
    await stage.put('noted', {})
    const { type, object } = await watch.next()
    assert.deepEqual([type, object], ['CHANGED', null])
    watch.stop()
  })

  test('ROWS gives the page as it is, in its order, and again when it shows something else', async () => {
    const watch = stage.admin.watch<{
      type: string
      rows: { totalCount: number; nodes: object[] }
    }>(
      `subscription { configMapsChanged(namespaces: ["default"], filter: { name: "row-" }, mode: ROWS) {
        type rows(first: 2, orderBy: [{ by: NAME, direction: ASC }]) { totalCount nodes { metadata { name } } }
      } }`,
    )
    const page = async () => {
      const { rows } = await watch.next()
      return [rows.totalCount, JSON.stringify(rows.nodes).match(/row-\w/g)]
    }
    assert.deepEqual(await page(), [0, null])
    await stage.put('row-b', {})
    assert.deepEqual(await page(), [1, ['row-b']])
    await stage.put('row-b', { what: 'nobody sees' })
    await stage.put('row-a', {})
    assert.deepEqual(await page(), [2, ['row-a', 'row-b']])
    watch.stop()
  })

  test('resourceCounts counts at once and after changes, kind by kind', async () => {
    type Counts = { kind: { kind: string }; count: number | null; code: string | null }[]
    await stage.namespace('counted')
    const watch = stage.admin.watch<Counts>(
      `subscription { resourceCounts(namespaces: ["counted"], kinds: [{ kind: "ConfigMap" }, { kind: "Namespace" }]) {
        kind { kind } count code } }`,
    )
    const [maps] = await watch.next()
    await stage.put('one-more', {}, { namespace: 'counted' })
    // The controller manager puts one of its own there, sooner or later.
    const counted = await watch.until(([first]) => (first?.count ?? 0) > (maps?.count ?? 0))
    const [more, spaces] = counted.at(-1) ?? []
    assert.equal(more?.kind.kind, 'ConfigMap')
    assert.ok((spaces?.count ?? 0) > 5)
    watch.stop()
  })
})

test('the documents of the page are answered as they stand there', async () => {
  const page = resolve(import.meta.dirname, '../../docs/graphql.md')
  const watching = /^## Watching$([^]*?)^## /m.exec(await readFile(page, 'utf8'))?.[1] ?? ''
  const documents = Array.from(watching.matchAll(/^```graphql\n([^]*?)^```$/gm), ([, text]) => text)
  assert.equal(documents.length, 2)
  for (const document of documents) {
    const watch = stage.admin.watch<object>(document ?? '', { kinds: [{ kind: 'Pod' }] })
    await watch.next()
    watch.stop()
  }
})

test('a client that stops to read costs a bounded queue, is told so, and loses nothing', async () => {
  await stage.namespace('flood')
  const query = `subscription ($resume: String) {
    configMapsChanged(namespaces: ["flood"], initial: false, resume: $resume) {
      type cluster resume object { data metadata { namespace name uid resourceVersion } }
    }
  }`
  const token = await stage.world.login('admin')
  await using raw = await openedSocket(`${stage.world.url}/graphql`, token)
  raw.send({ id: 'slow', type: 'subscribe', payload: { query } })
  const fold = new Fold()
  const hear = async (): Promise<Ended['errors'][number] | undefined> => {
    const { type, payload } = await raw.next()
    if (type === 'error') return (payload as Ended['errors'])[0]
    const { data } = payload as { data: { configMapsChanged: Event } }
    fold.take(data.configMapsChanged)
    return undefined
  }
  assert.equal(await hear(), undefined)
  raw.socket.pause()
  const { watches } = stage.world.app
  const { slow } = watches.samples()
  const text = 'x'.repeat(500_000)
  for (let index = 0; watches.samples().slow === slow; index++) {
    assert.ok(index < 200, 'the queue has a bound')
    await stage.world.kube.create(MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `wave-${index}`, namespace: 'flood' },
      data: { text },
    })
  }
  raw.socket.resume()
  let error = await hear()
  while (!error) error = await hear()
  assert.equal(error.extensions['code'], 'SLOW_CONSUMER')
  const again = stage.admin.watch(query, { resume: error.extensions['resume'] })
  const wanted = await listed('flood')
  while (fold.list.join() !== wanted.join()) fold.take(await again.next())
  again.stop()
})

test('kinds that no cache holds are refused by name, and so are kinds without watches', async () => {
  const secrets = stage.admin.watch('subscription { secretsChanged { type } }')
  assert.deepEqual((await secrets.ended).codes, ['UNSUPPORTED_IN_LIVE_MODE'])
  const counts = stage.admin.watch(
    'subscription { resourceCounts(kinds: [{ kind: "Secret" }]) { count } }',
  )
  assert.deepEqual((await counts.ended).codes, ['UNSUPPORTED_IN_LIVE_MODE'])
  const reviews = stage.admin.watch(
    `subscription { resourcesChanged(kind: { group: "authorization.k8s.io", kind: "SubjectAccessReview" }) { type } }`,
  )
  assert.deepEqual((await reviews.ended).codes, ['METHOD_NOT_SUPPORTED'])
})

test('a kind that goes ends its subscriptions with SCHEMA_CHANGED, typed or not; others go on', async () => {
  const definitions = {
    group: 'apiextensions.k8s.io',
    version: 'v1',
    resource: 'customresourcedefinitions',
  }
  const { kube } = stage.world
  await kube.create(definitions, {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'passings.example.com' },
    spec: {
      group: 'example.com',
      names: { plural: 'passings', singular: 'passing', kind: 'Passing' },
      scope: 'Cluster',
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  })
  const untyped = 'resourcesChanged(kind: { group: "example.com", kind: "Passing" }) { type }'
  let one = stage.admin.watch(`subscription { ${untyped} }`)
  while (
    await one.next().then(
      () => false,
      () => true,
    )
  ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    one = stage.admin.watch(`subscription { ${untyped} }`)
  }
  let typed = stage.admin.watch('subscription { exampleComPassingsChanged { type } }')
  while (
    await typed.next().then(
      () => false,
      () => true,
    )
  ) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    typed = stage.admin.watch('subscription { exampleComPassingsChanged { type } }')
  }
  const other = stage.admin.watch('subscription { namespacesChanged(initial: false) { type } }')
  await other.next()
  await kube.delete(definitions, 'passings.example.com')
  assert.deepEqual((await one.ended).codes, ['SCHEMA_CHANGED'])
  assert.deepEqual((await typed.ended).codes, ['SCHEMA_CHANGED'])
  await stage.namespace('still-told')
  assert.equal((await other.next()).type, 'ADDED')
  other.stop()
})
