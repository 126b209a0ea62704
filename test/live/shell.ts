import assert from 'node:assert/strict'
import type { Direct } from './direct.ts'

export type ExecEvent =
  | { readonly __typename: 'ExecStarted'; readonly session: string }
  | {
      readonly __typename: 'ExecOutput'
      readonly stream: 'STDOUT' | 'STDERR'
      readonly data: string
    }
  | {
      readonly __typename: 'ExecExited'
      readonly code: number | null
      readonly reason: string
      readonly message: string
    }

export type Exited = Extract<ExecEvent, { __typename: 'ExecExited' }>

const PATIENCE_MS = 60_000

export const EXEC = `subscription (
  $target: ExecTarget!, $command: [String!], $shell: String, $tty: Boolean! = true, $rows: Int, $cols: Int
  $encoding: Encoding! = UTF8
) {
  exec(target: $target, command: $command, shell: $shell, tty: $tty, rows: $rows, cols: $cols, encoding: $encoding) {
    __typename
    ... on ExecStarted { session }
    ... on ExecOutput { stream data }
    ... on ExecExited { code reason message }
  }
}`
export const INPUT = `mutation ($session: ID!, $data: String!, $encoding: Encoding! = UTF8, $end: Boolean! = false) {
  execInput(session: $session, data: $data, encoding: $encoding, end: $end) { session accepted }
}`
export const RESIZE = `mutation ($session: ID!, $rows: Int!, $cols: Int!) {
  execResize(session: $session, rows: $rows, cols: $cols) { session }
}`
export const CLOSE = 'mutation ($session: ID!) { execClose(session: $session) { session } }'

/** What a test does with a session of the graph. */
export interface Shell {
  readonly session: string
  /** Everything on either output so far. */
  readonly text: () => string
  /** Reads until the output matches. */
  sees(pattern: RegExp): Promise<RegExpExecArray>
  /** Reads to the end. */
  exited(): Promise<Exited>
  next(): Promise<IteratorResult<{ exec: ExecEvent }, undefined>>
  /** Bytes that were taken. */
  type(data: string, more?: object): Promise<number>
  end(): Promise<unknown>
}

/** A way to the graph: a subscription and mutations of one connection. */
export type Way = Pick<Direct, 'subscribe' | 'run'>

/** Begins a session; rejects with the code of an error. */
export async function openShell(graph: Way, variables: object): Promise<Shell> {
  const events = await graph.subscribe<{ exec: ExecEvent }>(EXEC, variables)
  const first = await events.next()
  const started = first.value?.exec
  assert.ok(started?.__typename === 'ExecStarted', JSON.stringify(first))
  const { session } = started
  let text = ''
  let exited: Exited | undefined
  const read = async (): Promise<boolean> => {
    const late = Promise.withResolvers<never>()
    const timer = setTimeout(
      () => late.reject(new Error(`nothing more after ${JSON.stringify(text.slice(-500))}`)),
      PATIENCE_MS,
    )
    const { value, done } = await Promise.race([events.next(), late.promise])
    clearTimeout(timer)
    if (done) return false
    if (value.exec.__typename === 'ExecOutput') text += value.exec.data
    if (value.exec.__typename === 'ExecExited') exited = value.exec
    return true
  }
  return {
    session,
    text: () => text,
    async sees(pattern) {
      for (;;) {
        const found = pattern.exec(text)
        if (found) return found
        assert.ok(
          (await read()) && !exited,
          `${pattern} was not seen in ${JSON.stringify(text.slice(-500))} ${JSON.stringify(exited)}`,
        )
      }
    },
    async exited() {
      while (await read());
      return exited ?? assert.fail('no ExecExited')
    },
    next: () => events.next(),
    async type(data, more = {}) {
      const { execInput } = await graph.run<{ execInput: { accepted: number } }>(INPUT, {
        session,
        data,
        ...more,
      })
      return execInput.accepted
    },
    end: () => events.return(),
  }
}

export const inPod = (name: string) => ({ target: { pod: { namespace: 'default', name } } })
