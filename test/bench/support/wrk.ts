import { spawnSync } from 'node:child_process'

/** Requests per second, and the median time of one as wrk prints it. */
export interface Sample {
  rate: number
  p50: string
}

/** One run with 8 connections on one thread; throws when an answer was no success, since a refusal is quick. */
export function wrk(url: string, seconds: number, token?: string): Sample {
  const auth = token ? ['-H', `Authorization: Bearer ${token}`] : []
  const { stdout, stderr } = spawnSync(
    'wrk',
    ['-t1', '-c8', `-d${seconds}s`, '--latency', '-H', 'Accept: application/json', ...auth, url],
    { encoding: 'utf8' },
  )
  if (stdout.includes('Non-2xx')) throw new Error(`not every answer was 200:\n${stdout}`)
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1])
  if (!(rate > 0)) throw new Error(`${url} was not measured:\n${stdout}${stderr}`)
  return { rate, p50: /^\s+50%\s+(\S+)/m.exec(stdout)?.[1] ?? '?' }
}

/** The quickest of some runs. */
export function best(samples: readonly Sample[]): Sample {
  return samples.toSorted((a, b) => b.rate - a.rate)[0] ?? { rate: 0, p50: '?' }
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
