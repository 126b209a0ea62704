import { resolve } from 'node:path'
import type { TestEvent } from 'node:test/reporters'

/** A line of `tally`: a test of a file that ended, or a suite whose hooks failed. */
export interface Ended {
  /** Absolute path of the file that node's runner started. */
  readonly file: string
  readonly as: 'pass' | 'fail' | 'skipped' | 'suite'
}

/** A reporter for node's test runner: a line of JSON for each end that counts. A file that dies is a test that failed. */
export default async function* tally(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const suite = data.details.type === 'suite'
    if (suite && type === 'test:pass') continue
    const as = suite ? 'suite' : type === 'test:fail' ? 'fail' : data.skip ? 'skipped' : 'pass'
    // Tests that several files share are written elsewhere.
    const { entryFile } = data as { entryFile?: string }
    const file = resolve(entryFile ?? data.file ?? data.name)
    yield `${JSON.stringify({ file, as } satisfies Ended)}\n`
  }
}
