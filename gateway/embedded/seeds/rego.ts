/**
 * Rego overrides of roles: a request is allowed when `data.authz.allow` is true (objects-and-controllers.md §2.2).
 * A policy is kept as its `allow` blocks, so that the policies of several templates can be joined without parsing.
 */
const header = 'package authz\n\ndefault allow = false\n'

/** A module out of `allow` blocks, duplicates dropped. */
export function regoModule(...blocks: readonly (readonly string[])[]): string {
  const unique = [...new Set(blocks.flat())]
  return `${header}${unique.map((block) => `\nallow {\n\t${block.replaceAll('\n', '\n\t')}\n}\n`).join('')}`
}

const readVerbs = 'input.Verb == ["get", "list", "watch"][_]'
const anyScope = 'input.ResourceScope == ["Workspace", "Namespace", "Cluster"][_]'

/** What every account may do: its own user and memberships, the API roots, tenant reads, its own kubectl pod. */
export const ownAffairs: readonly string[] = [
  'input.Resource == "users"\ninput.Name == input.User.Name',
  `input.Resource == ["clustermembers", "workspacemembers", "namespacemembers"][_]\ninput.Name == input.User.Name\n${readVerbs}`,
  'input.Path == ["/api", "/api/v1"][_]\ninput.Verb == "GET"',
  `input.APIGroup == "tenant.kubesphere.io"\ninput.KubernetesRequest == false\n${readVerbs}`,
  [
    'input.Namespace == "kubesphere-system"',
    'input.Resource == "pods"',
    'input.Subresource == "exec"',
    'input.Verb == ["get", "create"][_]',
    'input.Name == concat("", ["ks-managed-kubectl-", input.User.Name])',
  ].join('\n'),
]

/** Reads of everything inside clusters, workspaces and namespaces. */
export const viewScopes: readonly string[] = [`${anyScope}\n${readVerbs}`]

/** Every verb inside clusters, workspaces and namespaces. */
export const manageScopes: readonly string[] = [anyScope]

/**
 * Filter of Extension lists (query `data.filter.match`): `q` looks in display names, `status` and `enabled` in the
 * status; any other field lets everything through.
 */
export const extensionFilter = `package filter

import rego.v1

default match := false

state := object.get(object.get(input.object, "status", {}), "state", "")

enabled := object.get(object.get(input.object, "status", {}), "enabled", false)

value := input.filter.value

match if not input.filter.field in {"q", "status", "enabled"}

match if {
	input.filter.field == "q"
	some name in input.object.spec.displayName
	contains(lower(name), lower(value))
}

match if {
	input.filter.field == "status"
	value == "notInstalled"
	state == ""
}

match if {
	input.filter.field == "status"
	lower(state) == lower(value)
}

match if {
	input.filter.field == "enabled"
	state != ""
	value == sprintf("%v", [enabled])
}
`
