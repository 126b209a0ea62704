import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { compileRego, type RegoInput } from '../../gateway/domain/access/index.ts'
import { globalRoles } from '../../gateway/embedded/seeds/roles.ts'
import { roleTemplates } from '../../gateway/embedded/seeds/templates/index.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { referenceData } from '../controllers/reference.ts'
import { pick, random } from '../resources/support.ts'
import { randomModule, randomRegoInput } from './generate.ts'
import { silentRego } from './support.ts'

const OVERRIDE = 'iam.kubesphere.io/rego-override'
const rego = silentRego({ evaluateMs: 60_000, prepareMs: 60_000, waitMs: 600_000, chunk: 500 })
after(() => rego[Symbol.asyncDispose]())

/** Asks both about the same inputs; returns how many were allowed. */
async function agree(text: string, inputs: readonly RegoInput[]): Promise<number> {
  const native = compileRego(text)
  assert.ok(native, `not read natively: ${text}`)
  const policy = rego.policy({ text, query: 'data.authz.allow', use: 'access', name: 'test' })
  const wanted = await policy.holds(inputs.map((input) => JSON.stringify(input)))
  for (const [at, input] of inputs.entries()) {
    assert.equal(native.allows(input), wanted[at], `${text}\n${JSON.stringify(input)}`)
  }
  return wanted.filter(Boolean).length
}

function policiesIn(objects: readonly KubeObject[]): string[] {
  const texts = objects.flatMap(({ metadata }) => metadata.annotations?.[OVERRIDE] ?? [])
  return [...new Set(texts)]
}

async function agreeOnThousands(texts: readonly string[], seed: number): Promise<void> {
  const next = random(seed)
  for (const text of texts) {
    const inputs = Array.from({ length: 4000 }, () => randomRegoInput(next))
    const allowed = await agree(text, inputs)
    assert.ok(allowed > 20 && allowed < 3980, `${allowed} of 4000 allowed: too one-sided`)
  }
}

describe('OPA and the native reader give the same answer', () => {
  test('to thousands of inputs, for every policy that is seeded here', async () => {
    const texts = policiesIn([...globalRoles(), ...roleTemplates()])
    assert.equal(texts.length, 4)
    await agreeOnThousands(texts, 1)
  })

  test('to thousands of inputs, for every policy of the original', async () => {
    const objects = await referenceData<KubeObject>('chart-objects.yaml')
    if (!objects) return
    const texts = policiesIn(objects)
    assert.ok(texts.length >= 3, `only ${texts.length} policies found`)
    await agreeOnThousands(texts, 2)
  })

  test('for random modules of what the native reader knows', async () => {
    const next = random(3)
    let read = 0
    let allowed = 0
    for (let round = 0; round < 1200; round++) {
      const text = randomModule(next)
      if (!compileRego(text)) continue
      read++
      allowed += await agree(
        text,
        Array.from({ length: 25 }, () => randomRegoInput(next)),
      )
    }
    assert.ok(read > 150, `only ${read} modules were read natively`)
    assert.ok(allowed > 300, `only ${allowed} answers were yes`)
  })
})

test('a policy that nobody can read is refused by both', async () => {
  const next = random(4)
  const texts = Array.from({ length: 20 }, () => {
    const text = randomModule(next)
    return text.slice(0, Math.floor(text.length * next())).replace(/\}\s*$/, '')
  })
  for (const text of texts) {
    if (compileRego(text)) continue
    const policy = rego.policy({ text, query: 'data.authz.allow', use: 'access', name: 'test' })
    const cut = pick(next, [0, 1])
    assert.deepEqual(await policy.holds(cut ? ['{}'] : []), cut ? [false] : [], text)
  }
})
