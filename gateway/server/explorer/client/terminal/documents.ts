export const execDocument = `subscription Exec($target: ExecTarget!, $shell: String, $rows: Int, $cols: Int) {
  event: exec(target: $target, shell: $shell, rows: $rows, cols: $cols, encoding: BASE64) {
    __typename
    ... on ExecStarted {
      session
    }
    ... on ExecOutput {
      data
    }
    ... on ExecExited {
      code
      reason
      message
    }
  }
}`

export const inputDocument = `mutation Input($session: ID!, $data: String!) {
  ack: execInput(session: $session, data: $data, encoding: BASE64) {
    accepted
  }
}`

export const resizeDocument = `mutation Resize($session: ID!, $rows: Int!, $cols: Int!) {
  execResize(session: $session, rows: $rows, cols: $cols) {
    accepted
  }
}`

export type ExecEvent =
  | { readonly __typename: 'ExecStarted'; readonly session: string }
  | { readonly __typename: 'ExecOutput'; readonly data: string }
  | {
      readonly __typename: 'ExecExited'
      readonly code: number | null
      readonly reason: string
      readonly message: string
    }
