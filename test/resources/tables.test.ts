import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseFieldSelector } from '../../gateway/domain/resources/field-selector.ts'
import { filtersA, filtersB } from '../../gateway/domain/resources/filters.ts'
import { pageB, selectAmong, slicePositions } from '../../gateway/domain/resources/index.ts'
import { podStatus } from '../../gateway/domain/resources/kinds/pod-status.ts'
import { createStore } from '../../gateway/kube/store.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { isLabelKey, parseLabelSelector } from '../../gateway/lib/labels.ts'
import { formatQuantity, parseQuantity, subtract } from '../../gateway/lib/quantity.ts'
import { listQuery } from '../../rest-compat/wire/query.ts'

describe('the slice of a list', () => {
  const rows: [limit: string | undefined, page: string | undefined, from: number, to: number][] = [
    [undefined, '3', 0, 25],
    ['-1', '9', 0, 25],
    ['10', undefined, 0, 10],
    ['10', '3', 20, 25],
    ['10', '4', 0, 0],
    ['5', '6', 25, 25],
    ['0', '2', 0, 0],
    ['10', '0', 0, 0],
    ['10', '-1', 0, 0],
    ['-5', '1', 0, 0],
    ['ten', '2', 0, 25],
    ['10', 'x', 0, 10],
    ['+10', '2', 10, 20],
  ]
  for (const [limit, page, start, end] of rows) {
    it(`limit ${limit} page ${page} of 25 gives ${start} to ${end}`, () => {
      const query = new URLSearchParams()
      if (limit !== undefined) query.set('limit', limit)
      if (page !== undefined) query.set('page', page)
      assert.deepEqual(slicePositions(25, listQuery(query)), { start, end })
    })
  }
})

describe('a query of a list', () => {
  it('takes every parameter it does not know for a filter, the first value of each', () => {
    const query = listQuery(
      new URLSearchParams('name=a&name=b&watch&ascending=T&sortBy=&orderBy=x&labelSelector=l'),
    )
    assert.deepEqual(query.filters, { name: 'a', watch: '', orderBy: 'x' })
    assert.equal(query.ascending, true)
    assert.equal(query.sortBy, 'creationTimestamp')
    assert.equal(query.labelSelector, 'l')
  })

  it('has no trouble with names of built-in members', () => {
    assert.deepEqual(
      Object.entries(listQuery(new URLSearchParams('__proto__=x&constructor=y')).filters ?? {}),
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    )
  })
})

describe('a label selector', () => {
  const labels = { a: 'x', 'k8s.io/n': '5', empty: '', in: 'y' }
  const rows: [text: string, matches: boolean | undefined][] = [
    ['', true],
    ['  ', true],
    ['a', true],
    ['b', false],
    ['!b', true],
    ['! b', true],
    ['!a', false],
    ['a=x', true],
    ['a==x', true],
    ['a = x', true],
    ['a=', false],
    ['empty=', true],
    ['empty==,a', true],
    ['a!=', true],
    ['a!=y', true],
    ['b!=y', true],
    ['a in (x,z)', true],
    ['a in(x)', true],
    ['a in ( x , z )', true],
    ['a in (,x)', true],
    ['empty in (,)', true],
    ['a notin (x)', false],
    ['b notin (x)', true],
    ['a=x,k8s.io/n', true],
    ['a=x,b', false],
    ['k8s.io/n>4', true],
    ['k8s.io/n<5', false],
    ['a>4', false],
    ['in=y', true],
    ['in in (y)', true],
    ['a=in', false],
    ['a:x', undefined],
    ['a=x,', undefined],
    [',a', undefined],
    ['a,,b', undefined],
    ['a in ()', undefined],
    ['a in x', undefined],
    ['a in (x', undefined],
    ['a in (x)y', undefined],
    ['a=x y', undefined],
    ['!a=x', undefined],
    ['a>b', undefined],
    ['a>', undefined],
    ['a=-x', undefined],
    ['a=http://x', undefined],
    ['==bad', undefined],
    ['A.b/c', undefined],
    ['a/b/c', undefined],
    ['/a', undefined],
    [`a=${'x'.repeat(64)}`, undefined],
    ['a=x;b', undefined],
    ['a=>x', undefined],
    ['(a)', undefined],
  ]
  for (const [text, matches] of rows) {
    it(`"${text.slice(0, 30)}" ${matches === undefined ? 'is none' : matches ? 'holds' : 'does not hold'}`, () => {
      assert.equal(parseLabelSelector(text)?.matches(labels), matches)
    })
  }

  it('does not see members that every object has', () => {
    assert.equal(parseLabelSelector('constructor')?.matches({}), false)
    assert.equal(parseLabelSelector('toString!=x')?.matches({}), true)
  })

  it('ends in time on hostile text', () => {
    for (const text of ['a.'.repeat(8000), `${'a-'.repeat(8000)}/x`, '('.repeat(16_000)]) {
      assert.equal(parseLabelSelector(text), undefined)
    }
    assert.equal(isLabelKey(`${'a.'.repeat(120)}a/n`), true)
  })
})

const web: KubeObject = {
  metadata: {
    name: 'web-1',
    labels: { a: 'x' },
    annotations: { 'kubesphere.io/alias-name': 'Shop Front' },
  },
}

async function kept(engine: 'A' | 'B', filter: string, value: string): Promise<boolean> {
  const store = createStore({ group: '', version: 'v1', resource: 'things' }, 'Thing')
  store.replace([web], '1')
  const query = { filters: { [filter]: value } }
  const page =
    engine === 'A'
      ? await selectAmong(store.entries(), query, (object) => object)
      : await pageB(store, query, (object) => object)
  return page.totalItems === 1
}

describe('filters of the two engines', () => {
  const rows: [filter: string, value: string, a: boolean, b: boolean][] = [
    ['label', 'a', true, true],
    ['label', 'a=', false, false],
    ['label', 'a=*', false, true],
    ['label', 'a!=', true, true],
    ['label', 'a=x', true, true],
    ['label', 'a==x', true, false],
    ['label', '', true, false],
    ['label', 'a!=y', true, true],
    ['label', 'b!=y', true, false],
    ['label', 'a in (x,z)', true, false],
    ['label', 'a:x', false, false],
    ['label', 'a=x,b', false, false],
    ['name', 'web', true, true],
    ['name', 'WEB', false, false],
    ['name', 'shop', false, true],
    ['name', 'Shop', true, true],
    ['nameAndAlias', 'Front', true, true],
    ['names', 'web-1,web-2', true, true],
    ['names', 'web', false, false],
    ['names', '', false, false],
    ['fieldSelector', 'metadata.name=other', true, false],
    ['fieldSelector', 'metadata.name=~WEB-1', true, true],
  ]
  for (const [filter, value, a, b] of rows) {
    it(`${filter}=${value}: ${a} and ${b}`, async () => {
      assert.equal(await kept('A', filter, value), a)
      assert.equal(await kept('B', filter, value), b)
    })
  }

  it('have the same names', () => {
    const extra = Object.keys(filtersB).filter((name) => !Object.hasOwn(filtersA, name))
    assert.deepEqual(extra, ['fieldSelector'])
  })
})

describe('a field selector', () => {
  const object = {
    metadata: { name: 'n', annotations: { 'a.b': 'c' } },
    type: 'Opaque',
    spec: { ports: [{ port: 80 }, { port: 443 }], on: true },
  }
  const rows: [text: string, strict: boolean | undefined, lenient: boolean | undefined][] = [
    ['type=Opaque', true, true],
    ['type==Opaque,metadata.name!=x', true, true],
    ['type=~opaque', false, true],
    ['missing!=x', false, true],
    ['missing=', false, true],
    [String.raw`metadata.annotations.a\.b=c`, true, true],
    ["metadata.annotations['a.b']=c", true, true],
    ['spec.ports[1].port=443', true, true],
    ['spec.ports[*].port=80 443', true, true],
    ['spec.on=true', true, true],
    ['', true, true],
    ['type', undefined, undefined],
    ['type=a=b', undefined, undefined],
    ['spec.ports[?(@.port)]=x', undefined, undefined],
  ]
  for (const [text, strict, lenient] of rows) {
    it(`${text}: ${strict} and ${lenient}`, () => {
      assert.equal(parseFieldSelector(text, true)?.(object), strict)
      assert.equal(parseFieldSelector(text, false)?.(object), lenient)
    })
  }
})

interface PodLike {
  phase?: string
  reason?: string
  containers?: object[]
  init?: object[]
  conditions?: object[]
  deleted?: boolean
}

function pod({
  phase = 'Running',
  reason,
  containers,
  init,
  conditions,
  deleted,
}: PodLike): KubeObject {
  return {
    metadata: { name: 'p', ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { initContainers: init?.map(() => ({})) ?? [] },
    status: {
      phase,
      reason,
      containerStatuses: containers,
      initContainerStatuses: init,
      conditions,
    },
  }
}

const running = { ready: true, state: { running: {} } }
const terminated = (of: object): object => ({ state: { terminated: of } })

describe('the status word of a pod', () => {
  const rows: [title: string, of: PodLike, word: string][] = [
    ['running, not ready', { containers: [{ ...running, ready: false }] }, 'Running'],
    [
      'terminated by an error',
      { containers: [terminated({ reason: 'Error', exitCode: 1 })] },
      'Error',
    ],
    ['terminated without reason', { containers: [terminated({ exitCode: 137 })] }, 'Waiting'],
    ['evicted', { phase: 'Failed', reason: 'Evicted' }, 'Waiting'],
    ['failed', { phase: 'Failed' }, 'Error'],
    ['refused by the node', { phase: 'Failed', reason: 'OutOfcpu' }, 'Error'],
    [
      'succeeded',
      { phase: 'Succeeded', containers: [terminated({ reason: 'Completed', exitCode: 0 })] },
      'Completed',
    ],
    ['succeeded, nothing known', { phase: 'Succeeded' }, 'Completed'],
    [
      'succeeded, ready for another reason',
      { phase: 'Succeeded', conditions: [{ type: 'Ready', reason: 'Other' }] },
      'Waiting',
    ],
    [
      'with a sidecar that runs',
      { init: [{ state: { running: {} } }], containers: [running] },
      'Waiting',
    ],
    ['initialized', { init: [terminated({ exitCode: 0 })], containers: [running] }, 'Running'],
    ['init failed', { init: [terminated({ exitCode: 1, reason: 'Error' })] }, 'Waiting'],
    ['pending', { phase: 'Pending' }, 'Waiting'],
    [
      'crash loop',
      { containers: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
      'Waiting',
    ],
    [
      'one done, one runs, ready',
      {
        containers: [terminated({ reason: 'Completed', exitCode: 0 }), running],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
      'Running',
    ],
    [
      'one done, one runs, not ready',
      { containers: [terminated({ reason: 'Completed', exitCode: 0 }), running] },
      'Waiting',
    ],
    ['going', { deleted: true, containers: [running] }, 'Waiting'],
  ]
  for (const [title, of, word] of rows) {
    it(`${title}: ${word}`, () => assert.equal(podStatus(pod(of)), word))
  }
})

describe('a quantity', () => {
  const rows: [text: string, canonical: string | undefined][] = [
    ['0', '0'],
    ['1500', '1500'],
    ['2000', '2k'],
    ['0.5', '500m'],
    ['100m', '100m'],
    ['1.5Gi', '1536Mi'],
    ['1024Ki', '1Mi'],
    ['512Ki', '512Ki'],
    ['12e3', '12e3'],
    ['1e6', '1e6'],
    ['-2k', '-2k'],
    ['1000m', '1'],
    ['', undefined],
    ['.', undefined],
    ['1x', undefined],
    ['1e', undefined],
  ]
  for (const [text, canonical] of rows) {
    it(`${text} is ${canonical}`, () => {
      const quantity = parseQuantity(text)
      assert.equal(quantity && formatQuantity(quantity), canonical)
    })
  }

  it('is subtracted in the format of the first', () => {
    const of = (text: string) => parseQuantity(text) ?? assert.fail(text)
    assert.equal(formatQuantity(subtract(of('4Gi'), of('1Gi'))), '3Gi')
    assert.equal(formatQuantity(subtract(of('1'), of('250m'))), '750m')
  })
})
