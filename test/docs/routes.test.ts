import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { allRoutes } from '../../rest-compat/routes/index.ts'

const notes = resolve(import.meta.dirname, '../../../shared/reference')
const files = ['platform-apis.md', 'iam-oauth.md', 'resources-tenant.md']

/** What the tables name beside routes of the original. */
const others = [
  // Foreign services that registries are searched at.
  /^https:/,
  /^<auth key>/,
]

interface Route {
  readonly method: string
  readonly path: string
}

/** Names of path parameters say nothing. */
const plain = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}')

/** The forms of a path with `{W}` and `{N}` in it: plain, in a workspace, in a namespace, never in both. */
function forms(path: string): string[] {
  const bare = path.replace('{W}', '').replace('{N}', '')
  return [
    bare,
    ...(path.includes('{W}') ? [`/workspaces/{workspace}${bare}`] : []),
    ...(path.includes('{N}') ? [`/namespaces/{namespace}${bare}`] : []),
  ]
}

/** Routes that a line of a table names: method and path in cells of their own, or in one. */
function routesOf(line: string): Route[] {
  const cells = line.split('|').map((cell) => cell.trim())
  const at = cells.findIndex((cell) => /^(GET|POST|PUT|PATCH|DELETE)$/.test(cell))
  const [method = '', cell = ''] = at < 0 ? [] : [cells[at], cells[at + 1]]
  const apart = [...cell.matchAll(/`(\/[^`]*|\{W\}[^`]*|\{N\}[^`]*)`/g)].map(([, path = '']) => ({
    method,
    path,
  }))
  const joined = [
    ...(cells[1] ?? '').matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`?]+)[^`]*`/g),
  ].map(([, verb = '', path = '']) => ({ method: verb, path }))
  return [...apart, ...joined].flatMap(({ method: verb, path }) =>
    forms(path).map((form) => ({ method: verb, path: form })),
  )
}

async function documented(): Promise<Route[]> {
  const found: Route[] = []
  for (const file of files) {
    const text = await readFile(resolve(notes, file), 'utf8')
    for (const line of text.split('\n')) if (line.startsWith('|')) found.push(...routesOf(line))
  }
  return found.filter(({ path }) => !others.some((pattern) => pattern.test(path)))
}

test('every route of the original is served, and docs/compat.md lists it', async () => {
  const wanted = await documented().catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (!wanted) return console.log('left out: the notes on the original are not here')
  assert.ok(wanted.length > 200, `only ${wanted.length} routes are read out of the notes`)
  const served = allRoutes.map(({ method, path }) => `${method} ${plain(path)}`)
  const missing = wanted.filter(({ method, path }) => {
    const end = plain(path)
    return !served.some((route) => route.startsWith(`${method} `) && route.endsWith(end))
  })
  assert.deepEqual(missing, [])
})
