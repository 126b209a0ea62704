const GVR_TEXT = /^(?:([a-z0-9.-]+)\/)?([a-z0-9]+)\/([a-z0-9-]+)$/

/** `[group/]version/resource` as in `v1/pods` or `apps/v1/deployments`; undefined for anything else. */
export function parseGvr(
  text: string,
): { group: string; version: string; resource: string } | undefined {
  const [found, group = '', version = '', resource = ''] = GVR_TEXT.exec(text) ?? []
  return found === undefined ? undefined : { group, version, resource }
}
