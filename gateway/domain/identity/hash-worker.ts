/**
 * Runs in a worker thread: bcrypt for the threads' owner, one job after the other. The thread stands behind the others of
 * this machine, so that whoever lists something is not kept waiting by those who log in.
 */
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/bcrypt'
import type { HashAnswer, HashJob } from './hash-pool.ts'

/** Niceness: all of an idle core, the least that the kernel gives of a busy one. */
const NICE = 19

// Linux alone takes the number of a thread here; elsewhere it would be the whole process.
if (process.platform === 'linux') setPriority(0, NICE)

function answer(job: HashJob): HashAnswer {
  try {
    return job.kind === 'hash'
      ? { value: hashSync(job.password, job.cost) }
      : { value: verifySync(job.password, job.stored) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (job: HashJob) => parentPort?.postMessage(answer(job), []))
