import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startControllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { startTestPlane } from '../env/plane.ts'
import { ensurePython } from '../env/python.ts'
import { run } from '../env/run.ts'
import { login } from './http.ts'

const PASSWORD = 'Pa55word-of-tests'

interface Outcome {
  id: string
  outcome: 'pass' | 'fail' | 'skip'
  detail: string
}

/** Tests that fail against any kube-apiserver of today, how they do, and why. */
const impossible = [
  {
    tests: /^kubernetes\.dynamic\.test_client\.TestDynamicClient\.test_.*custom_resources$/,
    failure: /No matches found for .*apiextensions\.k8s\.io\/v1beta1/,
    reason: 'asks for an API that Kubernetes removed in 1.22; the asynchronous client asks for v1',
  },
  {
    tests: /^kubernetes\.dynamic\.test_discovery\..*test_cache_decoder_resource_and_subresource$/,
    failure: /assertTrue\(deploy1 == deploy2\)\nAssertionError: False is not true/,
    reason: 'compares two objects of a class that knows no equality',
  },
  {
    tests: /^kubernetes\.aio\.dynamic\.client_test\..*test_server_side_apply_api$/,
    failure: /invalid object type: apps\/v1, Kind=Deployment/,
    reason: 'applies a Deployment at the address of a Pod',
  },
]

test('the tests of the Python client’s dynamic part pass through ks-facade', async (t) => {
  const python = await ensurePython('kubernetes')
  const log = createLogger({ level: 'error' })
  await using stack = new AsyncDisposableStack()
  const plane = stack.use(await startTestPlane())
  const dir = await mkdtemp(join(tmpdir(), 'python-client-'))
  stack.defer(() => rm(dir, { recursive: true }))
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: 'secret-of-the-python-tests' } },
  })
  const facade = stack.use(
    await startFacade(config, {
      log,
      reconcile: async ({ host }) => {
        await seed(host.client, { demo: false, adminPassword: PASSWORD, log })
        return startControllers({ host, log, config })
      },
    }),
  )
  const output = await run('env', [
    `KS_URL=${facade.server.url}`,
    `KS_TOKEN=${await login(facade.server.url, 'admin', PASSWORD)}`,
    // The client keeps what it has discovered in a file there, under the address alone.
    `TMPDIR=${dir}`,
    python,
    join(import.meta.dirname, 'python-client.py'),
  ])
  const [first = '{}', ...lines] = output.split('\n').filter((line) => line.startsWith('{'))
  const outcomes = lines.map((line) => JSON.parse(line) as Outcome)
  for (const { id, outcome, detail } of outcomes) {
    await t.test(id, (t) => {
      const known = impossible.find(({ tests }) => tests.test(id))
      if (known) {
        assert.match(detail, known.failure)
        t.diagnostic(`cannot hold: it ${known.reason}`)
        return
      }
      assert.equal(outcome, 'pass', detail)
    })
  }
  const { count } = JSON.parse(first) as { count: number }
  assert.equal(outcomes.length, count, 'every test has told its outcome')
  assert.ok(count >= 28, `the package carries ${count} tests`)
})
