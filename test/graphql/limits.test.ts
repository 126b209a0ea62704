import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { checkDocument, defaultLimits } from '../../gateway/server/graphql-limits.ts'
import { createGate } from '../../gateway/server/graphql-gate.ts'
import { appDouble, ask, serveGraphql, type Face } from './double.ts'

function codeOf(document: string): unknown {
  try {
    checkDocument(document, defaultLimits)
    return undefined
  } catch (error) {
    return (error as { extensions?: { code?: unknown } }).extensions?.code
  }
}

const nested = (levels: number) => '{ a '.repeat(levels) + '}'.repeat(levels)
const times = (count: number, text: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => text(n)).join(' ')

describe('document limits', () => {
  it('take a document at the limit and refuse one beyond it', () => {
    assert.equal(codeOf(nested(15)), undefined)
    assert.equal(codeOf(nested(16)), 'DEPTH_LIMIT')
    assert.equal(codeOf(`{ ${times(20, () => 'a')} }`), undefined)
    assert.equal(codeOf(`{ ${times(21, () => 'a')} }`), 'ROOT_FIELD_LIMIT')
    assert.equal(codeOf(`{ r { ${times(50, (n) => `a${n}: a`)} } }`), undefined)
    assert.equal(codeOf(`{ r { ${times(51, (n) => `a${n}: a`)} } }`), 'ALIAS_LIMIT')
    assert.equal(codeOf(`{ r { a ${times(50, () => '@d')} } }`), undefined)
    assert.equal(codeOf(`{ r { a ${times(51, () => '@d')} } }`), 'DIRECTIVE_LIMIT')
    assert.equal(codeOf(`{ r { ${times(14_994, () => 'a')} } }`), undefined)
    assert.equal(codeOf(`{ r { ${times(15_001, () => 'a')} } }`), 'TOKEN_LIMIT')
  })

  it('count what fragments hide', () => {
    const deep = `{ ...F } fragment F on Query ${nested(16)}`
    assert.equal(codeOf(deep), 'DEPTH_LIMIT')
    const doubling = times(
      20,
      (n) => `fragment F${n} on Query { r { a: r { ...F${n + 1} } b: r { ...F${n + 1} } } }`,
    )
    assert.equal(codeOf(`{ ...F0 } ${doubling} fragment F20 on Query { a: a }`), 'DEPTH_LIMIT')
    const wide = times(10, (n) => `fragment W${n} on Q { ...W${n + 1} ...W${n + 1} }`)
    assert.equal(codeOf(`{ r { ...W0 } } ${wide} fragment W10 on Q { b: a }`), 'ALIAS_LIMIT')
  })

  it('end for fragments that go in circles', () => {
    assert.equal(codeOf('{ ...A } fragment A on Q { ...B } fragment B on Q { a ...A }'), undefined)
  })

  it('leave introspection its own depth', () => {
    assert.equal(codeOf(`{ __schema ${nested(30)} }`), undefined)
    assert.equal(checkDocument('{ __schema { types { name } } }', defaultLimits).introspects, true)
  })
})

describe('requests', () => {
  let face: Face
  before(async () => {
    face = await serveGraphql(appDouble(), { inFlight: 1 })
  })
  after(() => face[Symbol.asyncDispose]())

  it('over a limit are refused with 400 and the limit’s code', async () => {
    const { status, body } = await ask(face.url, nested(16))
    assert.equal(status, 400)
    assert.equal(body.errors?.[0]?.extensions['code'], 'DEPTH_LIMIT')
  })

  it('of one caller are bounded, those of others go on', () => {
    const gate = createGate(2)
    const leave = gate.enter('ann')
    gate.enter('ann')
    assert.throws(() => gate.enter('ann'), { code: 429, reason: 'TooManyRequests' })
    gate.enter('ben')
    leave()
    leave()
    gate.enter('ann')
    assert.throws(() => gate.enter('ann'), { code: 429 })
  })
})
