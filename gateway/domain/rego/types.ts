/** Where a policy is from and what is asked of it. */
export interface PolicySource {
  /** Rego v0. */
  readonly text: string
  /** A reference such as `data.authz.allow`. */
  readonly query: string
  readonly use: 'access' | 'filter'
  /** Who carries it, for the log. */
  readonly name: string
}

/** One policy text. Nothing that it answered is kept. */
export interface Policy {
  /**
   * For each input, a JSON text, whether the query is exactly `true`. An error, a limit that was reached and a policy
   * that does not compile count as false; nothing is thrown but the reason of `signal`.
   */
  holds(inputs: readonly string[], signal?: AbortSignal): Promise<boolean[]>
}

/** Evaluates Rego with OPA in a thread of its own, which starts with the first question. */
export interface Rego extends AsyncDisposable {
  policy(source: PolicySource): Policy
}

export interface Limits {
  /** Milliseconds for up to `chunk` inputs, and for compiling a policy. */
  readonly evaluateMs: number
  readonly prepareMs: number
  /** Milliseconds that a question waits for its turn. */
  readonly waitMs: number
  /** Inputs that are evaluated in one go. */
  readonly chunk: number
  /** Questions that may wait. */
  readonly waiting: number
  /** Characters of a policy and of one input. */
  readonly text: number
  readonly input: number
  /** Policies kept compiled, and the characters of their texts. */
  readonly prepared: number
  readonly preparedText: number
  /** Milliseconds without service for a policy that broke a limit; doubles with every time in a row. */
  readonly pauseMs: number
  readonly longestPauseMs: number
}
