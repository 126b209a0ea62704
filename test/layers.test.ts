import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { root, sources } from './env/sources.ts'

/** Which rooms a room may import from, itself apart. style.md §5.3; `gateway/embedded` is only for the composition root. */
const arrows: Record<string, readonly string[]> = {
  'gateway/lib': [],
  'gateway/config': ['gateway/lib'],
  'gateway/telemetry': ['gateway/config', 'gateway/lib'],
  'gateway/kube': ['gateway/config', 'gateway/telemetry', 'gateway/lib'],
  'gateway/domain': ['gateway/kube', 'gateway/config', 'gateway/telemetry', 'gateway/lib'],
  'gateway/context': [
    'gateway/domain',
    'gateway/kube',
    'gateway/config',
    'gateway/telemetry',
    'gateway/lib',
  ],
  'gateway/embedded': [
    'gateway/domain',
    'gateway/kube',
    'gateway/config',
    'gateway/telemetry',
    'gateway/lib',
  ],
  resolvers: [
    'gateway/context',
    'gateway/domain',
    'gateway/kube',
    'gateway/config',
    'gateway/telemetry',
    'gateway/lib',
  ],
  'rest-compat': [
    'gateway/context',
    'gateway/domain',
    'gateway/kube',
    'gateway/config',
    'gateway/telemetry',
    'gateway/lib',
  ],
  'gateway/server': [
    'resolvers',
    'rest-compat',
    'gateway/embedded',
    'gateway/context',
    'gateway/domain',
    'gateway/kube',
    'gateway/config',
    'gateway/telemetry',
    'gateway/lib',
  ],
}

/** Packages that only some rooms may know, so that replacing one touches one place. */
const packages: Record<string, readonly string[]> = {
  express: ['gateway/server', 'rest-compat'],
  graphql: ['gateway/server', 'resolvers'],
  '@apollo/server': ['gateway/server', 'resolvers'],
  '@apollo/subgraph': ['gateway/server', 'resolvers'],
  '@as-integrations/express5': ['gateway/server'],
  '@theguild/federation-composition': ['gateway/server'],
  '@graphql-tools/schema': ['gateway/server', 'resolvers'],
  dataloader: ['resolvers'],
  jose: ['gateway/domain/identity'],
  ioredis: ['gateway/domain/redis.ts'],
  'prom-client': ['gateway/telemetry'],
  '@opentelemetry/api': ['gateway/telemetry'],
  '@opentelemetry/core': ['gateway/telemetry'],
  '@opentelemetry/exporter-trace-otlp-http': ['gateway/telemetry'],
  '@opentelemetry/resources': ['gateway/telemetry'],
  '@opentelemetry/sdk-trace': ['gateway/telemetry'],
  'graphql-ws': ['gateway/server'],
  ws: ['gateway/server', 'gateway/domain/terminal', 'gateway/kube/forward'],
  undici: ['gateway/kube', 'gateway/domain'],
  '@kubernetes/client-node': ['gateway/kube'],
}

interface Import {
  from: string
  line: number
  specifier: string
}

async function imports(file: string): Promise<Import[]> {
  const text = await readFile(join(root, file), 'utf8')
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*(?:\n[^'"\n;]*)*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g
  return [...text.matchAll(pattern)].map((match) => ({
    from: file,
    line: text.slice(0, match.index).split('\n').length,
    specifier: match[1] ?? match[2] ?? match[3] ?? '',
  }))
}

function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'gateway' ? `gateway/${second}` : top
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}

/** `gateway/domain/iam/users.ts` is in the area `iam`; files directly in `gateway/domain` are shared by all areas. */
function areaOf(path: string): string | undefined {
  const parts = path.split('/')
  return parts[0] === 'gateway' && parts[1] === 'domain' && parts.length > 3 ? parts[2] : undefined
}

const files = await sources()
const all = (await Promise.all(files.map(imports))).flat()
const own = all
  .filter(({ specifier }) => specifier.startsWith('.'))
  .map((found) => ({
    ...found,
    to: relative(root, resolve(root, dirname(found.from), found.specifier)),
  }))

test('the check sees the code it is meant to check', () => {
  assert.ok(files.length > 50, `only ${files.length} source files found`)
  assert.ok(own.length > 100, `only ${own.length} imports found`)
  assert.deepEqual(
    files.filter((file) => !(roomOf(file) in arrows) && file !== 'gateway/bootstrap.mjs'),
    [],
    'a file stands in no known room',
  )
})

test('imports between rooms follow the arrows', () => {
  const wrong = own.filter(({ from, to }) => {
    const [a, b] = [roomOf(from), roomOf(to)]
    return a !== b && !arrows[a]?.includes(b)
  })
  assert.deepEqual(
    wrong.map(({ from, line, to }) => `${from}:${line} imports ${to}`),
    [],
  )
})

test('an area of the domain uses another only through its index', () => {
  const wrong = own.filter(({ from, to }) => {
    const [a, b] = [areaOf(from), areaOf(to)]
    return (
      b !== undefined && a !== b && roomOf(from) === 'gateway/domain' && !to.endsWith('index.ts')
    )
  })
  assert.deepEqual(
    wrong.map(({ from, line, to }) => `${from}:${line} imports ${to}`),
    [],
  )
})

test('each package is known only where it belongs', () => {
  const wrong = all.filter(({ from, specifier }) => {
    const rooms = packages[packageOf(specifier)]
    return rooms !== undefined && !rooms.some((room) => from.startsWith(room))
  })
  assert.deepEqual(
    wrong.map(({ from, line, specifier }) => `${from}:${line} imports ${specifier}`),
    [],
  )
})

test('nothing in production imports the tests', () => {
  assert.deepEqual(
    own.filter(({ to }) => to.startsWith('test/')).map(({ from }) => from),
    [],
  )
})
