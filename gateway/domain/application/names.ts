import { createHash, randomInt } from 'node:crypto'
import type { GVR } from '../../kube/types.ts'
import { attributes, type Attributes } from '../operation.ts'

/** Resources, labels and names of the application store: platform-apis.md §10, objects-and-controllers.md §1.5. */

export const GROUP = 'application.kubesphere.io'
const kind = (resource: string): GVR => ({ group: GROUP, version: 'v2', resource })

export const APPS = kind('applications')
export const VERSIONS = kind('applicationversions')
export { APP_RELEASES as RELEASES } from '../names.ts'
export const STORE_CATEGORIES = kind('categories')
export const REPOS = kind('repos')

export const CONFIG_MAPS: GVR = { group: '', version: 'v1', resource: 'configmaps' }

const label = (name: string): string => `${GROUP}/${name}`

export const REPO_NAME = label('repo-name')
export const APP_ID = label('app-id')
export const APP_VERSION_ID = label('appversion-id')
export const APP_TYPE = label('app-type')
export const APP_CATEGORY = label('app-category-name')
export const RELEASE_NAME = label('app-release-name')
export const APP_STORE = label('app-store')
export const HAS_CRD = label('hascrd')
export const ORIGINAL_NAME = label('app-originalName')
export const MAINTAINERS = label('app-maintainers')
export const LATEST_VERSION = label('latest-app-version')
export const ALIAS = 'kubesphere.io/alias-name'
export const DESCRIPTION = 'kubesphere.io/description'
export const CREATOR = 'kubesphere.io/creator'
export const CLUSTER_LABEL = 'kubesphere.io/cluster'
export const NAMESPACE_LABEL = 'kubesphere.io/namespace'

/** Where packages and attachments are kept. */
export const PACKAGE_NAMESPACE = 'extension-openpitrix'
export const SYSTEM_WORKSPACE = 'system-workspace'
export const UNCATEGORIZED = 'kubesphere-app-uncategorized'
/** Name of the "repository" of what was uploaded. */
export const UPLOAD = 'upload'

/** Where a request asks: everywhere, in a workspace or in a namespace. */
export interface Place {
  readonly workspace?: string | undefined
  readonly namespace?: string | undefined
}

/** What the caller of a store operation must be allowed to do. */
export function storeAttributes(
  verb: string,
  resource: string,
  place: Place = {},
  name = '',
  subresource = '',
): Attributes {
  const { workspace = '', namespace = '' } = place
  const at = { workspace, namespace, name, subresource }
  return attributes({ verb, apiGroup: GROUP, apiVersion: 'v2', resource, ...at })
}

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** RFC 1123 subdomain, as object names need it. */
export function isSubdomain(text: string): boolean {
  return text.length <= 253 && SUBDOMAIN.test(text)
}

/** What stands for a chart in the names of its objects: itself where it is short and can be one, else a digest. */
export function shortName(chart: string): string {
  const lower = chart.toLowerCase()
  if (lower.length <= 14 && isSubdomain(lower)) return lower
  return createHash('md5').update(chart).digest('hex').slice(0, 10)
}

/** The name of an application out of its chart's: `<short>-<5 characters>`. */
export function newAppName(chart: string): string {
  return `${shortName(chart)}-${suffix()}`
}

/** Name of the object of version `version` of `app`. */
export function versionId(app: string, version: string): string {
  const name = isSubdomain(version)
    ? version
    : createHash('sha1').update(version).digest('hex').slice(0, 12)
  return `${app}-${name}`
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Five characters that tell names apart. */
export function suffix(): string {
  return Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
