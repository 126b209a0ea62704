import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'
import { pino } from 'pino'
import { createRego, type Limits, type Policy } from '../../gateway/domain/rego/index.ts'
import { loadEvaluator } from '../../gateway/domain/rego/artifact.ts'
import { sourcesSum } from '../../gateway/domain/rego/opa/build.ts'
import facts from '../../gateway/domain/rego/opa/evaluator.json' with { type: 'json' }

interface Bench {
  readonly policy: (body: string, name?: string) => Policy
  /** Of each outcome that was counted, how many. */
  readonly counted: Record<string, number>
  /** Names of the policies that were logged, and the errors. */
  readonly logged: { policy: string; error: string }[]
  readonly close: () => Promise<void>
}

/** An evaluator of its own. Times are long unless a test is about them: the machine may be slow. */
function bench(t: TestContext, limits: Partial<Limits> = {}): Bench {
  const counted: Record<string, number> = {}
  const logged: Bench['logged'] = []
  const log = pino(
    { level: 'warn' },
    { write: (line) => void logged.push(JSON.parse(line) as Bench['logged'][number]) },
  )
  const rego = createRego({
    log,
    metrics: {
      regoEvaluated: (_use, result, count) => (counted[result] = (counted[result] ?? 0) + count),
    },
    limits: { evaluateMs: 30_000, prepareMs: 30_000, waitMs: 120_000, ...limits },
  })
  const close = async () => rego[Symbol.asyncDispose]()
  t.after(close)
  return {
    policy: (body, name = 'test') =>
      rego.policy({
        text: `package authz\n${body}`,
        query: 'data.authz.allow',
        use: 'access',
        name,
      }),
    counted,
    logged,
    close,
  }
}

const get = JSON.stringify({ Verb: 'get' })
const list = JSON.stringify({ Verb: 'list' })
const ENDLESS = `allow {
  x := numbers.range(1, 30000)[_]
  y := numbers.range(1, 30000)[_]
  x + y == -1
}`

test('only an answer that is exactly true counts as yes', async (t) => {
  const { policy, counted } = bench(t)
  const cases: [body: string, wanted: boolean][] = [
    ['allow { not input.Verb == "list" }', true],
    ['allow { input.Verb == "list" }', false],
    ['default allow = false', false],
    ['allow = "true" { true }', false],
    ['allow = 1 { true }', false],
    ['allow[x] { x := input.Verb }', false],
    ['allowed { true }', false],
    ['allow { some i; ["get", "watch"][i] == input.Verb }', true],
    ['allow = true { input.Verb == "list" } else = true { input.Verb == "get" }', true],
    ['allow { verbs[_] == input.Verb }\nverbs = {"get"}', true],
    ['import future.keywords.in\nallow { input.Verb in ["get"] }', true],
    ['import rego.v1\nallow if input.Verb in {"get"}', true],
    ['allow { data.secret }', false],
  ]
  for (const [body, wanted] of cases) {
    assert.deepEqual(await policy(body).holds([get]), [wanted], body)
  }
  assert.equal(counted['true'], cases.filter(([, wanted]) => wanted).length)
})

test('many questions at once get each its own answer, also where policies are compiled anew', async (t) => {
  const { policy } = bench(t, { prepared: 3, chunk: 4 })
  const policies = Array.from({ length: 12 }, (_, at) => policy(`allow { input.at == ${at} }`))
  const inputs = Array.from({ length: 12 }, (_, at) => JSON.stringify({ at }))
  for (let round = 0; round < 2; round++) {
    const answers = await Promise.all(policies.map((one) => one.holds(inputs)))
    for (const [at, held] of answers.entries()) {
      assert.deepEqual(
        held,
        inputs.map((_, index) => index === at),
      )
    }
  }
})

describe('a policy that cannot be', () => {
  test('says no, is compiled once and logged once', async (t) => {
    const { policy, counted, logged } = bench(t)
    for (const body of ['allow {', 'allow { nowhere(input) }', 'allow { allow }', '"']) {
      const broken = policy(body, body)
      for (let round = 0; round < 3; round++) assert.deepEqual(await broken.holds([get]), [false])
    }
    assert.deepEqual(
      logged.map(({ policy: name }) => name),
      ['allow {', 'allow { nowhere(input) }', 'allow { allow }', '"'],
    )
    assert.equal(counted['error'], 12)
  })

  test('reach out of its input: such functions are unknown', async (t) => {
    const { policy, logged } = bench(t)
    const calls = [
      'http.send({"method": "get", "url": "http://127.0.0.1:1"}).status_code == 200',
      'count(net.lookup_ip_addr("localhost")) > 0',
      'opa.runtime().env.PATH != ""',
      'trace("x")',
      'providers.aws.sign_req({}, {}, 0)',
    ]
    for (const call of calls) {
      assert.deepEqual(await policy(`allow { ${call} }`).holds([get]), [false], call)
    }
    assert.deepEqual(
      logged.map(({ error }) => /undefined function (\S+)/.exec(error)?.[1]),
      ['http.send', 'net.lookup_ip_addr', 'opa.runtime', 'trace', 'providers.aws.sign_req'],
    )
  })
})

describe('the limits', () => {
  test('an endless policy is stopped and left out for a while; the others go on', async (t) => {
    const { policy, counted, logged } = bench(t, { evaluateMs: 1500 })
    const [endless, good] = [policy(ENDLESS, 'endless'), policy('allow { input.Verb == "get" }')]
    assert.deepEqual(await good.holds([get]), [true])
    const [stopped, ...served] = await Promise.all([
      endless.holds([get]),
      good.holds([get]),
      good.holds([list]),
    ])
    assert.deepEqual([stopped, served], [[false], [[true], [false]]])
    assert.equal(counted['timeout'], 1)
    for (let round = 0; round < 3; round++) assert.deepEqual(await endless.holds([get]), [false])
    assert.deepEqual([counted['timeout'], counted['refused']], [1, 3])
    assert.deepEqual(
      logged.map(({ policy: name }) => name),
      ['endless'],
    )
    assert.deepEqual(await good.holds([get, list]), [true, false])
  })

  test('many requests for an endless policy cost its time once', async (t) => {
    const { policy, counted } = bench(t, { evaluateMs: 1500 })
    const endless = policy(ENDLESS)
    await Promise.all(Array.from({ length: 20 }, () => endless.holds([get])))
    assert.deepEqual(counted, { timeout: 1, refused: 19 })
  })

  test('the event loop goes on meanwhile', async (t) => {
    const { policy } = bench(t, { evaluateMs: 1500 })
    let turns = 0
    const timer = setInterval(() => turns++, 10)
    t.after(() => clearInterval(timer))
    await policy(ENDLESS).holds([get])
    assert.ok(turns > 10, `${turns} turns`)
  })

  test('a policy that takes all memory ends its thread; the others go on in a new one', async (t) => {
    const { policy, counted, logged } = bench(t)
    const hog = policy('allow { count([s | numbers.range(1, 100000000)[_] = s]) == 0 }', 'hog')
    assert.deepEqual(await hog.holds([get]), [false])
    assert.equal(counted['error'], 1)
    assert.match(logged[0]?.error ?? '', /out of memory/)
    assert.deepEqual(await policy('allow { input.Verb == "get" }').holds([get]), [true])
  })

  test('texts and inputs have a largest size', async (t) => {
    const { policy, counted } = bench(t, { text: 200, input: 100 })
    const good = policy('allow { input.Verb == "get" }')
    const large = JSON.stringify({ Verb: 'get', more: 'x'.repeat(100) })
    assert.deepEqual(await good.holds([large, get]), [false, true])
    assert.equal(counted['refused'], 1)
    const long = policy(`allow { input.Verb == "get" } # ${'x'.repeat(200)}`)
    assert.deepEqual(await long.holds([get]), [false])
  })

  test('more questions than may wait are answered with no', async (t) => {
    const { policy, counted } = bench(t, { waiting: 2 })
    const policies = Array.from({ length: 6 }, () => policy('allow { true }'))
    const answers = await Promise.all(policies.map((one) => one.holds([get])))
    const refused = counted['refused'] ?? 0
    assert.ok(refused >= 3, `${refused} refused`)
    assert.equal(answers.filter(([held]) => held).length, 6 - refused)
  })
})

test('an aborted question is not gone on with, a closed evaluator says no', async (t) => {
  const { policy, close } = bench(t, { chunk: 1 })
  const good = policy('allow { input.Verb == "get" }')
  const stop = new AbortController()
  stop.abort(new Error('gone'))
  await assert.rejects(good.holds([get], stop.signal), /gone/)
  await close()
  assert.deepEqual(await good.holds([get]), [false])
})

describe('the shipped evaluator', () => {
  test('is the one that its sources describe', async () => {
    assert.equal(facts.sourcesSha256, await sourcesSum(), 'build it again: opa/README.md')
  })

  test('is not started when a byte differs', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'ks-facade-'))
    t.after(() => rm(folder, { recursive: true }))
    const whole = await readFile(
      new URL('../../gateway/domain/rego/opa/evaluator.wasm.br', import.meta.url),
    )
    whole[whole.length >> 1] = 255 - (whole[whole.length >> 1] ?? 0)
    const file = join(folder, 'evaluator.wasm.br')
    await writeFile(file, whole)
    await assert.rejects(loadEvaluator(pathToFileURL(file)), /checksum/)
  })
})
