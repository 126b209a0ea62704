/** A mutation that takes one input and gives the fields back. */
export const mutation = (field: string, type: string, fields: string): string =>
  `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`

/** A role as the stories read it. */
export interface Role {
  name: string
  templates: string[]
  rules: { verbs: string[]; apiGroups: string[]; resources: string[] }[]
}
