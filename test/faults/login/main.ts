import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { startLoginStage, type Attempt } from './stage.ts'
import { quantile, shuffled, tell } from './rank.ts'

const warmUp = 20
const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`

/**
 * `npm run faults -- login [N]`: tries N times (300) each way in which a login fails, in random order over one connection,
 * and prints how long the answers took, and whether a time tells which way it was.
 */
export async function loginFigures(count: number): Promise<void> {
  await using stage = await startLoginStage()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times = new Map<Attempt, number[]>(stage.attempts.map((attempt) => [attempt, []]))
  for (let round = -warmUp; round < count; round++) {
    for (const attempt of shuffled(stage.attempts, Math.random)) {
      const took = await timeOf(stage.url, attempt, agent)
      if (round >= 0) times.get(attempt)?.push(took)
    }
  }
  agent.destroy()
  console.log(`${count} of each, in random order`)
  console.log('| failed login | answer | median | p95 | against | a time tells (95 %) |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (const [attempt, sample] of times) {
    const { name, status, against } = attempt
    const cells = [name, status, ms(quantile(sample, 0.5)), ms(quantile(sample, 0.95))]
    const other = stage.attempts.find((one) => one.name === against)
    const told = other && tell(sample, times.get(other) ?? [])
    const figure = told
      ? `${told.area.toFixed(3)} (${told.low.toFixed(3)} to ${told.high.toFixed(3)})`
      : '–'
    console.log(`| ${[...cells, against ?? '–', figure].join(' | ')} |`)
  }
}

/** Milliseconds from the last byte of the question to the first of the answer. Throws for another answer. */
async function timeOf(url: string, attempt: Attempt, agent: Agent): Promise<number> {
  const { username, password, provider, status } = attempt
  const body = new URLSearchParams({
    grant_type: 'password',
    client_id: 'kubesphere',
    client_secret: 'kubesphere',
    username,
    password,
    ...(provider ? { provider } : {}),
  }).toString()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': body.length,
  }
  const asked = request(`${url}/oauth/token`, { method: 'POST', headers, agent })
  const started = performance.now()
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const took = performance.now() - started
  const said = await text(answer)
  if (answer.statusCode !== status)
    throw new Error(`${attempt.name}: ${answer.statusCode} ${said} instead of ${status}`)
  return took
}
