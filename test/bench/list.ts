import { performance } from 'node:perf_hooks'
import { select } from '../../gateway/domain/resources/engine.ts'
import type { ListQuery } from '../../gateway/domain/resources/index.ts'
import { kinds } from '../../gateway/domain/resources/kinds/index.ts'
import { filterContext } from '../../gateway/domain/resources/reads.ts'
import { createStore, type WritableStore } from '../../gateway/kube/store.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { fakeCluster, random } from '../resources/support.ts'

/**
 * Cost of one list by number of pods, without HTTP: microseconds per query on one core, and memory.
 * Run: `node test/bench/list.ts [sizes…]`.
 */
const PER_NAMESPACE = 200
const APPS = 100

function pod(next: () => number, index: number, version: number, total: number): KubeObject {
  const namespace = `ns-${index % Math.max(1, total / PER_NAMESPACE)}`
  const app = `app-${Math.floor(next() * (total / APPS))}`
  const at = new Date(1_700_000_000_000 + Math.floor(next() * 1e6) * 1000).toISOString()
  return {
    metadata: {
      name: `${app}-${index}`,
      namespace,
      uid: `00000000-0000-0000-0000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(version),
      creationTimestamp: at.replace('.000', ''),
      labels: { app, tier: 'web' },
      annotations: { note: 'x'.repeat(400) },
    },
    spec: {
      nodeName: `node-${index % 100}`,
      containers: [
        {
          name: 'main',
          image: 'registry.local/app:1',
          resources: { limits: { cpu: '1', memory: '256Mi' } },
          env: Array.from({ length: 8 }, (_, n) => ({
            name: `VARIABLE_${n}`,
            value: `value-${n}`,
          })),
        },
      ],
    },
    status: {
      phase: next() < 0.8 ? 'Running' : 'Pending',
      podIPs: [{ ip: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}` }],
      containerStatuses: [{ name: 'main', ready: true, state: { running: {} } }],
    },
  }
}

interface Case {
  readonly title: string
  readonly query: ListQuery
  readonly namespace?: string
}

const cases: readonly Case[] = [
  { title: 'page of 10, newest', query: { limit: 10 } },
  { title: 'page of 10, deep', query: { limit: 10, page: 50 } },
  { title: 'page of 50 by name', query: { limit: 50, sortBy: 'name', ascending: true } },
  {
    title: 'namespace and status',
    namespace: 'ns-1',
    query: { limit: 10, filters: { status: 'Running' } },
  },
  { title: 'status in all', query: { limit: 10, filters: { status: 'Waiting' } } },
  { title: 'label selector', query: { limit: 10, labelSelector: 'app=app-3' } },
]

async function microseconds(store: WritableStore, of: Case): Promise<number> {
  const context = filterContext(fakeCluster(), store, new AbortController().signal)
  const semantics = kinds.get('pods') as NonNullable<ReturnType<typeof kinds.get>>
  const { query, namespace } = of
  const run = () => select({ context, semantics, query, namespace })
  for (let warm = 0; warm < 30; warm++) await run()
  const started = performance.now()
  let runs = 0
  while (performance.now() - started < 200) {
    for (let batch = 0; batch < 20; batch++) await run()
    runs += 20
  }
  return ((performance.now() - started) * 1000) / runs
}

function megabytes(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss / 1024 / 1024
}

const sizes = process.argv.slice(2).map(Number).filter(Number.isInteger)
for (const size of sizes.length > 0 ? sizes : [1000, 10_000, 100_000]) {
  const next = random(7)
  const before = megabytes()
  const store = createStore({ group: '', version: 'v1', resource: 'pods' }, 'Pod')
  const loading = performance.now()
  store.replace(
    (function* objects() {
      for (let index = 0; index < size; index++) yield pod(next, index, index + 1, size)
    })(),
    String(size),
  )
  console.log(
    `\n${size} pods: loaded in ${(performance.now() - loading).toFixed(0)} ms, ${(megabytes() - before).toFixed(0)} MB more`,
  )
  for (const of of cases) {
    const cost = await microseconds(store, of)
    console.log(`  ${of.title.padEnd(24)}${cost.toFixed(1).padStart(10)} µs`)
  }
  const updating = performance.now()
  for (let update = 0; update < 5000; update++) {
    store.apply('MODIFIED', pod(next, update % size, size + update + 1, size))
  }
  const perUpdate = ((performance.now() - updating) * 1000) / 5000
  console.log(`  ${'one update'.padEnd(24)}${perUpdate.toFixed(1).padStart(10)} µs`)
  console.log(`  memory in all           ${megabytes().toFixed(0).padStart(10)} MB RSS`)
}
