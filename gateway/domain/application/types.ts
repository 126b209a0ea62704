import type { KubeObject } from '../../kube/types.ts'

export interface Contact {
  name?: string
  email?: string
  url?: string
}

/** A kind that an application's chart brings along or manages. */
export interface AppResource {
  Group: string
  Version: string
  Resource: string
  Name: string
  Desc: string
  ParentNode: string
}

export interface Application extends KubeObject {
  spec: {
    appHome?: string
    appType?: string
    icon?: string
    abstraction?: string
    attachments?: string[]
    resources?: AppResource[]
  }
  status: { state?: string; updateTime: string | null }
}

export interface ApplicationVersion extends KubeObject {
  spec: {
    versionName: string
    appHome?: string
    icon?: string
    created?: string | null
    digest?: string
    appType?: string
    maintainer?: Contact[]
    pullUrl?: string
  }
  status: { state?: string; message?: string; userName?: string; updated?: string | null }
}

export interface ApplicationRelease extends KubeObject {
  spec: {
    appID: string
    appVersionID: string
    /** Base64 of YAML. */
    values?: string
    appType?: string
    icon?: string
  }
  status: {
    state: string
    message?: string
    lastUpdate: string | null
    /** Objects of the release as they are now. */
    realTimeResources?: KubeObject[]
  }
}

export interface StoreCategory extends KubeObject {
  spec: { icon?: string }
  status: { total: number }
}

export interface RepoCredential {
  username?: string
  password?: string
  certFile?: string
  keyFile?: string
  caFile?: string
  insecureSkipTLSVerify?: boolean
}

export interface Repo extends KubeObject {
  spec: {
    url: string
    credential: RepoCredential
    description?: string
    /** Seconds between two looks at the index. */
    syncPeriod: number | null
  }
  status: { state?: string; lastUpdateTime: string | null }
}

/** What a caller says about an application or a version that is uploaded. */
export interface AppRequest {
  readonly repoName: string
  readonly appName: string
  readonly originalName: string
  readonly aliasName: string
  readonly versionName: string
  readonly appHome: string
  readonly icon: string
  readonly digest: string
  readonly workspace: string
  readonly description: string
  readonly categoryName: string
  readonly appType: string
  /** A chart archive, or YAML documents. */
  readonly package: Uint8Array
  readonly pullUrl: string
  readonly maintainers: readonly Contact[]
  readonly abstraction: string
  readonly attachments: readonly string[]
  readonly hasCrd: boolean
  readonly resources: readonly AppResource[] | null
}

/** An uploaded application or version in short. */
export interface AppSummary {
  readonly aliasName: string
  readonly appHome: string
  readonly appName: string
  readonly description: string
  readonly icon: string
  readonly resources: readonly AppResource[] | null
  readonly versionName: string
}
