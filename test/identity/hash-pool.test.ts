import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { createHashPool } from '../../gateway/domain/identity/hash-pool.ts'

const job = { kind: 'hash', password: 'secret', cost: 6 } as const

/** Niceness of every thread of this process. Source: proc_pid_stat(5), field 19. */
async function niceness(): Promise<number[]> {
  const tasks = await readdir('/proc/self/task')
  const stats = tasks.map((task) => readFile(`/proc/self/task/${task}/stat`, 'utf8'))
  return (await Promise.all(stats)).map((stat) => Number(stat.split(') ')[1]?.split(' ')[16]))
}

describe('threads for passwords', () => {
  test('hash and compare, and say what is wrong with a job', async () => {
    await using pool = createHashPool({ width: 2, depth: 10 })
    const stored = String(await pool.run(job))
    assert.match(stored, /^\$2[aby]\$06\$/)
    const compare = (password: string) => pool.run({ kind: 'verify', password, stored })
    assert.deepEqual(await Promise.all([compare('secret'), compare('Secret')]), [true, false])
    await assert.rejects(pool.run({ ...job, cost: 99 }), /^Error: bcrypt: /)
    assert.match(String(await pool.run(job)), /^\$2/, 'the thread goes on')
  })

  test('stand behind the thread that answers requests', async (t) => {
    if (process.platform !== 'linux') {
      t.diagnostic('threads have no priority of their own here')
      return
    }
    await using pool = createHashPool({ width: 1, depth: 1 })
    const own = Math.min(...(await niceness()))
    await pool.run(job)
    const all = await niceness()
    assert.equal(Math.min(...all), own)
    assert.equal(Math.max(...all), 19)
  })

  test('take no more jobs than may wait', async () => {
    await using pool = createHashPool({ width: 1, depth: 2 })
    const accepted = [pool.run(job), pool.run(job), pool.run(job)]
    await assert.rejects(pool.run(job), { code: 503, message: 'too many logins at once' })
    await Promise.all(accepted)
    await pool.run(job)
  })

  test('do no work for those who have gone', async () => {
    await using pool = createHashPool({ width: 1, depth: 2 })
    const gone = new AbortController()
    const first = pool.run(job)
    const waiting = pool.run(job, gone.signal)
    const behind = pool.run(job)
    gone.abort(new Error('gone'))
    await assert.rejects(waiting, /^Error: gone$/)
    // Its place in the queue is free again.
    await Promise.all([first, behind, pool.run(job)])
    await assert.rejects(pool.run(job, gone.signal), /^Error: gone$/)
  })
})
