const chunk = `{
    pod
    container
    event
    message
    droppedBytes
    lines {
      time
      text
      continues
    }
  }`

const variables = `$containers: [String!]
  $follow: Boolean!
  $tailLines: Int
  $previous: Boolean!
  $match: String`

const args = `containers: $containers
    follow: $follow
    tailLines: $tailLines
    previous: $previous
    match: $match`

export const podLogsDocument = `subscription PodLogs(
  $pod: ObjectTarget!
  ${variables}
) {
  chunk: podLogs(
    pod: $pod
    ${args}
  ) ${chunk}
}`

export const workloadLogsDocument = `subscription WorkloadLogs(
  $workload: ObjectRef!
  ${variables}
) {
  chunk: workloadLogs(
    workload: $workload
    ${args}
  ) ${chunk}
}`

export interface Chunk {
  readonly pod: string
  readonly container: string
  readonly event: 'LINES' | 'STARTED' | 'ENDED' | 'FAILED'
  readonly message: string | null
  readonly droppedBytes: string | number
  readonly lines: readonly {
    readonly time: string | null
    readonly text: string
    readonly continues: boolean
  }[]
}
