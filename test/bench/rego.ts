/** What policies cost: read natively, and by OPA in its thread. */
import { compileRego, type RegoInput } from '../../gateway/domain/access/index.ts'
import { loadEvaluator } from '../../gateway/domain/rego/artifact.ts'
import { globalRoles } from '../../gateway/embedded/seeds/roles.ts'
import { silentRego } from '../rego/support.ts'

const input: RegoInput = {
  User: { Name: 'eve', UID: '', Groups: ['system:authenticated'], Extra: {} },
  Verb: 'get',
  Cluster: '',
  Workspace: '',
  Namespace: 'kubesphere-system',
  APIGroup: '',
  APIVersion: 'v1',
  Resource: 'pods',
  Subresource: 'exec',
  Name: 'ks-managed-kubectl-bob',
  KubernetesRequest: true,
  ResourceRequest: true,
  Path: '/',
  ResourceScope: 'Namespace',
}
const json = JSON.stringify(input)
const memory = () => `${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB resident`

/** Prints how long one of `count` takes. */
async function timed(what: string, count: number, run: () => unknown): Promise<void> {
  const started = performance.now()
  await run()
  console.log(`${what}: ${((performance.now() - started) / count).toFixed(4)} ms`)
}

const { annotations } = globalRoles().find(({ metadata }) => metadata.name === 'authenticated')
  ?.metadata ?? { annotations: {} }
const shipped = annotations?.['iam.kubesphere.io/rego-override'] ?? ''
const own = `${shipped}\nallow { not input.KubernetesRequest; input.Verb == "none" }`

const native = compileRego(shipped)
await timed('a native decision', 100_000, () => {
  for (let round = 0; round < 100_000; round++) native?.allows(input)
})
console.log(memory())
await timed('verify, unpack and compile the evaluator', 1, () => loadEvaluator())
await using rego = silentRego()
const policy = (text: string) =>
  rego.policy({ text, query: 'data.authz.allow', use: 'access', name: 'bench' })
const asked = policy(own)
await timed('the first answer of OPA', 1, () => asked.holds([json]))
console.log(memory())
await timed('a new policy and its first answer', 10, async () => {
  for (let round = 0; round < 10; round++) await policy(`${own}# ${round}`).holds([json])
})
await timed('an evaluation', 2000, async () => {
  for (let round = 0; round < 2000; round++) await asked.holds([json])
})
await timed('an evaluation, of a list', 10_000, () =>
  asked.holds(Array.from({ length: 10_000 }, () => json)),
)
await timed('an endless policy', 1, () =>
  policy('package authz\nallow { count(numbers.range(1, 100000000)) == 0 }').holds([json]),
)
await timed('the next answer, in a new thread', 1, () => asked.holds([json]))
console.log(memory())
