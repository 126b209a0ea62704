import { stat } from 'node:fs/promises'
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { blockList } from '../lib/block-list.ts'
import { parseGvr } from '../lib/gvr.ts'
import { graphLimitsOf } from './graph-limits.ts'
import { ConfigError, type Config } from './types.ts'

const MODES = new Set(['RBAC', 'AlwaysAllow', 'AlwaysDeny'])
const CACHES = new Set(['InMemoryCache', 'redis'])
const LEVELS = new Set(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])

/** Throws ConfigError with everything that is wrong, in one line; texts of pipeline.md §1.3 where the original has one. */
export async function validate(config: Config): Promise<void> {
  const problems = [...valueProblems(config), ...(await fileProblems(config))]
  if (problems.length > 0) throw new ConfigError(problems.join('; '))
}

function* valueProblems(config: Config): Generator<string> {
  const { authentication, authorization, server, cache } = config
  if (!authentication.issuer.jwtSecret) yield 'JWT secret MUST not be empty'
  if (authentication.authenticateRateLimiterMaxTries > authentication.loginHistoryMaximumEntries) {
    yield 'authenticateRateLimiterMaxTries MUST not be greater than loginHistoryMaximumEntries'
  }
  if (!MODES.has(authorization.mode)) yield `authorization mode ${authorization.mode} not support`
  if (!CACHES.has(cache.type)) yield `cache.type: ${cache.type} is neither InMemoryCache nor redis`
  if (!LEVELS.has(config.log.level)) yield `log.level: ${config.log.level} is no level`
  if (server.insecurePort === 0 && server.securePort === 0) {
    yield 'insecure and secure port can not be disabled at the same time'
  }
  for (const name of ['insecurePort', 'securePort'] as const) {
    const port = server[name]
    if (port < 0 || port > 65_535) yield `server.${name}: ${port} is not a port (0 to 65535)`
  }
  if (server.securePort !== 0) {
    if (!server.tlsCertFile) yield 'tls cert file is empty while secure serving'
    if (!server.tlsPrivateKey) yield 'tls private key file is empty while secure serving'
  }
  for (const cache of config.facade.caches) {
    if (!parseGvr(cache)) yield `facade.caches: ${cache} is not [group/]version/resource`
  }
  for (const [name, limit] of Object.entries(config.facade.limits)) {
    if (limit < 0) yield `facade.limits.${name}: ${limit} is less than 0`
  }
  const { threads } = config.facade
  if (threads < 0 || threads > 64) yield `facade.threads: ${threads} is not a number from 0 to 64`
  const problems: string[] = []
  for (const [key, audiences] of Object.entries(config.facade.graphql.limits)) {
    graphLimitsOf(audiences, (what) => problems.push(`facade.graphql.limits.${key}.${what}`))
  }
  yield* problems
  const { endpoint, sampleRatio, headers } = config.facade.tracing
  if (endpoint && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    yield 'facade.tracing.endpoint: not an address of http or https'
  }
  if (sampleRatio < 0 || sampleRatio > 1) {
    yield `facade.tracing.sampleRatio: ${sampleRatio} is not between 0 and 1`
  }
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') yield `facade.tracing.headers.${name}: not a text`
  }
  yield* headerProblems(config.facade.headers)
  for (const origin of config.facade.cors.allowedOrigins) {
    if (origin !== '*' && URL.parse(origin)?.origin !== origin) {
      yield `facade.cors.allowedOrigins: ${origin} is neither an origin nor *`
    }
  }
  for (const name of ['trustedProxies', 'openHosts'] as const) {
    try {
      blockList(config.facade[name])
    } catch (error) {
      yield `facade.${name}: ${(error as Error).message}`
    }
  }
}

/** Headers that frame or describe one answer cannot be the same for all. */
const OF_ONE_ANSWER =
  /^(?:connection|date|keep-alive|set-cookie|trailer|transfer-encoding|upgrade|vary|access-control-.*|content-(?!security-policy).*)$/

function* headerProblems(headers: Readonly<Record<string, unknown>>): Iterable<string> {
  for (const [name, value] of Object.entries(headers)) {
    const at = `facade.headers.${name}`
    try {
      if (typeof value !== 'string') yield `${at}: not a text`
      else if (OF_ONE_ANSWER.test(name.toLowerCase())) yield `${at}: belongs to each answer alone`
      else {
        validateHeaderName(name)
        validateHeaderValue(name, value)
      }
    } catch {
      yield `${at}: no header of HTTP`
    }
  }
}

async function fileProblems(config: Config): Promise<string[]> {
  const { server, kubernetes, authentication } = config
  const files = [
    ['kubernetes.kubeconfig', kubernetes.kubeconfig],
    ['authentication.issuer.signKey', authentication.issuer.signKey],
    ...(server.securePort === 0
      ? []
      : [
          ['server.tlsCertFile', server.tlsCertFile],
          ['server.tlsPrivateKey', server.tlsPrivateKey],
        ]),
  ]
  const problems = await Promise.all(
    files.map(async ([key, path]) => {
      if (!path) return undefined
      const found = await stat(path).catch((error: NodeJS.ErrnoException) => error)
      if (!(found instanceof Error)) return undefined
      return `${key}: stat ${path}: ${found.code === 'ENOENT' ? 'no such file or directory' : found.message}`
    }),
  )
  return problems.filter((problem) => problem !== undefined)
}
