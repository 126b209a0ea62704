import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { arch, tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { ensureNpmTools } from '../env/npm-tools.ts'
import { runAny } from '../env/run.ts'
import { readSnapshot } from './snapshots.ts'

const here = join(import.meta.dirname, 'relay')

/** Lists of five kinds, in the roots and in objects: each as a fragment that pages by itself. */
const lists = [
  { name: 'pods', on: 'Query', field: 'pods(first: $first, after: $after, namespace: "deck")' },
  { name: 'users', on: 'Query', field: 'users(first: $first, after: $after)' },
  { name: 'deployments', on: 'Query', field: 'appsDeployments(first: $first, after: $after)' },
  { name: 'projects', on: 'Workspace', field: 'projects(first: $first, after: $after)' },
  { name: 'selected', on: 'AppsDeployment', field: 'selectedPods(first: $first, after: $after)' },
  { name: 'applications', on: 'Query', field: 'applications(first: $first, after: $after)' },
]

const documents = lists.map(({ name, on, field }) => {
  const query = `Lists${name.charAt(0).toUpperCase()}${name.slice(1)}Query`
  return `graphql\`
    fragment Lists_${name} on ${on}
    @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
    @refetchable(queryName: "${query}") {
      ${field} @connection(key: "Lists_${name}_${field.split('(')[0]}") {
        totalCount
        edges { node { id __typename } }
      }
    }\``
})

describe('Relay', () => {
  let tools: string
  let folder: string
  before(async () => {
    tools = await ensureNpmTools(here)
    folder = await mkdtemp(join(tmpdir(), 'relay-'))
    const schema = `${await readSnapshot('core')}\n${await readSnapshot('kinds')}`
    await writeFile(join(folder, 'schema.graphql'), schema)
  })
  after(() => rm(folder, { recursive: true, force: true }))

  it('has no complaint about the schema: graphql-eslint’s rules', async () => {
    const schema = join(folder, 'schema.graphql')
    const { code, output } = await runAny(process.execPath, [join(here, 'lint.mjs'), tools, schema])
    assert.equal(output, '')
    assert.equal(code, 0)
  })

  it('compiles fragments that page through lists of kinds, core types and what objects lead to', async () => {
    await mkdir(join(folder, 'src'))
    await writeFile(join(folder, 'src/Lists.js'), documents.join('\n'))
    const config = join(folder, 'relay.config.json')
    const settings = { src: './src', schema: './schema.graphql', language: 'javascript' }
    await writeFile(config, JSON.stringify(settings))
    const binary = join(tools, `node_modules/relay-compiler/linux-${arch()}/relay`)
    const { code, output } = await runAny(binary, [config], folder)
    assert.equal(code, 0, output)
    const made = await readdir(join(folder, 'src/__generated__'))
    assert.equal(made.filter((file) => file.startsWith('Lists_')).length, lists.length)
  })
})
