import type { Subgraph } from './compose.ts'

/** What a thread is started with. */
export interface ThreadData {
  readonly platform: string
  readonly extensions: readonly Subgraph[]
}

/** A request to one subgraph, as the plan of an operation has it. */
export interface SubgraphRequest {
  readonly subgraph: string
  readonly query: string
  readonly mutates: boolean
  readonly operationName: string | undefined
  readonly variables: Readonly<Record<string, unknown>>
}

/** What the thread says. Results are JSON. */
export type FromThread =
  | {
      readonly kind: 'composed'
      /** SDL of what extensions add; undefined when none of them fits. */
      readonly additions: string | undefined
      readonly refused: readonly { readonly id: string; readonly message: string }[]
    }
  | {
      readonly kind: 'ask'
      readonly operation: number
      readonly call: number
      readonly request: SubgraphRequest
    }
  | { readonly kind: 'done'; readonly operation: number; readonly result: string }
  /** It was asked whether it is still there. */
  | { readonly kind: 'here' }

/** What the thread is told. */
export type ToThread =
  | {
      readonly kind: 'run'
      readonly operation: number
      readonly query: string
      readonly operationName: string | undefined
      readonly mutates: boolean
      readonly variables: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'answer'; readonly call: number; readonly result: string }
  | { readonly kind: 'abort'; readonly operation: number }
  | { readonly kind: 'there?' }
