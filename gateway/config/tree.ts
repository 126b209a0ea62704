import { KEYS, fieldOf, type Key } from './schema.ts'
import { ConfigError, type Config, type DeepPartial } from './types.ts'
import { isMap, readValue } from './values.ts'

type Tree = Record<string, unknown>

export interface Parsed {
  defaults: Config
  /** What file, environment and flags set. */
  values: DeepPartial<Config>
  /** What of the file nothing here knows. */
  raw: Tree
}

/** Reads the known keys out of a file's tree, keys matched whatever their case. Throws ConfigError. */
export function parseTree(
  tree: Tree,
  env: NodeJS.ProcessEnv,
  flags: ReadonlyMap<string, string>,
): Parsed {
  const raw = structuredClone(tree)
  const defaults: Tree = { raw: {} }
  const values: Tree = {}
  for (const key of KEYS) {
    const path = key.key.split('.')
    const field = fieldOf(key).split('.')
    set(defaults, field, structuredClone(key.fallback))
    const found = take(raw, path, key.key)
    const flag = flags.get(key.key)
    if (flag !== undefined) set(values, field, readValue(key.kind, flag, `--${key.flag}`))
    else if (found !== undefined && found !== null) {
      set(values, field, readValue(key.kind, overridden(key, found, env), key.key))
    }
  }
  return { defaults: defaults as unknown as Config, values, raw }
}

/** The environment's text where it has one for a key of the file, leaves of free-form maps included. */
function overridden(key: Key, found: unknown, env: NodeJS.ProcessEnv): unknown {
  return override(found, `KUBESPHERE_${key.key.replaceAll('.', '_')}`.toUpperCase(), env)
}

function override(value: unknown, variable: string, env: NodeJS.ProcessEnv): unknown {
  if (!isMap(value)) return env[variable] || value
  return Object.fromEntries(
    Object.entries(value).map(([name, below]) => [
      name,
      override(below, `${variable}_${name.replaceAll('.', '_').toUpperCase()}`, env),
    ]),
  )
}

/** Removes and returns the value at `path`, with the sections that are empty then. */
function take(tree: Tree, path: readonly string[], whole: string): unknown {
  const [wanted = '', ...rest] = path
  const name = Object.keys(tree).find((key) => key.toLowerCase() === wanted.toLowerCase())
  if (name === undefined) return undefined
  const value = tree[name]
  if (rest.length === 0) {
    delete tree[name]
    return value
  }
  if (value === null || value === undefined) return undefined
  if (!isMap(value)) {
    const section = whole.split('.').slice(0, -rest.length).join('.')
    throw new ConfigError(`${section}: a mapping is wanted here`)
  }
  const found = take(value, rest, whole)
  if (Object.keys(value).length === 0) delete tree[name]
  return found
}

function set(tree: Tree, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    tree[name] = value
    return
  }
  const below = isMap(tree[name]) ? tree[name] : {}
  tree[name] = below
  set(below, rest, value)
}
