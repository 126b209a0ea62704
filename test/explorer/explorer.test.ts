import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { buildClientSchema, getIntrospectionQuery, parse, validate } from 'graphql'
import type { IntrospectionQuery } from 'graphql'
import { examples } from '../../gateway/server/graphql/graphiql/examples.ts'
import { graph } from '../e2e/http.ts'
import { startStage, type Stage } from '../terminal/stage.ts'
import { openTab, type Tab } from './browser.ts'
import { deploy } from './objects.ts'
import { objects } from './walk-objects.ts'
import { people } from './walk-people.ts'
import { tables } from './walk-tables.ts'
import type { Walk } from './walk.ts'

describe('the explorer', () => {
  let stage: Stage
  let tab: Tab
  before(async () => {
    stage = await startStage()
    await deploy(stage.kube, 'web', 2)
    await deploy(stage.kube, 'api', 1)
    tab = await openTab()
  })
  after(async () => {
    await tab?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })
  const walk = (): Walk => ({
    stage,
    tab,
    open: (place) => tab.page.goto(`${stage.url}/explorer#${place}`),
  })

  tables(walk)
  objects(walk)
  people(walk)

  it('has documents for GraphiQL that fit the schema of a server with kinds', async () => {
    const { data } = await graph(stage.url, stage.admin, getIntrospectionQuery())
    const schema = buildClientSchema(data as unknown as IntrospectionQuery)
    for (const { query } of examples) assert.deepEqual(validate(schema, parse(query)), [], query)
  })

  it('has broken neither a script nor its content security policy', () => {
    // Chromium logs answers with an error status as well; the refused login was one.
    const others = tab.complaints.filter((text) => !text.includes('the server responded with'))
    assert.deepEqual(others, [])
  })
})
