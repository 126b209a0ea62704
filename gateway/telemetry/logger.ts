import { pino } from 'pino'
import type { DestinationStream, Logger } from 'pino'
import { currentScope } from './request-scope.ts'

export interface LoggerOptions {
  level?: string
  /** Where lines go; standard output when absent. */
  destination?: DestinationStream
}

const SECRET_KEYS = [
  'password',
  'currentPassword',
  'token',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'clientSecret',
  'jwtSecret',
  'signKeyData',
  'kubeconfig',
  'authorization',
  'cookie',
  'x-kubesphere-authorization',
]

/** Paths that pino blanks: each secret key at the top and one level down. */
const REDACTED = SECRET_KEYS.flatMap((key) =>
  key.includes('-') ? [`["${key}"]`, `*["${key}"]`] : [key, `*.${key}`],
)

/** Names the request that a line is written for, and its trace, unless the line does so itself. */
function requestOf(_line: object, _level: number, logger: Logger): object {
  const scope = currentScope()
  if (!scope || 'requestId' in logger.bindings()) return {}
  return { requestId: scope.id, ...(scope.span && { trace: scope.span.traceId }) }
}

/** JSON lines; those for a request have its id. Keys that carry secrets are blanked wherever they stand in the first two levels. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: REDACTED, censor: '***' },
    mixin: requestOf,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return options.destination ? pino(settings, options.destination) : pino(settings)
}

/** A command's words are here, too: people pass passwords among them. */
const SECRET_PARAMS =
  /([?&](?:access_token|refresh_token|id_token|token|code|password|client_secret|ticket|id_token_hint|command)=)[^&]*/gi

/** A request target fit for a log line: values of parameters that carry secrets are blanked. */
export function loggableUrl(target: string): string {
  return target.replace(SECRET_PARAMS, '$1***')
}
