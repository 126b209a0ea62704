import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GraphQLScalarType, parseValue } from 'graphql'
import { scalars } from '../../resolvers/scalars.ts'

interface Case {
  good: unknown[]
  bad: unknown[]
}

const cases: Record<keyof typeof scalars, Case> = {
  DateTime: {
    good: ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.123456Z', '2026-11-24t10:00:00+02:00'],
    bad: ['2026-11-24', '2026-13-01T00:00:00Z', '2026-11-24T25:00:00Z', 'now', 1764000000],
  },
  Int64: {
    good: [0, -1, 2 ** 53 - 1, '9223372036854775807', '-9223372036854775808'],
    bad: [1.5, 2 ** 60, '9223372036854775808', '1e3', '', true, null],
  },
  IntOrString: { good: [80, 'http', '50%'], bad: [1.5, true, {}, null] },
  Quantity: {
    good: ['100m', '2Gi', '1.5', '.5', '1e3', '12E', '-1Ki', '0'],
    bad: ['', '1 Gi', '1KiB', 'Gi', 100],
  },
  StringMap: { good: [{}, { app: 'web' }], bad: [[], 'a', null, { n: 1 }, { n: null }] },
  JSON: { good: [null, 1, 'a', [1, { a: null }], { a: { b: [] } }], bad: [] },
  Base64: { good: ['', 'YQ==', 'YWI=', 'YWJj'], bad: ['YQ', 'Y Q==', 'a-_b', 7] },
  Duration: { good: ['1h30m', '250ms', '0', '-1.5s', '1µs'], bad: ['1', '1 h', 'h', '', 5] },
  Selector: {
    good: ['', 'app=web', 'a==b,c!=d', 'tier in (a, b),!canary', 'x.y/z notin (a)', 'n>3', 'k='],
    bad: ['=a', 'a in b', 'a in (b', 'a b', 'a=b=c', 'key:value', 'a,,b', 5],
  },
}

describe('scalars', () => {
  for (const [name, { good, bad }] of Object.entries(cases)) {
    const scalar = scalars[name as keyof typeof scalars] as GraphQLScalarType<unknown, unknown>

    it(`${name} gives back what it reads`, () => {
      for (const value of good) {
        const read = scalar.parseValue(value)
        assert.deepEqual(scalar.serialize(read), read)
        assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(value)))
      }
    })

    it(`${name} reads the same from a literal and from a variable`, () => {
      for (const value of good) {
        const literal = parseValue(JSON.stringify(value).replace(/"(\w+)":/g, '$1:'))
        const read = JSON.stringify(scalar.parseLiteral(literal))
        assert.equal(read, JSON.stringify(scalar.parseValue(value)))
      }
    })

    it(`${name} refuses what it does not hold`, () => {
      for (const value of bad) {
        assert.throws(() => scalar.parseValue(value), { name: 'GraphQLError' }, String(value))
      }
    })
  }

  it('Int64 keeps a literal beyond 2^53', () => {
    assert.equal(scalars.Int64.parseLiteral(parseValue('9007199254740993')), '9007199254740993')
  })
})
