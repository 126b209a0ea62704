/**
 * `node lint.mjs TOOLS SCHEMA`: prints what graphql-eslint's Relay rules find in a schema, one line each. TOOLS is a
 * folder that holds the packages of package.json beside this file.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const [tools = '', file = ''] = process.argv.slice(2)
const require = createRequire(join(tools, 'package.json'))
const { Linter } = require('eslint')
const imported = require('@graphql-eslint/eslint-plugin')
const plugin = imported.default ?? imported
const schema = readFileSync(file, 'utf8')

const rules = {
  // Lists of events and of what an object owns are read forward alone.
  'relay-arguments': ['error', { includeBoth: false }],
  'relay-connection-types': 'error',
  // Memberships, logins and events of repositories have no identity that `node(id)` could find again.
  'relay-edge-types': ['error', { shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
  'relay-page-info': 'error',
}
const found = new Linter({ configType: 'flat' }).verify(
  schema,
  [
    {
      files: ['**/*.graphql'],
      plugins: { graphql: plugin },
      languageOptions: {
        parser: plugin.parser,
        parserOptions: { graphQLConfig: { schema } },
      },
      rules: Object.fromEntries(
        Object.entries(rules).map(([name, value]) => [`graphql/${name}`, value]),
      ),
    },
  ],
  { filename: 'schema.graphql' },
)
for (const { line, ruleId, message } of found) console.log(`${line} ${ruleId}: ${message}`)
