import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ensureNpmTools } from '../env/npm-tools.ts'
import { onFreePort } from '../env/ports.ts'
import { runAny } from '../env/run.ts'
import { appDouble, serveGraphql } from './double.ts'
import { productsSubgraph } from './products-subgraph.ts'
import { startExample, startProgram } from './supergraph.ts'

const tools = join(import.meta.dirname, 'subgraph-compatibility')

interface Report {
  readonly numTotalTests: number
  readonly numPassedTests: number
  readonly testResults: {
    readonly assertionResults: { readonly fullName: string; readonly status: string }[]
    readonly message: string
  }[]
}

describe('Apollo’s subgraph compatibility tests', () => {
  const stack = new AsyncDisposableStack()
  let home: string
  const urls = { products: '', router: '' }

  before(async () => {
    home = await ensureNpmTools(tools)
    const suite = join(home, 'node_modules/@apollo/federation-subgraph-compatibility-tests')
    const sdl = await readFile(join(suite, 'products.graphql'), 'utf8')
    const products = stack.use(
      await serveGraphql(appDouble(), {
        core: productsSubgraph(sdl),
        introspection: 'everyone',
      }),
    )
    urls.products = products.url
    const others: string[] = []
    for (const name of ['users', 'inventory']) {
      const file = join(suite, 'dist/subgraphs', name, 'index.js')
      // These programs take no 0 for an answer.
      await onFreePort(async (port) => {
        stack.use(await startProgram(file, [], { [`${name.toUpperCase()}_PORT`]: String(port) }))
        others.push(`${name}=http://127.0.0.1:${port}/`)
      })
    }
    urls.router = stack.use(
      await startExample('apollo', [`products=${products.url}`, ...others]),
    ).url
  })
  after(() => stack.disposeAsync())

  it('pass, all 23, through the server that serves the platform', async () => {
    const suite = join(home, 'node_modules/@apollo/federation-subgraph-compatibility-tests')
    // Their router has one fixed port; ours has any.
    const setup = join(home, 'router-url.cjs')
    const client = JSON.stringify(join(suite, 'dist/utils/client.js'))
    await writeFile(setup, `require(${client}).ROUTER_URL = ${JSON.stringify(urls.router)}\n`)
    const config = JSON.stringify({
      rootDir: join(suite, 'dist/tests'),
      testEnvironment: 'node',
      testPathIgnorePatterns: [],
      haste: { retainAllFiles: true },
      transform: {},
      setupFilesAfterEnv: [setup],
    })
    const report = join(home, 'report.json')
    const jest = join(home, 'node_modules/jest/bin/jest.js')
    const args = [jest, '--ci', '--json', `--outputFile=${report}`, '--config', config]
    const { output } = await runAny('env', [
      `PRODUCTS_URL=${urls.products}`,
      process.execPath,
      ...args,
    ])
    const result = JSON.parse(await readFile(report, 'utf8')) as Report
    const failed = result.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName),
    )
    assert.deepEqual(failed, [], output)
    assert.equal(result.numPassedTests, 23)
    assert.equal(result.numTotalTests, 23)
  })
})
