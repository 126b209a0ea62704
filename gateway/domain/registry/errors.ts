import { ApiError } from '../../lib/errors.ts'

/** What a registry was asked when it failed. */
export type Step = 'ping' | 'token' | 'manifest' | 'blob' | 'tags' | 'search'

/** A registry that could not be asked, or that answered something else than was asked for; 502. */
export class RegistryError extends ApiError {
  readonly step: Step
  /** The HTTP status that it answered; undefined where there was no answer, or a wrong one. */
  readonly answered: number | undefined
  /** Scheme of the authentication that it asked for. */
  readonly challenge: string | undefined

  constructor(
    step: Step,
    message: string,
    {
      answered,
      challenge,
      cause,
    }: { answered?: number | undefined; challenge?: string | undefined; cause?: unknown } = {},
  ) {
    super(502, 'Unknown', message, { cause })
    this.step = step
    this.answered = answered
    this.challenge = challenge
  }
}

/** Reason phrases that clients of the routes look for (RFC 9110 §15). */
const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** Longest error of a registry that is repeated. */
const LONGEST = 256

/**
 * What a registry's refusal says: the codes and messages of the OCI distribution specification ("Error Codes"), else
 * the status alone. Any other text of the host stays here: it might be a page that is none of the caller's business.
 */
export function refusal(status: number, body: Buffer): string {
  const stated = statedErrors(body)
  if (stated.length === 1) return stated[0] ?? ''
  if (stated.length > 1) return `multiple errors returned: ${stated.join('; ')}`
  return `unexpected status code ${status} ${PHRASES[status] ?? ''}`.trimEnd()
}

function statedErrors(body: Buffer): string[] {
  let errors: unknown
  try {
    errors = (JSON.parse(body.toString()) as { errors?: unknown } | null)?.errors
  } catch {
    return []
  }
  if (!Array.isArray(errors)) return []
  return errors.slice(0, 5).flatMap((item: unknown) => {
    const { code, message } = (item ?? {}) as { code?: unknown; message?: unknown }
    if (typeof code !== 'string' || !/^[A-Z][A-Z_]{0,63}$/.test(code)) return []
    const text = typeof message === 'string' ? message : ''
    return [`${code}: ${text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, LONGEST)}`]
  })
}

/** The body of an answer as a JSON object. Throws RegistryError. */
export function jsonObject(step: Step, body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString())
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch (cause) {
    throw new RegistryError(step, 'the registry answered something that is no JSON', { cause })
  }
  throw new RegistryError(step, 'the registry answered something that is no JSON object')
}
