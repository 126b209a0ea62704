import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { page, renderCompat } from './compat.ts'

test('docs/compat.md tells the routes and differences as they are', async () => {
  assert.equal(
    await readFile(page, 'utf8'),
    await renderCompat(),
    'stale: run `node test/docs/compat.ts --write`',
  )
})
