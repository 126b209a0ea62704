import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, it } from 'node:test'
import { daggers, holes, type Promised } from './holes.ts'

const tests = resolve(import.meta.dirname, '..')
const list = resolve(tests, '../../shared/reference/holes.md')

const edges = resolve(list, '../pipeline.md')

/** What of `promised` is in no test. */
async function unkept(promised: readonly Promised[]): Promise<string[]> {
  const missing: string[] = []
  for (const [file, title] of promised) {
    const text = await readFile(resolve(tests, file), 'utf8').catch(() => '')
    if (!text.includes(title)) missing.push(`"${title}" in ${file}`)
  }
  return missing
}

describe('what must be safe', () => {
  it('has a test for each row and face, or a reason why a face has no such way', async () => {
    const missing: string[] = []
    for (const { row, rest, graph } of holes) {
      if (rest.length === 0) missing.push(`row ${row} by REST`)
      if (graph.length === 0) missing.push(`row ${row} by the graph`)
      const promised = [...rest, ...(typeof graph === 'string' ? [] : graph)]
      for (const one of await unkept(promised)) missing.push(`row ${row}: ${one}`)
    }
    assert.deepEqual(missing, [])
  })

  it('has rows or tests for each sharp edge of security', async () => {
    const rows = new Set(holes.map(({ row }) => row))
    const missing: string[] = []
    for (const { edge, rows: of, tests: promised } of daggers) {
      if (of.length + promised.length === 0) missing.push(`edge ${edge}`)
      for (const row of of) if (!rows.has(row)) missing.push(`edge ${edge}: row ${row}`)
      for (const one of await unkept(promised)) missing.push(`edge ${edge}: ${one}`)
    }
    assert.deepEqual(missing, [])
  })

  it('is every sharp edge that the notes mark', async () => {
    if (!existsSync(edges)) return console.log('the notes are not here')
    const text = await readFile(edges, 'utf8')
    const marked = Array.from(text.matchAll(/^(\d+)\. †/gm), ([, edge]) => Number(edge))
    assert.ok(marked.length > 15)
    assert.deepEqual(
      daggers.map(({ edge }) => edge),
      marked,
    )
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
