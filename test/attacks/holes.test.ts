import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { holes } from './holes.ts'

const tests = resolve(import.meta.dirname, '..')
const list = resolve(tests, '../../shared/reference/holes.md')

describe('what must be safe', () => {
  it('has a test for each row and face, or a reason why a face has no such way', async () => {
    const missing: string[] = []
    for (const { row, rest, graph } of holes) {
      if (rest.length === 0) missing.push(`row ${row} by REST`)
      if (graph.length === 0) missing.push(`row ${row} by the graph`)
      for (const [file, title] of [...rest, ...(typeof graph === 'string' ? [] : graph)]) {
        const text = await readFile(resolve(tests, file), 'utf8').catch(() => '')
        if (!text.includes(title)) missing.push(`row ${row}: "${title}" in ${file}`)
      }
    }
    assert.deepEqual(missing, [])
  })

  it('is the whole list, each row once', async () => {
    if (!existsSync(list)) return console.log('the list of what must be safe is not here')
    const text = await readFile(list, 'utf8')
    const rows = Array.from(text.matchAll(/^\| (\d+) \|/gm), ([, row]) => Number(row))
    assert.ok(rows.length > 40)
    assert.deepEqual(
      holes.map(({ row }) => row),
      rows,
    )
  })
})
