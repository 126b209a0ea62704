import type { WriteOptions } from '../gateway/kube/api.ts'
import { inputError } from './errors.ts'
import type { FieldValidation, PatchInput, Propagation } from './types.generated.ts'

/** Manager of fields that are written without naming one. */
const ourManager = 'ks-facade'

const validations: Readonly<Record<FieldValidation, 'Ignore' | 'Warn' | 'Strict'>> = {
  IGNORE: 'Ignore',
  WARN: 'Warn',
  STRICT: 'Strict',
}

export const propagations: Readonly<Record<Propagation, 'Foreground' | 'Background' | 'Orphan'>> = {
  FOREGROUND: 'Foreground',
  BACKGROUND: 'Background',
  ORPHAN: 'Orphan',
}

interface Given {
  readonly dryRun?: boolean | null
  readonly fieldManager?: string | null
  readonly fieldValidation?: FieldValidation | null
}

/** The options of a write as the API server takes them. */
export function writeOptions(
  given: Given | null | undefined,
): Pick<WriteOptions, 'dryRun' | 'fieldManager' | 'fieldValidation'> {
  const { dryRun, fieldManager, fieldValidation } = given ?? {}
  return {
    dryRun: dryRun ?? false,
    fieldManager: fieldManager || ourManager,
    ...(fieldValidation ? { fieldValidation: validations[fieldValidation] } : {}),
  }
}

/** The one patch that is given, with its type. Throws BAD_USER_INPUT for none or several. */
export function onePatch(input: PatchInput): {
  type: 'merge' | 'json' | 'strategic'
  patch: unknown
} {
  const given = (['merge', 'json', 'strategic'] as const).filter(
    (type) => input[type] !== undefined && input[type] !== null,
  )
  const [type] = given
  if (!type || given.length > 1) {
    throw inputError('exactly one of "merge", "json" and "strategic" is needed')
  }
  return { type, patch: input[type] }
}
