import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readConfigFile } from './file.ts'
import { parseFlags } from './flags.ts'
import { mergeConfig } from './merge.ts'
import { parseTree } from './tree.ts'
import { validate } from './validate.ts'
import type { Config, DeepPartial } from './types.ts'

export { helpText } from './flags.ts'
export { graphLimitsOf, type GraphLimits } from './graph-limits.ts'
export { KEYS } from './schema.ts'
export { ConfigError } from './types.ts'
export type { Config, DeepPartial } from './types.ts'

export interface LoadOptions {
  /** Command line without program and command. */
  args?: readonly string[]
  env?: NodeJS.ProcessEnv
  /** Instead of `--config` and the search path. */
  file?: string
  /** Where `kubesphere.yaml` is looked for; default `/etc/kubesphere` and the working directory. */
  folders?: readonly string[]
  /** Laid over everything after the checks; tests take any free port with `{ server: { insecurePort: 0 } }`. */
  overrides?: DeepPartial<Config>
}

/**
 * The configuration of the process: defaults, then the file, then `KUBESPHERE_<KEY with . as _>` for keys that stand in
 * the file, then flags. Throws ConfigError, one line, for a file that is missing or cannot be parsed, an unknown flag,
 * a value of the wrong kind, and what pipeline.md §1.3 refuses.
 */
export async function loadConfig(options: LoadOptions = {}): Promise<Config> {
  const { env = {} } = options
  const flags = parseFlags(options.args ?? [])
  const folders = options.folders ?? ['/etc/kubesphere', process.cwd()]
  const tree = await readConfigFile(options.file ?? flags.file, folders)
  const { values, raw } = parseTree(tree, env, flags.values)
  const usual = join(homedir(), '.kube', 'config')
  const defaults: DeepPartial<Config> = {
    kubernetes: { kubeconfig: existsSync(usual) ? usual : '' },
    log: { level: levelOf(flags, env) },
  }
  const config = mergeConfig(mergeConfig(defaultConfig(defaults), values), { raw })
  await validate(config)
  return mergeConfig(config, options.overrides ?? {})
}

/** Code defaults of pipeline.md §23 with `overrides` laid over them; nothing is checked. */
export function defaultConfig(overrides: DeepPartial<Config> = {}): Config {
  return mergeConfig(parseTree({}, {}, new Map()).defaults, overrides)
}

/** Whether the arguments ask for `helpText`. */
export function wantsHelp(args: readonly string[]): boolean {
  return args.some((argument) => argument === '--help' || argument === '-h')
}

/** What the environment says is checked with everything else. */
function levelOf(
  flags: { verbosity: number; debug: boolean },
  env: NodeJS.ProcessEnv,
): Config['log']['level'] {
  if (flags.debug || flags.verbosity >= 4) return 'debug'
  return (env.LOG_LEVEL || 'info') as Config['log']['level']
}
