import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

/** Requests per second, and times of one as wrk prints them. */
export interface Sample {
  rate: number
  p50: string
  p99: string
}

/** One run on one thread; throws when an answer was no success, since a refusal is quick. */
export function wrk(url: string, seconds: number, token?: string, connections = 8): Sample {
  const of = wrkArguments(url, seconds, token, connections)
  const { stdout } = spawnSync('wrk', of, { encoding: 'utf8' })
  return sample(url, stdout)
}

/** The same while this process does something else. */
export async function wrkBeside(
  url: string,
  seconds: number,
  token: string,
  connections = 8,
): Promise<Sample> {
  const of = wrkArguments(url, seconds, token, connections)
  const { stdout } = await promisify(execFile)('wrk', of)
  return sample(url, stdout)
}

function wrkArguments(
  url: string,
  seconds: number,
  token: string | undefined,
  connections: number,
): string[] {
  const auth = token ? ['-H', `Authorization: Bearer ${token}`] : []
  const json = ['-H', 'Accept: application/json']
  return ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...json, ...auth, url]
}

function sample(url: string, printed: string): Sample {
  if (printed.includes('Non-2xx')) throw new Error(`not every answer was 200:\n${printed}`)
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(printed)?.[1])
  if (!(rate > 0)) throw new Error(`${url} was not measured:\n${printed}`)
  const part = (percent: number) =>
    new RegExp(`^\\s+${percent}%\\s+(\\S+)`, 'm').exec(printed)?.[1] ?? '?'
  return { rate, p50: part(50), p99: part(99) }
}

/** The quickest of some runs. */
export function best(samples: readonly Sample[]): Sample {
  return samples.toSorted((a, b) => b.rate - a.rate)[0] ?? { rate: 0, p50: '?', p99: '?' }
}

/** Runs both ways in turn, `rounds` times, and prints the best of each and their ratio. */
export function sideBySide(
  what: string,
  rounds: number,
  ways: Record<'direct' | 'through', () => Sample>,
) {
  const direct: Sample[] = []
  const through: Sample[] = []
  for (let round = 0; round < rounds; round++) {
    direct.push(ways.direct())
    through.push(ways.through())
  }
  const [a, b] = [best(direct), best(through)]
  console.log(
    `${what.padEnd(15)} direct ${a.rate.toFixed(0)}/s p50 ${a.p50} | through ${b.rate.toFixed(0)}/s p50 ${b.p50} | ratio ${(b.rate / a.rate).toFixed(2)}`,
  )
}
