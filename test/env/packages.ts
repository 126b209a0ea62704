import { spawnSync } from 'node:child_process'

/** Command that each Debian package brings, to tell whether it is there. */
const commands: Record<string, string> = {
  'redis-server': 'redis-server',
  slapd: 'slapd',
  'docker-registry': 'docker-registry',
  curl: 'curl',
}

function has(command: string): boolean {
  // Servers stand where only root looks for commands.
  const script = `PATH="$PATH:/usr/sbin" command -v ${command}`
  return spawnSync('sh', ['-c', script]).status === 0
}

/** Installs missing Debian packages with apt-get where this process may; otherwise says loudly which are missing. */
export async function ensureDebianPackages(names: string[]): Promise<void> {
  const missing = names.filter((name) => !has(commands[name] ?? name))
  if (missing.length === 0) return
  console.error(`installing for the tests: ${missing.join(' ')} (apt-get, about half a minute)`)
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
  spawnSync('apt-get', ['update', '-qq'], quiet)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const done = spawnSync(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...missing],
    { ...quiet, env },
  )
  if (done.status !== 0)
    console.error(`COULD NOT INSTALL ${missing.join(' ')}: the tests that need them will fail`)
}
