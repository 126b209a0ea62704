import { mkdtemp, rm } from 'node:fs/promises'
import { renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureDebianPackages } from './packages.ts'
import { run } from './run.ts'

export interface FakeDate extends AsyncDisposable {
  /** A command that runs another one, in its arguments, by this date. */
  readonly within: readonly string[]
  /** Sets the date of what runs there this many milliseconds off, seen at the next look at it. */
  set(offset: number): void
}

/**
 * A date that can be set, for processes alone, by libfaketime: what the C library answers when it is asked for the date is
 * off, in every thread. The clock that is never set (CLOCK_MONOTONIC), by which timers go, stays. Installs Debian's package
 * where it is missing.
 */
export async function fakeDate(): Promise<FakeDate> {
  await ensureDebianPackages(['faketime'])
  const files = (await run('dpkg', ['--listfiles', 'libfaketime'])).split('\n')
  const library = files.find((file) => file.endsWith('/libfaketimeMT.so.1'))
  if (!library) throw new Error('libfaketime is not where its package says')
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-date-'))
  const file = join(folder, 'offset')
  const set = (offset: number): void => {
    const text = `${offset < 0 ? '' : '+'}${offset / 1000}\n`
    // In one step: an empty file would be another date.
    writeFileSync(`${file}.next`, text)
    renameSync(`${file}.next`, file)
  }
  set(0)
  return {
    within: [
      'env',
      `LD_PRELOAD=${library}`,
      `FAKETIME_TIMESTAMP_FILE=${file}`,
      'FAKETIME_NO_CACHE=1',
      'FAKETIME_DONT_FAKE_MONOTONIC=1',
    ],
    set,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
