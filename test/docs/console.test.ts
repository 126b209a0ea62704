import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { page, renderConsole } from './console.ts'

test('docs/console.md tells what is walked of the console as it is', async () => {
  assert.equal(
    await readFile(page, 'utf8'),
    await renderConsole(),
    'stale: run `node test/docs/console.ts --write`',
  )
})
