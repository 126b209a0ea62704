import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseValue } from 'graphql'
import { defaultConfig } from '../../gateway/config/index.ts'
import { requestInfo } from '../../gateway/context/index.ts'
import { sourceAddress } from '../../gateway/context/source-address.ts'
import { compileRego } from '../../gateway/domain/access/rego.ts'
import { compareVersions, isVersion } from '../../gateway/domain/application/semver.ts'
import { maskSecrets } from '../../gateway/domain/auditing/mask.ts'
import { matchesPattern } from '../../gateway/domain/extensions/path-pattern.ts'
import { readOptions } from '../../gateway/domain/identity/providers/options.ts'
import { casUser } from '../../gateway/domain/identity/providers/cas-response.ts'
import { parseChallenges } from '../../gateway/domain/registry/challenge.ts'
import { parseDockerConfig, registryAddress } from '../../gateway/domain/registry/docker-config.ts'
import { parseReference, parseRepository } from '../../gateway/domain/registry/reference.ts'
import { parseFieldSelector } from '../../gateway/domain/resources/field-selector.ts'
import { predicate, rowOf } from '../../gateway/domain/selection/index.ts'
import { endToEndHeaders } from '../../gateway/kube/forward.ts'
import { outgoingHeaders } from '../../gateway/kube/forward-headers.ts'
import { ApiError } from '../../gateway/lib/errors.ts'
import { parseDuration } from '../../gateway/lib/go-duration.ts'
import * as goUrl from '../../gateway/lib/go-url.ts'
import { isLabelKey, parseLabelSelector } from '../../gateway/lib/labels.ts'
import { applyPatch } from '../../gateway/lib/json-patch.ts'
import { parseQuantity } from '../../gateway/lib/quantity.ts'
import { hasWideInteger, parseWide } from '../../gateway/lib/wide-json.ts'
import { parseDocuments } from '../../gateway/lib/yaml/index.ts'
import { loggableUrl, requestIdOf, resourceTemplate } from '../../gateway/telemetry/index.ts'
import { decodeId } from '../../resolvers/ids.ts'
import { scalars } from '../../resolvers/scalars.ts'
import { parseEntity } from '../../rest-compat/wire/entity.ts'
import { firstValue } from '../../rest-compat/wire/go-json-read.ts'
import { parseAccept } from '../../rest-compat/wire/negotiate.ts'
import { integer, listQuery } from '../../rest-compat/wire/query.ts'

const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a'.repeat(63), namespace: 'b', labels: { a: 'b' } },
  spec: { list: [[1, 2], [3]], map: { a: { b: 'c' } } },
}

const view = (url: string, headers: Record<string, string> = {}) => ({
  method: 'GET',
  url,
  headers,
  remoteAddress: '127.0.0.1',
  signal: new AbortController().signal,
})

/** Whoever reads text of a caller, an upstream or an object, by name; what it throws is its way to say no. */
const readers: Record<string, (text: string) => unknown> = {
  'a label selector': parseLabelSelector,
  'a key of a label': isLabelKey,
  'a field selector, strict': (text) => parseFieldSelector(text, true)?.(object),
  'a field selector, lenient': (text) => parseFieldSelector(text, false)?.(object),
  'a selection of the graph': (text) =>
    predicate({ name: text, label: text, fields: [{ path: text, values: [text] }] })(rowOf(object)),
  'a request line': (text) => requestInfo(view(`/${text}`)),
  'a query': (text) => requestInfo(view(`/api/v1/pods?${text}`)),
  'a query that goes on': goUrl.reencodeQuery,
  'a path that goes on': goUrl.escapePath,
  'a path to clean': goUrl.cleanPath,
  'a path to look at': goUrl.hasDotSegment,
  'a list query': (text) => listQuery(new URLSearchParams(text)),
  'a number': integer,
  'a Connection header': (text) => endToEndHeaders({ connection: text, a: 'b' }),
  'headers that go on': (text) =>
    outgoingHeaders({
      headers: { connection: text, te: text, 'x-forwarded-for': text },
      remoteAddress: '::1',
      hasBody: false,
    }),
  'a chain of proxies': (text) =>
    sourceAddress({ headers: { 'x-forwarded-for': text }, remoteAddress: '127.0.0.1' }, [
      '0.0.0.0/0',
    ]),
  'an Accept header': parseAccept,
  'a request id': requestIdOf,
  'a path to name': resourceTemplate,
  'a line of the log': loggableUrl,
  'the audit trail': maskSecrets,
  'JSON as Go reads it': firstValue,
  'JSON with wide integers': (text) => [hasWideInteger(text), parseWide(text)],
  'a body': parseEntity,
  'a duration': parseDuration,
  'a quantity': parseQuantity,
  'a version': (text) => [isVersion(text), compareVersions(text, `${text}1`)],
  'a challenge of a registry': parseChallenges,
  'an image': parseReference,
  'a repository': parseRepository,
  'an address of a registry': registryAddress,
  'logins of registries': parseDockerConfig,
  'an answer of CAS': casUser,
  'a rule of a policy': compileRego,
  'a pattern of a ReverseProxy': (text) => matchesPattern('/a/*', { path: text, rawQuery: text }),
  'a global id': decodeId,
  ...Object.fromEntries(
    Object.entries(scalars).map(([name, scalar]) => [
      `the scalar ${name}`,
      (text: string) => scalar.parseValue(text),
    ]),
  ),
}

/** Texts that make a reader begin again and again, where it can be made to; at least `length` long. */
const hostile: readonly ((length: number) => string)[] = [
  ...[
    'a',
    ' ',
    '\t',
    '0',
    '1.',
    '1e',
    '-',
    '- ',
    '.',
    '/',
    '//',
    '/..',
    '%2e',
    '%25',
    '\\',
    '\\,',
    ',',
    ', ',
    ';',
    '=',
    '&',
    'a=&',
    'a,',
    'a=b,',
    '!',
    '(',
    '[',
    "['",
    '[*]',
    '{',
    '{"a":',
    '[[',
    '"',
    '*',
    '&a ',
    '? ',
    ': ',
    'a: ',
    '\n',
    'eyJ',
    'eyJaaaaa.',
    '$2a$10$',
    '-----BEGIN PRIVATE KEY-----',
    'password',
    'password ',
    'password=',
    '://a:',
    '?token=',
    '<a',
    '<!--',
    '&lt;',
    'Basic ',
    'Bearer a="',
    'a/b:',
    '@',
    'T00:',
    '1h',
    'in (',
    'é',
    '\u{1f600}',
    '\ud800',
  ].map((part) => (length: number) => part.repeat(Math.ceil(length / part.length))),
  (length) => `a in (${','.repeat(length)}`,
  (length) => `${'a'.repeat(length)}!`,
  (length) => `${'a-'.repeat(length / 2)}!`,
  (length) => `${'0'.repeat(length)}x`,
  (length) => `${' '.repeat(length)}x`,
  (length) => `Bearer ${'a="b",'.repeat(length / 6)}`,
  (length) => `h/${'a__'.repeat(length / 3)}!`,
  (length) => `1.2.3-${'0.'.repeat(length / 2)}`,
]

/** CPU seconds of the quickest of three readings: others on the machine do not count, nor does what is compiled first. */
function cost(read: (text: string) => unknown, text: string): number {
  let best = Infinity
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage()
    try {
      read(text)
    } catch {
      // To refuse is an answer.
    }
    const { user, system } = process.cpuUsage(before)
    best = Math.min(best, (user + system) / 1e6)
    if (best < NOTHING) return best
  }
  return best
}

/** Of the shorter and the longer text, of which the longer is eight times as long. */
const LENGTHS = [4096, 32_768] as const
/** CPU seconds that are too few to compare. */
const NOTHING = 0.05
/** Eight for work that grows with the length; sixty-four for work that grows with its square. */
const MOST = 30

describe('text that wants to be read for ever', () => {
  for (const [name, read] of Object.entries(readers)) {
    it(`${name}: takes time by its length`, () => {
      for (const text of hostile) {
        const [short, long] = LENGTHS.map(text)
        const later = cost(read, long ?? '')
        if (later < NOTHING) continue
        const earlier = cost(read, short ?? '')
        assert.ok(
          later < earlier * MOST,
          `${JSON.stringify(text(8))}: ${earlier} s, and ${later} s for eight times as much`,
        )
      }
    })
  }
})

/** Keys by which a careless reader would write on what all objects share. */
const KEYS = ['__proto__', 'constructor', 'prototype']

const plainly = '{"polluted": "yes", "prototype": {"polluted": "yes"}}'
const documents = KEYS.map((key) => `{"${key}": ${plainly}, "a": {"${key}": ${plainly}}}`)

describe('keys that every object has', () => {
  const untouched = (what: string): void => {
    for (const shared of [Object.prototype, Array.prototype, Function.prototype]) {
      assert.equal(Reflect.get(shared, 'polluted'), undefined, what)
    }
    assert.deepEqual(Object.keys(Object.prototype), [], what)
    assert.equal(Object.getPrototypeOf({}), Object.prototype, what)
  }

  it('are data to whoever reads a document', () => {
    const parsers: Record<string, (text: string) => unknown> = {
      'a body': parseEntity,
      'wide JSON': parseWide,
      'wide JSON with a wide number': (text) =>
        parseWide(text.replace('"a"', '"wide": 12345678901234567890, "a"')),
      YAML: (text) => parseDocuments(text, { aliases: 10, documents: 1 })[0],
      'the audit trail': (text) => maskSecrets(JSON.parse(text)),
      'the scalar JSON': (text) => scalars.JSON.parseValue(JSON.parse(text)),
      'a literal of the scalar JSON': (text) =>
        scalars.JSON.parseLiteral(parseValue(text.replaceAll(/"(\w+)":/g, '$1:'))),
    }
    for (const [name, parse] of Object.entries(parsers)) {
      documents.forEach((text, at) => {
        const key = KEYS[at] ?? ''
        const read = parse(text) as Record<string, Record<string, unknown>>
        untouched(name)
        assert.ok(Object.hasOwn(read, key), `${name}: ${key} is kept`)
        assert.ok(Object.hasOwn(read['a'] ?? {}, key), `${name}: ${key} is kept below`)
        assert.equal(read['polluted'], undefined, name)
        assert.equal(read['a']?.['polluted'], undefined, name)
        assert.equal(JSON.stringify(read).split('polluted').length - 1, 4, name)
      })
    }
  })

  it('lead a patch nowhere but into the document', () => {
    for (const key of KEYS) {
      for (const path of [
        `/${key}/polluted`,
        `/a/${key}/polluted`,
        `/a/constructor/prototype/polluted`,
      ]) {
        for (const op of ['add', 'replace', 'copy', 'move', 'test', 'remove']) {
          const document = { a: {}, polluted: 'yes' }
          try {
            applyPatch(document, [{ op, path, from: '/polluted', value: 'yes' }])
          } catch (error) {
            assert.ok(error instanceof ApiError, `${op} ${path}`)
          }
          untouched(`${op} ${path}`)
        }
      }
      const added = applyPatch({ a: {} }, [
        { op: 'add', path: `/a/${key}`, value: { polluted: 'yes' } },
      ]) as { a: Record<string, unknown> }
      untouched(`add /a/${key}`)
      assert.ok(Object.hasOwn(added.a, key), key)
      assert.equal(added.a['polluted'], undefined)
    }
  })

  it('are names like others in queries, selectors, options and configurations', () => {
    for (const key of KEYS) {
      const { filters } = listQuery(
        new URLSearchParams([
          [key, 'x'],
          [`${key}[polluted]`, 'yes'],
        ]),
      )
      assert.ok(Object.hasOwn(filters ?? {}, key), key)
      assert.equal(parseLabelSelector(key)?.matches({}) ?? false, false, key)
      for (const path of [key, `${key}.polluted`, `a.${key}.prototype.polluted`]) {
        assert.equal(parseFieldSelector(`${path}=yes`, true)?.(object) ?? false, false, path)
        const fields = [{ path, op: 'EXISTS' as const, values: [] }]
        assert.equal(predicate({ fields })(rowOf(object)), false, path)
      }
      const tree = JSON.parse(`{"${key}": ${plainly}}`) as Record<string, unknown>
      const options = readOptions(tree)
      assert.equal(options.text('polluted'), '')
      const config = defaultConfig({ cache: { options: tree }, raw: tree, ...tree })
      assert.equal(Reflect.get(config, 'polluted'), undefined, key)
      parseDockerConfig(JSON.stringify({ auths: tree, ...tree }))
      assert.deepEqual(goUrl.parseQuery(`${key}=1`), [[key, '1']])
      const kept: Record<string, string> = endToEndHeaders({ connection: `${key}, x`, x: 'y' })
      assert.equal(kept['x'], undefined)
      untouched(key)
    }
  })

  it('name no verb, no resource and no prefix of a request', () => {
    for (const key of KEYS) {
      for (const path of [
        `/${key}/a/b/c`,
        `/kapis/${key}/${key}/${key}/${key}`,
        `/api/v1/${key}`,
      ]) {
        const info = requestInfo({ ...view(path), method: key })
        assert.equal(typeof info.verb, 'string')
        assert.ok(['', key, 'list'].includes(info.verb), `${path}: ${info.verb}`)
        assert.equal(typeof info.resourceScope, 'string', path)
      }
    }
  })
})
