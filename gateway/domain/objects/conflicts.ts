import { ApiError } from '../../lib/errors.ts'

/** A field that somebody else owns, out of a refused apply. */
export interface ApplyConflict {
  readonly field: string
  readonly manager: string | undefined
  readonly message: string
}

/** Conflicts of a server-side apply (Kubernetes documentation, "Server-Side Apply"), or undefined for another error. */
export function conflictsOf(error: unknown): ApplyConflict[] | undefined {
  if (!(error instanceof ApiError) || error.code !== 409) return undefined
  const causes = (error.details?.causes ?? []).filter(
    ({ reason }) => reason === 'FieldManagerConflict',
  )
  if (causes.length === 0) return undefined
  return causes.map(({ field = '', message = '' }) => ({
    field,
    message,
    manager: /conflict with "([^"]*)"/.exec(message)?.[1],
  }))
}
