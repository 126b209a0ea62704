import { isConflict } from './errors.ts'

export interface ConflictOptions {
  /** Times in all. */
  readonly attempts?: number
  /** Whether whoever asks said which version is to be changed: then a conflict is theirs. */
  readonly stated?: boolean
}

/**
 * Does `work` with `current`, and again with what `reread` gives where somebody else has written in between: reconcilers
 * write the same objects. Throws what `work` throws, the last conflict too.
 */
export async function despiteConflicts<T, R>(
  current: T,
  work: (current: T) => Promise<R>,
  reread: () => Promise<T>,
  { attempts = 4, stated = false }: ConflictOptions = {},
): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(current)
    } catch (error) {
      if (!isConflict(error) || stated || attempt === attempts) throw error
    }
    current = await reread()
  }
}
