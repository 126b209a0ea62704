/** The sums of the Go programs that are built from this tree. */
export const GO_SUMS: readonly string[] = [
  'gateway/embedded/plane/go.sum',
  'gateway/domain/rego/opa/go.sum',
]
