import { KEYS, KLOG_FLAGS, type Key } from './schema.ts'
import { ConfigError } from './types.ts'

export interface Flags {
  help: boolean
  /** `--config`. */
  file: string | undefined
  /** Text by key path. */
  values: Map<string, string>
  /** `--v`; 0 where absent. */
  verbosity: number
  debug: boolean
}

const BY_FLAG = new Map<string, Key>(KEYS.flatMap((key) => (key.flag ? [[key.flag, key]] : [])))

/** Which flags take no separate value. */
function isSwitch(name: string): boolean {
  return BY_FLAG.get(name)?.kind === 'bool' || KLOG_FLAGS[name] === true || name === 'debug'
}

/**
 * Flags in the syntax of Go's pflag: `--name=value`, `--name value`, a switch alone or `--switch=false`, `-v 4`,
 * `_` for `-`. Throws ConfigError for an unknown flag, a missing value or a word that is no flag.
 */
export function parseFlags(args: readonly string[]): Flags {
  const flags: Flags = {
    help: false,
    file: undefined,
    values: new Map(),
    verbosity: 0,
    debug: false,
  }
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? ''
    const match = /^(?:--([^=]+)|-([hv]))(?:=([^]*))?$/.exec(argument)
    if (!match)
      throw new ConfigError(`unknown ${argument.startsWith('-') ? 'flag' : 'argument'} ${argument}`)
    const name = (match[1] ?? { h: 'help', v: 'v' }[match[2] ?? ''] ?? '').replaceAll('_', '-')
    if (name === 'help') {
      flags.help = true
      continue
    }
    let value = match[3]
    if (value === undefined && isSwitch(name)) value = 'true'
    const known = name === 'config' || name === 'debug' || BY_FLAG.has(name) || name in KLOG_FLAGS
    if (!known) throw new ConfigError(`unknown flag --${name}; --help lists them`)
    if (value === undefined) {
      value = args[++at]
      if (value === undefined) throw new ConfigError(`--${name} needs a value`)
    }
    apply(flags, name, value)
  }
  return flags
}

function apply(flags: Flags, name: string, value: string): void {
  const key = BY_FLAG.get(name)
  if (key) flags.values.set(key.key, value)
  else if (name === 'config') flags.file = value
  else if (name === 'debug') flags.debug = value === 'true'
  else if (name === 'v') {
    if (!/^\d+$/.test(value)) throw new ConfigError(`--v: ${value} is not a whole number`)
    flags.verbosity = Number(value)
  }
}

/** What `--help` prints: every flag with its key, meaning and default. */
export function helpText(): string {
  const rows = KEYS.flatMap((key) =>
    key.flag ? [[`--${key.flag}`, `${key.about} (${key.key}${shownDefault(key)})`] as const] : [],
  )
  const own = [
    ['--config', 'configuration file; default kubesphere.yaml in /etc/kubesphere or here'],
    ['--v', 'verbosity: 4 and more is the debug level'],
    ['--help', 'this text'],
  ] as const
  const lines = [...own, ...rows].map(([flag, about]) => `  ${flag.padEnd(42)}${about}`)
  return [
    'Serves the KubeSphere API. A flag overrides its key of the configuration file; KUBESPHERE_<KEY>, dots as',
    'underscores, overrides a key that stands in the file. klog flags are accepted and set nothing.',
    '',
    ...lines,
  ].join('\n')
}

function shownDefault({ fallback, kind }: Key): string {
  if (fallback === '' || kind === 'map' || kind === 'list') return ''
  return kind === 'duration' ? `, ${Number(fallback) / 1000}s` : `, ${String(fallback)}`
}
