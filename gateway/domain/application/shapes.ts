import type { KubeObject } from '../../kube/types.ts'
import { withoutUser } from '../redact.ts'
import { always, typed, unlessEmpty } from '../resources/index.ts'
import type {
  Application,
  ApplicationRelease,
  ApplicationVersion,
  Repo,
  StoreCategory,
} from './types.ts'

/** Objects of the store as answers show them: members that a type always prints, none that it leaves out when empty. */

const both = [always('spec', {}), always('status', {})]

const app = typed(
  ...both,
  unlessEmpty('spec.appHome', 'spec.appType', 'spec.icon', 'spec.abstraction'),
  unlessEmpty('spec.attachments', 'spec.resources', 'status.state'),
  always('status.updateTime', null),
)
const version = typed(
  ...both,
  always('spec.versionName', ''),
  always('spec.created', null),
  unlessEmpty('spec.appHome', 'spec.icon', 'spec.digest', 'spec.appType', 'spec.maintainer'),
  unlessEmpty('spec.pullUrl', 'status.state', 'status.message', 'status.userName'),
  always('status.updated', null),
)
const release = typed(
  ...both,
  always('spec.appID', ''),
  always('spec.appVersionID', ''),
  unlessEmpty('spec.values', 'spec.appType', 'spec.icon', 'status.message', 'status.specHash'),
  unlessEmpty('status.installJobName', 'status.uninstallJobName', 'status.realTimeResources'),
  always('status.state', ''),
  always('status.lastUpdate', null),
)
const category = typed(...both, unlessEmpty('spec.icon'), always('status.total', 0))
const repo = typed(
  ...both,
  always('spec.url', ''),
  always('spec.credential', {}),
  always('spec.syncPeriod', null),
  unlessEmpty('spec.description', 'status.state'),
  always('status.lastUpdateTime', null),
)

function unmanaged(object: KubeObject): KubeObject {
  const { managedFields: _managed, ...metadata } = object.metadata
  return { ...object, metadata }
}

export const showApp = (object: KubeObject): Application => unmanaged(app(object)) as Application
export const showVersion = (object: KubeObject): ApplicationVersion =>
  unmanaged(version(object)) as ApplicationVersion
export const showRelease = (object: KubeObject): ApplicationRelease =>
  unmanaged(release(object)) as ApplicationRelease
export const showEvent = (object: KubeObject): KubeObject => unmanaged(object)

/** `total` counts the applications that are in the category. */
export function showCategory(object: KubeObject, total: number): StoreCategory {
  const shown = unmanaged(category(object)) as StoreCategory
  return { ...shown, status: { ...shown.status, total } }
}

/** Without password and private key; user information is taken out of the URL. */
export function showRepo(object: KubeObject): Repo {
  const shown = unmanaged(repo(object)) as Repo
  const { password: _password, keyFile: _key, ...credential } = shown.spec.credential
  return { ...shown, spec: { ...shown.spec, url: withoutUser(shown.spec.url), credential } }
}
