import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { createMetrics } from '../../gateway/telemetry/index.ts'
import { chart, deployFolder, objectsOf, render } from './support.ts'
import { ensureHelm } from '../env/kubectl.ts'

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string; description: string }
}

interface Dashboard {
  panels: { id: number; title: string; targets: { expr: string }[] }[]
}

const alerts = join(deployFolder, 'observe/alerts.yaml')

async function rules(): Promise<Rule[]> {
  const { groups } = parse(await readFile(alerts, 'utf8')) as { groups: { rules: Rule[] }[] }
  return groups.flatMap((group) => group.rules)
}

/** Series by the names that a query language sees: a histogram is three. */
async function exposed(): Promise<Set<string>> {
  using metrics = createMetrics()
  const described = await metrics.describe()
  return new Set(
    described.flatMap(({ name, type }) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  )
}

async function assertKnown(expressions: readonly string[]): Promise<void> {
  const names = await exposed()
  let looked = 0
  for (const expression of expressions)
    for (const [name] of expression.matchAll(/\b(?:ks_|process_|nodejs_)\w+/g)) {
      assert.ok(names.has(name), `${name} of ${expression}`)
      looked++
    }
  assert.ok(looked >= expressions.length)
}

describe('what is watched', () => {
  it('alerts are about series that there are, and say what to do', async () => {
    const all = await rules()
    await assertKnown(all.map(({ expr }) => expr))
    for (const { alert, labels, annotations } of all) {
      assert.match(alert, /^KsFacade\w+$/)
      assert.match(labels.severity, /^(critical|warning)$/)
      assert.ok(annotations.summary && annotations.description, alert)
    }
    assert.equal(new Set(all.map(({ alert }) => alert)).size, all.length)
  })

  it('the dashboard shows series that there are', async () => {
    const text = await readFile(join(deployFolder, 'observe/dashboard.json'), 'utf8')
    const { panels } = JSON.parse(text) as Dashboard
    await assertKnown(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)))
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  })

  it('the chart carries the same alerts', async () => {
    assert.equal(await readFile(join(chart, 'alerts.yaml'), 'utf8'), await readFile(alerts, 'utf8'))
    if ((await ensureHelm()) === undefined) return
    const objects = objectsOf(await render({ metrics: { serviceMonitor: true, rules: true } }))
    const rule = objects.find(({ kind }) => kind === 'PrometheusRule')
    assert.ok(rule)
    const { groups } = rule['spec'] as { groups: { rules: Rule[] }[] }
    assert.deepEqual(groups[0]?.rules, await rules())
    assert.ok(objects.some(({ kind }) => kind === 'ServiceMonitor'))
  })
})
