import { badRequest } from '../../lib/errors.ts'
import type { LogOptions } from './types.ts'

const LONGEST_MATCH = 1024

/** Throws ApiError 400 for options that cannot be meant. */
export function demandOptions(options: LogOptions): void {
  const { tailLines, sinceSeconds, sinceTime, limitBytes, match } = options
  if (tailLines !== undefined && tailLines < 0) throw badRequest('tailLines is less than 0')
  if (sinceSeconds !== undefined && sinceSeconds < 1)
    throw badRequest('sinceSeconds is less than 1')
  if (limitBytes !== undefined && limitBytes < 1) throw badRequest('limitBytes is less than 1')
  if (sinceSeconds !== undefined && sinceTime !== undefined) {
    throw badRequest('sinceSeconds and sinceTime exclude each other')
  }
  if (match === undefined) return
  if (match === '' || match.length > LONGEST_MATCH || match.includes('\n')) {
    throw badRequest(`match is one to ${LONGEST_MATCH} characters of one line`)
  }
}
