import { ensureBinary } from '../../gateway/embedded/index.ts'
import { ensureDebianPackages } from './packages.ts'

/**
 * What the suites need beyond npm packages, installed once before the first of them: the control-plane binary
 * (built on a fresh machine) and the servers that tests start. Prints what it does and how long it took.
 */
export async function prepareEnvironment(): Promise<void> {
  await ensureDebianPackages(['redis-server', 'slapd', 'docker-registry', 'chromium'])
  const binary = await ensureBinary({ onProgress: (line) => console.error(line) })
  console.error(`control plane binary: ${binary.source}`)
}
