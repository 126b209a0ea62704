import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'
import { defaultConfig, loadConfig, type Config } from '../../gateway/config/index.ts'
import type { Plane } from '../../gateway/embedded/index.ts'
import { createClusters } from '../../gateway/kube/clusters.ts'
import type { GVR } from '../../gateway/kube/types.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { startTestPlane } from '../env/plane.ts'
import { ensurePython } from '../env/python.ts'
import { run, runAny } from '../env/run.ts'

const log = createLogger({ level: 'error' })
const NAMESPACES: GVR = { group: '', version: 'v1', resource: 'namespaces' }
const folder = resolve(import.meta.dirname, '../../../shared/conformance')

interface Expectation {
  /** Id of a recorded case, or `hole:<row>` for a decision that no recorded case shows. */
  id: string
  reason: string
}

interface Outcome {
  /** Difference by case id. */
  failed: Map<string, string>
  score: string
}

/** Reads what `conform.py diff -v` printed. */
function read(output: string): Outcome {
  const failed = new Map<string, string>()
  const score: string[] = []
  for (const line of output.split('\n')) {
    const difference = /^FAIL (.*?) \| (.*)$/.exec(line)
    if (difference) failed.set(difference[1] ?? '', difference[2] ?? '')
    else if (/\d+\/\d+/.test(line)) score.push(line)
  }
  return { failed, score: score.join('\n') }
}

/** The upstream of the seeded APIService and ReverseProxy stands at a fixed port; another run's may serve us too. */
async function ensureEcho(t: TestContext, python: string): Promise<void> {
  const up = await new Promise<boolean>((done) => {
    const socket = connect(61900, '127.0.0.1', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
  if (up) return
  const echo = spawn(python, [join(folder, 'echo.py'), '61900'], { stdio: 'ignore' })
  t.after(() => echo.kill())
}

const firstNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/**
 * An empty plane like the recorded one: lists sort by the second of creation, and there the namespaces that
 * kube-apiserver makes at its start came within one. A slow start that spreads them is done again.
 */
async function recordedPlane(): Promise<Plane> {
  for (let attempt = 1; ; attempt++) {
    await using stack = new AsyncDisposableStack()
    const plane = stack.use(await startTestPlane({ nodes: 0 }))
    const config = defaultConfig({ kubernetes: { kubeconfig: plane.kubeconfigPath } })
    await using clusters = await createClusters({ config, log, now: Date.now })
    const { items } = await clusters.host.client.list(NAMESPACES)
    const seconds = items
      .filter(({ metadata }) => firstNamespaces.includes(metadata.name ?? ''))
      .map(({ metadata }) => metadata.creationTimestamp)
    if (new Set(seconds).size === 1 || attempt === 5) {
      stack.move()
      return plane
    }
  }
}

test('the recorded answers of the original are ours, or stand in expectation.json with a reason', async (t) => {
  if (!existsSync(join(folder, 'open.json'))) {
    t.diagnostic('no recorded cases beside this repository: nothing was compared')
    return
  }
  const cases = JSON.parse(await readFile(join(folder, 'open.json'), 'utf8')) as {
    cases: { id: string }[]
  }
  const recorded = new Set(cases.cases.map(({ id }) => id))
  const listed = JSON.parse(
    await readFile(resolve(import.meta.dirname, 'expectation.json'), 'utf8'),
  ) as Expectation[]
  const python = await ensurePython()
  await using plane = await recordedPlane()
  await run(python, [join(folder, 'seed.py'), '--kubeconfig', plane.kubeconfigPath])
  await ensureEcho(t, python)
  const config = await loadConfig({
    args: ['--config', join(folder, 'kubesphere.yaml'), '--kubeconfig', plane.kubeconfigPath],
    env: {},
    overrides: { server: { insecurePort: 0, bindAddress: '127.0.0.1' } },
  })
  const expected = new Set(listed.map(({ id }) => id))
  const unlisted = ({ failed }: Outcome) =>
    [...failed].filter(([id]) => !expected.has(id)).map(([id, why]) => `${id} | ${why}`)
  const compare = async (of: Config, only: 'read' | 'all'): Promise<Outcome> => {
    await using facade = await startFacade(of, { log })
    const conform = join(folder, 'conform.py')
    const golden = join(folder, 'open.json')
    const base = facade.server.url
    const flags = ['--base', base, '--golden', golden, '--only', only, '-v']
    const { output } = await runAny(python, [conform, 'diff', ...flags])
    const outcome = read(output)
    assert.match(outcome.score, /%/, `the runner did not finish:\n${output.slice(-2000)}`)
    return outcome
  }
  // First, while nothing has been written.
  const threads = await compare({ ...config, facade: { ...config.facade, threads: 2 } }, 'read')
  assert.deepEqual(unlisted(threads), [], 'differences behind threads that are not listed')
  const one = await compare(config, 'all')
  const { failed, score } = one
  console.log(`conformance, ${cases.cases.length} recorded cases:\n${score}`)
  assert.deepEqual(unlisted(one), [], 'differences that are not listed')
  const passing = listed.filter(({ id }) => recorded.has(id) && !failed.has(id))
  assert.deepEqual(
    passing.map(({ id }) => id),
    [],
    'listed as different, but the same now',
  )
})

test('every expectation has a reason, and the list is sorted and free of doubles', async () => {
  const listed = JSON.parse(
    await readFile(resolve(import.meta.dirname, 'expectation.json'), 'utf8'),
  ) as Expectation[]
  const ids = listed.map(({ id }) => id)
  assert.deepEqual(ids, [...new Set(ids)].toSorted())
  assert.deepEqual(
    listed.filter(({ reason }) => reason.length < 20),
    [],
  )
})
