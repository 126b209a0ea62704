import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createResources, type ListQuery } from '../../gateway/domain/resources/index.ts'
import { kinds } from '../../gateway/domain/resources/kinds/index.ts'
import { externalEffects } from '../../gateway/domain/effects.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { cases, PLAIN, type Case, type Next } from './kind-cases.ts'
import { naiveList } from './naive.ts'
import { fakeCluster, pick, random, scopeOf } from './support.ts'

const NAMESPACES = ['a', 'b', 'c']
const resources = createResources({ effects: externalEffects })

const COMMON: Readonly<Record<string, readonly string[]>> = {
  name: ['red', 'lue', 'x', ''],
  names: ['red-1,blue-2', 'nobody'],
  label: ['kubesphere.io/workspace', '!kubesphere.io/workspace', 'kubesphere.io/workspace=red'],
  ownerKind: ['Set', 'Thing'],
  keyword: ['x'],
}

function objectsOf(next: Next, { make }: Case, namespaced: boolean): KubeObject[] {
  return Array.from({ length: 80 }, (_, index) => ({
    metadata: {
      name: `${pick(next, ['red', 'green', 'blue'])}-${index}`,
      uid: `u${index}`,
      ...(namespaced ? { namespace: pick(next, NAMESPACES) } : {}),
      creationTimestamp: `2026-01-01T00:00:0${Math.floor(next() * 4)}Z`,
      labels: next() < 0.5 ? { 'kubesphere.io/workspace': pick(next, ['red', 'blue']) } : {},
      ...(next() < 0.3
        ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Set', name: 's', uid: 's' }] }
        : {}),
    },
    ...make(next),
  }))
}

function queryOf(next: Next, { values, sorts = {} }: Case, common: boolean): ListQuery {
  const filters: Record<string, string> = {}
  for (const [key, of] of Object.entries(values)) if (next() < 0.5) filters[key] = pick(next, of)
  for (const [key, of] of Object.entries(common ? COMMON : {})) {
    if (!(key in values) && next() < 0.15) filters[key] = pick(next, of)
  }
  return {
    limit: pick(next, [-1, 5, 20]),
    page: pick(next, [1, 2]),
    sortBy: pick(next, ['name', 'creationTimestamp', ...Object.keys(sorts), ...Object.keys(sorts)]),
    ascending: next() < 0.5,
    labelSelector: next() < 0.2 ? 'kubesphere.io/workspace=red' : '',
    filters,
  }
}

describe('a kind', () => {
  it('stands here if it has filters or orders of its own', () => {
    const elsewhere = ['secrets']
    const plain = kinds.get('services') ?? assert.fail()
    for (const [resource, { filters, sorts, otherwise }] of kinds) {
      const own = Object.entries(filters).some(([key, filter]) => plain.filters[key] !== filter)
      if (!own && !sorts && !otherwise) continue
      assert.ok(resource in cases || elsewhere.includes(resource), resource)
    }
  })

  for (const [seed, [resource, kind]] of [...kinds].entries()) {
    const of = cases[resource] ?? PLAIN
    it(`${resource}: answers as a plain list does`, async () => {
      const next = random(seed + 1)
      const objects = objectsOf(next, of, kind.namespaced)
      const cluster = fakeCluster()
      cluster.seed(kind, kind.kind, objects)
      for (let round = 0; round < 60; round++) {
        const query = queryOf(next, of, !kind.otherwise)
        const namespace = kind.namespaced && next() < 0.5 ? pick(next, NAMESPACES) : undefined
        const page = await resources.list.run(scopeOf(cluster), { resource, namespace, query })
        const names = page.items.map(
          ({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`,
        )
        assert.deepEqual(
          { names, totalItems: page.totalItems },
          naiveList(objects, query, namespace, 'A', of),
          `round ${round}: ${JSON.stringify({ query, namespace })}`,
        )
      }
    })
  }
})
