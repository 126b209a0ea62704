import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { createGraphql } from '../../gateway/server/graphql/index.ts'
import type { App } from '../../gateway/context/app.ts'
import { ensurePython } from '../env/python.ts'
import { runAny } from '../env/run.ts'
import { listenOn } from '../graphql/double.ts'
import { startGraphWorld, type GraphWorld } from '../graphql/graph.ts'
import { runSchemathesis } from './schemathesis.ts'

/** Kinds enough for each sort of field: namespaced and not, built in and custom. */
const kinds = {
  allow: ['/configmaps', '/nodes', 'apps/deployments', 'iam.kubesphere.io/*'],
  deny: [],
}

describe('strangers to the schema', () => {
  const stack = new AsyncDisposableStack()
  let world: GraphWorld
  let python: string

  before(async () => {
    python = await ensurePython('fuzz')
    world = stack.use(await startGraphWorld())
  })
  after(() => stack.disposeAsync())

  /** The graph of the world under other settings. */
  async function graph(settings: Partial<App['config']['facade']['graphql']>): Promise<string> {
    const { app } = world
    const graphql = { ...app.config.facade.graphql, ...settings }
    const config = { ...app.config, facade: { ...app.config.facade, graphql } }
    return stack.use(await listenOn(stack.use(await createGraphql({ ...app, config })))).url
  }

  it('Schemathesis gets the graph’s own answers to whatever it makes up', async () => {
    const token = await world.login('admin')
    const report = await runSchemathesis({
      python,
      token,
      url: await graph({ kinds }),
      face: 'graph',
      seconds: 20,
      cases: 2,
    })
    assert.equal(report.failures, 0, report.output)
    assert.ok(report.cases > 50, report.output)
    console.log(`${report.cases} cases of ${report.tested} of ${report.fields} fields`)
  })

  it('and the answers of REST to whatever its OpenAPI document allows', async () => {
    const token = await world.login('admin')
    const url = `${world.url}/openapi/v2`
    const report = await runSchemathesis({
      python,
      token,
      url,
      face: 'rest',
      seconds: 15,
      cases: 2,
    })
    assert.equal(report.failures, 0, report.output)
    assert.ok(report.cases > 50, report.output)
    console.log(`${report.cases} cases of ${report.tested} of ${report.fields} routes`)
  })

  it('clairvoyance finds nothing of a schema that is hidden, and what it is told of one that is not', async () => {
    const token = await world.login('admin')
    const folder = await mkdtemp(join(tmpdir(), 'clairvoyance-'))
    stack.defer(() => rm(folder, { recursive: true }))
    // Each is close to a name of the schema; none is one.
    const words = join(folder, 'words')
    await writeFile(words, ['usr', 'userz', 'workspacez', 'clusterz', 'nodez', 'naem'].join('\n'))
    const found = async (introspection: boolean): Promise<string> => {
      const file = join(folder, `${introspection}.json`)
      const url = await graph({ kinds, introspection })
      const args = ['-H', `Authorization: Bearer ${token}`, '-w', words, '-o', file, url]
      await runAny(python, ['-m', 'clairvoyance', ...args])
      return readFile(file, 'utf8').catch(() => '')
    }
    assert.match(await found(true), /"name": ?"users"/)
    assert.doesNotMatch(await found(false), /"name": ?"(?:users|user|workspaces|clusters|node)"/)
  })
})
