import { answerable, parseChallenges, type Challenge } from './challenge.ts'
import type { AuthEntry, Login } from './docker-config.ts'
import { RegistryError, type Step } from './errors.ts'
import { ask, refused, type Answer, type Outbound } from './http.ts'
import { basicAuthorization, fetchToken } from './token.ts'

export interface SessionOptions {
  /** Host of the registry, with a port where it has one. */
  readonly registry: string
  /** The entry for it: its login, and whether it may be asked without TLS. */
  readonly entry?: Pick<AuthEntry, 'scheme' | 'login'> | undefined
  /** What a token must be good for. */
  readonly scopes: readonly string[]
}

export interface Get {
  readonly step: Step
  /** Below the registry's origin, or a URL there. */
  readonly path: string | URL
  readonly accept: string
  readonly limit: number
}

/** A registry that has been found, with what it wants to see from this caller. */
export interface Session {
  readonly origin: URL
  /** What it asked for at first; undefined where it is open. */
  readonly challenge: Challenge | undefined
  /** The answer, whatever its status. Throws RegistryError where there is none, or a token is refused. */
  get(question: Get): Promise<Answer>
}

/**
 * Finds a registry and logs in as far as it asks for that (OCI distribution specification, "Determining Support").
 * Throws RegistryError, ApiError 400 for a host that may not be asked.
 */
export async function openSession(outbound: Outbound, options: SessionOptions): Promise<Session> {
  const { origin, answer } = await ping(outbound, options)
  const { scopes, entry } = options
  const login = entry?.login
  const challenges = parseChallenges(answer.headers['www-authenticate'])
  const challenge = answer.status === 401 ? answerable(challenges) : undefined
  if (answer.status === 401 && !challenge) {
    const [first] = challenges
    throw new RegistryError('ping', `unrecognized challenge: ${first?.scheme ?? ''}`)
  }
  const authorize = async (of: Challenge | undefined, wanted: readonly string[]) =>
    authorization(outbound, { origin, challenge: of, login, scopes: wanted })
  let authorized = await authorize(challenge, scopes)
  const get = (question: Get): Promise<Answer> => {
    const { path, ...rest } = question
    return ask(outbound, { ...rest, url: new URL(path, origin), authorization: authorized })
  }
  return {
    origin,
    challenge,
    async get(question) {
      const first = await get(question)
      if (first.status !== 401 || first.origin !== origin.origin) return first
      // A token that was good for less than this: the answer says what for. Asked for once, so that nothing loops.
      const again = answerable(parseChallenges(first.headers['www-authenticate']))
      if (again?.scheme !== 'bearer') return first
      const scope = again.parameters['scope']
      authorized = await authorize(again, scope === undefined ? scopes : scope.split(' '))
      return get(question)
    },
  }
}

async function authorization(
  outbound: Outbound,
  of: {
    readonly origin: URL
    readonly challenge: Challenge | undefined
    readonly login: Login | undefined
    readonly scopes: readonly string[]
  },
): Promise<string | undefined> {
  const { origin, challenge, login, scopes } = of
  if (challenge?.scheme === 'basic') return login && basicAuthorization(login)
  if (challenge?.scheme !== 'bearer') return undefined
  return `Bearer ${await fetchToken(outbound, { registry: origin, challenge, login, scopes })}`
}

async function ping(
  outbound: Outbound,
  { registry, entry }: SessionOptions,
): Promise<{ origin: URL; answer: Answer }> {
  const errors: RegistryError[] = []
  for (const scheme of schemes(registry, entry?.scheme ?? '', errors)) {
    const origin = new URL(`${scheme}://${registry}`)
    const url = new URL('/v2/', origin)
    try {
      const question = { step: 'ping' as const, url, accept: '*/*', limit: 64 * 1024 }
      const answer = await ask(outbound, question)
      if (answer.status === 200 || answer.status === 401) return { origin, answer }
      throw refused('ping', url, answer)
    } catch (error) {
      if (!(error instanceof RegistryError) || outbound.signal.aborted) throw error
      errors.push(error)
    }
  }
  const [first, ...others] = errors
  if (!first) throw new RegistryError('ping', 'the registry cannot be asked')
  if (others.length === 0) throw first
  const message = errors.map((error) => error.message).join('; ')
  throw new RegistryError('ping', message, { answered: others.at(-1)?.answered, cause: first })
}

/**
 * https, then http where the entry says so, or says nothing and the host is one of a private network. A certificate that
 * is not trusted is no reason for the latter: what stands between could have brought it.
 */
function* schemes(
  registry: string,
  scheme: AuthEntry['scheme'],
  errors: readonly RegistryError[],
): Iterable<string> {
  yield 'https'
  if (scheme === 'http') yield 'http'
  if (scheme !== '' || !isPrivate(registry)) return
  const [tried] = errors
  if (tried?.answered === undefined && !tried?.message.includes('certificate')) yield 'http'
}

/** RFC 1918, this machine, and names that multicast DNS or RFC 6761 give. */
function isPrivate(registry: string): boolean {
  const host = registry.replace(/:\d+$/, '')
  return (
    /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3})+$/.test(host) ||
    /^127\.0\.0\.1$|^\[::1\]$|(?:^|\.)localhost$|\.local$/.test(host)
  )
}
