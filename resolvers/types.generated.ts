import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql'
import type {
  User as UserModel,
  Workspace as WorkspaceModel,
  Project as ProjectModel,
  Cluster as ClusterModel,
  ClusterLabel as ClusterLabelModel,
  Application as ApplicationModel,
  ApplicationVersion as ApplicationVersionModel,
  ApplicationRelease as ApplicationReleaseModel,
  ApplicationCategory as ApplicationCategoryModel,
  ChartRepository as ChartRepositoryModel,
  ChartRepositoryEvent as ChartRepositoryEventModel,
  PlatformConfig as PlatformConfigModel,
  IngressClassScope as IngressClassScopeModel,
  PlatformRole as PlatformRoleModel,
  RoleTemplate as RoleTemplateModel,
  RoleSubject as RoleSubjectModel,
  Membership as MembershipModel,
  LoginRecord as LoginRecordModel,
  PolicyRule as PolicyRuleModel,
  ResourceKind as ResourceKindModel,
  Scale as ScaleModel,
  ScalePayload as ScalePayloadModel,
  ResourceObject as ResourceObjectModel,
  ObjectChange as ObjectChangeModel,
  ObjectMeta as ObjectMetaModel,
} from './models.ts'
import type { ResourceTable as ResourceTableModel, TableRow as TableRowModel } from './tables.ts'
import type { GraphqlContext } from './context.ts'
export type Maybe<T> = T | null
export type InputMaybe<T> = Maybe<T>
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> }
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string }
  String: { input: string; output: string }
  Boolean: { input: boolean; output: boolean }
  Int: { input: number; output: number }
  Float: { input: number; output: number }
  /** Bytes in the standard base64 alphabet with padding. */
  Base64: { input: string; output: string }
  /** A moment in RFC 3339 form. Text of the server is passed on as it is, microseconds included. */
  DateTime: { input: string; output: string }
  /** A span of time in Go's form, such as `1h30m` or `250ms`. */
  Duration: { input: string; output: string }
  /** A 64-bit integer. Written as a JSON number up to 2^53-1 and as decimal text beyond; both are read. */
  Int64: { input: number | string; output: number | string }
  /** A number or a text, as in a Service's `targetPort`. */
  IntOrString: { input: number | string; output: number | string }
  /** Any JSON value, unchanged in both directions. */
  JSON: { input: unknown; output: unknown }
  /** A Kubernetes resource quantity such as `500m` or `2Gi`; checked on the way in, text kept. */
  Quantity: { input: string; output: string }
  /** A label selector in Kubernetes' text form, such as `app=web,tier in (a,b),!canary`. */
  Selector: { input: string; output: string }
  /** An object whose values are all text: labels, annotations, selectors. */
  StringMap: { input: Readonly<Record<string, string>>; output: Readonly<Record<string, string>> }
  _FieldSet: { input: string; output: string }
}

/** An action that access is asked for. */
export type AccessAttributes = {
  /** API group; empty text is the core group. */
  readonly group?: Scalars['String']['input']
  /** Where the action happens, when neither workspace nor namespace says so. At level GLOBAL roles of the cluster do not count. */
  readonly level?: RoleLevel
  /** Object name; any when empty. */
  readonly name?: Scalars['String']['input']
  /** Namespace the action happens in. */
  readonly namespace?: Scalars['String']['input']
  /** Path outside the resource API, instead of a resource. */
  readonly path?: Scalars['String']['input']
  /** Lower-case plural; empty when a path is asked for. */
  readonly resource?: Scalars['String']['input']
  /** Sub-resource, such as `status`. */
  readonly subresource?: Scalars['String']['input']
  /** Verb, such as `get` or `delete`; of a path the HTTP method, such as `GET`. */
  readonly verb: Scalars['String']['input']
  /** API version; any when empty. */
  readonly version?: Scalars['String']['input']
  /** Workspace the action happens in. */
  readonly workspace?: Scalars['String']['input']
}

/** The authorizer's answer to one question. */
export type AccessVerdict = {
  /** Whether the action is allowed. */
  readonly allowed: Scalars['Boolean']['output']
  /** Why, as far as the authorizer says. */
  readonly reason?: Maybe<Scalars['String']['output']>
}

/** Members to add. */
export type AddMembersInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster of a cluster or namespace role; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Level of the roles. */
  readonly level: MemberLevel
  /** At most 100 accounts with their roles. */
  readonly members: ReadonlyArray<MemberInput>
  /** Namespace, at level NAMESPACE. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Workspace, at level WORKSPACE. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** An application that can be installed. */
export type Application = Node & {
  /** A shorter text about it. */
  readonly abstraction?: Maybe<Scalars['String']['output']>
  /** Ids of pictures and other files that belong to it. */
  readonly attachments: ReadonlyArray<Scalars['String']['output']>
  /** Its category. */
  readonly category?: Maybe<ApplicationCategory>
  /** Name of its category. */
  readonly categoryName?: Maybe<Scalars['String']['output']>
  /** When it was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Text about the application. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Where more about it can be read. */
  readonly home?: Maybe<Scalars['String']['output']>
  /** Address or data of its picture. */
  readonly icon?: Maybe<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Whether it is on the shelf for everybody. */
  readonly inStore: Scalars['Boolean']['output']
  /** Name of its newest version. */
  readonly latestVersion?: Maybe<Scalars['String']['output']>
  /** Name, unique on the platform. */
  readonly name: Scalars['String']['output']
  /** The Kubernetes object behind it. */
  readonly object?: Maybe<KubernetesObject>
  /** What of it is installed, seen from where the application was asked for. */
  readonly releases: ApplicationReleaseConnection
  /** Repository that it comes from; `upload` when somebody sent it. */
  readonly repositoryName: Scalars['String']['output']
  /** Kinds that it brings along or manages. */
  readonly resources: ReadonlyArray<ApplicationResource>
  /** `draft`, `active` or `suspended`. */
  readonly state: Scalars['String']['output']
  /** `helm` for charts; `yaml` or `edge` for plain objects. */
  readonly type: Scalars['String']['output']
  /** When its state last changed. */
  readonly updatedAt?: Maybe<Scalars['DateTime']['output']>
  /** Its versions. */
  readonly versions: ApplicationVersionConnection
  /** Workspace that it belongs to. */
  readonly workspaceName?: Maybe<Scalars['String']['output']>
}

/** An application that can be installed. */
export type ApplicationReleasesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** An application that can be installed. */
export type ApplicationVersionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
  states?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
}

/** A heading that applications of the store are found under. */
export type ApplicationCategory = Node & {
  /** When it was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Text about it. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Name or data of its picture. */
  readonly icon?: Maybe<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Name, unique on the platform. */
  readonly name: Scalars['String']['output']
  /** The Kubernetes object behind it. */
  readonly object?: Maybe<KubernetesObject>
  /** Uploaded applications under it. */
  readonly total: Scalars['Int']['output']
}

/** A page of categories. */
export type ApplicationCategoryConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ApplicationCategoryEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<ApplicationCategory>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A category in a list. */
export type ApplicationCategoryEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The item. */
  readonly node: ApplicationCategory
}

/** What a mutation of a category gives back. */
export type ApplicationCategoryPayload = {
  /** The category as it is now. */
  readonly category?: Maybe<ApplicationCategory>
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
}

/** A page of applications. */
export type ApplicationConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ApplicationEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<Application>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** An application in a list. */
export type ApplicationEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The item. */
  readonly node: Application
}

/** Which application. */
export type ApplicationInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Application name. */
  readonly name: Scalars['String']['input']
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** Someone who looks after an application. */
export type ApplicationMaintainer = {
  /** Mail address. */
  readonly email?: Maybe<Scalars['String']['output']>
  /** Name. */
  readonly name?: Maybe<Scalars['String']['output']>
  /** Page. */
  readonly url?: Maybe<Scalars['String']['output']>
}

/** What a mutation of an application gives back. */
export type ApplicationPayload = {
  /** The application as it is now. */
  readonly application?: Maybe<Application>
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
}

/** What a package says about itself. */
export type ApplicationPreview = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** Text about it. */
  readonly description: Scalars['String']['output']
  /** Name for people. */
  readonly displayName: Scalars['String']['output']
  /** Where more about it can be read. */
  readonly home: Scalars['String']['output']
  /** Address or data of its picture. */
  readonly icon: Scalars['String']['output']
  /** Application name that it would get. */
  readonly name: Scalars['String']['output']
  /** Kinds that it brings along. */
  readonly resources: ReadonlyArray<ApplicationResource>
  /** Version. */
  readonly version: Scalars['String']['output']
}

/** An application as it is installed in a namespace. */
export type ApplicationRelease = Node & {
  /** Its application. */
  readonly application?: Maybe<Application>
  /** Name of its application. */
  readonly applicationName: Scalars['String']['output']
  /** Cluster that it is installed in. */
  readonly clusterName: Scalars['String']['output']
  /** When it was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Who wrote it last. */
  readonly creator?: Maybe<Scalars['String']['output']>
  /** Text about it. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Its objects as they are now, read with the rights of the caller. Read only when selected. */
  readonly liveObjects?: Maybe<ReadonlyArray<Scalars['JSON']['output']>>
  /** Why, as far as the controller says. */
  readonly message?: Maybe<Scalars['String']['output']>
  /** Name, unique on the platform. */
  readonly name: Scalars['String']['output']
  /** Namespace that it is installed in. */
  readonly namespace: Scalars['String']['output']
  /** The Kubernetes object behind it. */
  readonly object?: Maybe<KubernetesObject>
  /** Where it stands: `creating`, `created`, `active`, `upgrading`, `failed`, `deleting` and others, as the controller says. */
  readonly state: Scalars['String']['output']
  /** `helm` for charts; `yaml` or `edge` for plain objects. */
  readonly type: Scalars['String']['output']
  /** When the state last changed. */
  readonly updatedAt?: Maybe<Scalars['DateTime']['output']>
  /** Values in YAML, or for plain objects the objects themselves. */
  readonly values: Scalars['String']['output']
  /** Its version. */
  readonly version?: Maybe<ApplicationVersion>
  /** Object name of its version. */
  readonly versionName: Scalars['String']['output']
  /** Workspace that it belongs to. */
  readonly workspaceName: Scalars['String']['output']
}

/** A page of releases. */
export type ApplicationReleaseConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ApplicationReleaseEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<ApplicationRelease>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A release in a list. */
export type ApplicationReleaseEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The item. */
  readonly node: ApplicationRelease
}

/** Which release. */
export type ApplicationReleaseInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Release name. */
  readonly name: Scalars['String']['input']
  /** Namespace that it happens in, instead of a workspace. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** What a mutation of a release gives back. */
export type ApplicationReleasePayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The release as it is now. */
  readonly release?: Maybe<ApplicationRelease>
}

/** A kind that an application brings along or manages. */
export type ApplicationResource = {
  /** Text about it. */
  readonly description: Scalars['String']['output']
  /** API group. */
  readonly group: Scalars['String']['output']
  /** Name for people. */
  readonly name: Scalars['String']['output']
  /** What it is shown below. */
  readonly parent: Scalars['String']['output']
  /** Lower-case plural. */
  readonly resource: Scalars['String']['output']
  /** API version. */
  readonly version: Scalars['String']['output']
}

/** One version of an application. */
export type ApplicationVersion = Node & {
  /** Its application. */
  readonly application?: Maybe<Application>
  /** Name of its application. */
  readonly applicationName: Scalars['String']['output']
  /** When the state last changed. */
  readonly changedAt?: Maybe<Scalars['DateTime']['output']>
  /** Who last changed the state. */
  readonly changedBy?: Maybe<Scalars['String']['output']>
  /** When it was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Text about the version. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Digest of the package, as the repository or the uploader says it. */
  readonly digest?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Files of the package by path. Read only when selected. */
  readonly files?: Maybe<ReadonlyArray<PackageFile>>
  /** Where more about it can be read. */
  readonly home?: Maybe<Scalars['String']['output']>
  /** Address or data of its picture. */
  readonly icon?: Maybe<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Who looks after it. */
  readonly maintainers: ReadonlyArray<ApplicationMaintainer>
  /** What the last reviewer wrote. */
  readonly message?: Maybe<Scalars['String']['output']>
  /** Object name: application and version. */
  readonly name: Scalars['String']['output']
  /** The Kubernetes object behind it. */
  readonly object?: Maybe<KubernetesObject>
  /** The package itself: a chart archive, or YAML documents. Read only when selected. */
  readonly package?: Maybe<Scalars['Base64']['output']>
  /** Repository that it comes from; `upload` when somebody sent it. */
  readonly repositoryName: Scalars['String']['output']
  /** `draft`, `submitted`, `passed`, `rejected`, `active` or `suspended`. */
  readonly state: Scalars['String']['output']
  /** `helm` for charts; `yaml` or `edge` for plain objects. */
  readonly type: Scalars['String']['output']
  /** Version, as its chart says it. */
  readonly version: Scalars['String']['output']
  /** Workspace that it belongs to. */
  readonly workspaceName?: Maybe<Scalars['String']['output']>
}

/** A page of versions. */
export type ApplicationVersionConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ApplicationVersionEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<ApplicationVersion>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A version in a list. */
export type ApplicationVersionEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The item. */
  readonly node: ApplicationVersion
}

/** Which version. */
export type ApplicationVersionInput = {
  /** Application name. */
  readonly application: Scalars['String']['input']
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Object name of the version. */
  readonly name: Scalars['String']['input']
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** What a mutation of a version gives back. */
export type ApplicationVersionPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The version as it is now. */
  readonly version?: Maybe<ApplicationVersion>
}

/** A field that another manager owns. */
export type ApplyConflict = {
  /** Path of the field. */
  readonly field: Scalars['String']['output']
  /** Who owns it, as far as the API server says. */
  readonly manager?: Maybe<Scalars['String']['output']>
  /** The API server's sentence. */
  readonly message: Scalars['String']['output']
}

/** How to apply. */
export type ApplyOptionsInput = {
  /** Cluster; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Goes through permission, defaults and admission without storing anything. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>
  /** Who the applied fields belong to. */
  readonly fieldManager: Scalars['String']['input']
  /** How strictly unknown fields are looked at. */
  readonly fieldValidation?: InputMaybe<FieldValidation>
  /** Takes fields away from other managers instead of reporting conflicts. */
  readonly force?: InputMaybe<Scalars['Boolean']['input']>
}

/** A role for an account. */
export type AssignRoleInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster of a cluster or namespace role; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Level of the role. */
  readonly level: RoleLevel
  /** Namespace, at level NAMESPACE. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Object name of the role. */
  readonly role: Scalars['String']['input']
  /** Account name. */
  readonly username: Scalars['String']['input']
  /** Workspace, at level WORKSPACE. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** A category to create or replace. */
export type CategoryInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Text about it. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Name or data of its picture. */
  readonly icon?: InputMaybe<Scalars['String']['input']>
  /** Category name. */
  readonly name: Scalars['String']['input']
}

/** Which category. */
export type CategoryNameInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Category name. */
  readonly name: Scalars['String']['input']
}

/** What happened. */
export type ChangeType =
  /** The object is there, or begins to match. */
  | 'ADDED'
  /** Nothing; `resume` is newer. */
  | 'BOOKMARK'
  /** Something changed. In mode NOTIFY only. */
  | 'CHANGED'
  /** The object is gone, or does not match or may not be seen any more. */
  | 'DELETED'
  /** The object changed. */
  | 'MODIFIED'
  /** What was told of this cluster is void: everything comes anew. */
  | 'RESYNC'
  /** A page of the list. In mode ROWS only. */
  | 'ROWS'
  /** Everything that was there has been told. */
  | 'SYNCED'

/** A repository of charts, over HTTP or OCI. Passwords and keys are never shown. */
export type ChartRepository = Node & {
  /** When it was added. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Text about it. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** What happened to it, newest first. */
  readonly events: ChartRepositoryEventConnection
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Whether its certificate is not looked at. */
  readonly insecureSkipTLSVerify: Scalars['Boolean']['output']
  /** Name, unique on the platform. */
  readonly name: Scalars['String']['output']
  /** The Kubernetes object behind it. */
  readonly object?: Maybe<KubernetesObject>
  /** `successful`, `failed`, `syncing` and others, as the controller says. */
  readonly state: Scalars['String']['output']
  /** Seconds between two looks at it; 0 = only when asked to. */
  readonly syncPeriod: Scalars['Int']['output']
  /** When it was last looked at. */
  readonly syncedAt?: Maybe<Scalars['DateTime']['output']>
  /** Address, without user name and password. */
  readonly url: Scalars['String']['output']
  /** User that it is asked as. */
  readonly username?: Maybe<Scalars['String']['output']>
  /** Workspace that it belongs to. */
  readonly workspaceName?: Maybe<Scalars['String']['output']>
}

/** A repository of charts, over HTTP or OCI. Passwords and keys are never shown. */
export type ChartRepositoryEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** A page of repositories. */
export type ChartRepositoryConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ChartRepositoryEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<ChartRepository>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A repository in a list. */
export type ChartRepositoryEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The item. */
  readonly node: ChartRepository
}

/** Something that happened to a repository. */
export type ChartRepositoryEvent = {
  /** How often. */
  readonly count: Scalars['Int']['output']
  /** A sentence. */
  readonly message: Scalars['String']['output']
  /** One word. */
  readonly reason: Scalars['String']['output']
  /** When it last happened. */
  readonly time: Scalars['DateTime']['output']
  /** `Normal` or `Warning`. */
  readonly type: Scalars['String']['output']
}

/** A page of events. */
export type ChartRepositoryEventConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ChartRepositoryEventEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<ChartRepositoryEvent>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** An event in a list. */
export type ChartRepositoryEventEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The item. */
  readonly node: ChartRepositoryEvent
}

/** A chart repository to add, try or replace. */
export type ChartRepositoryInput = {
  /** Certificates in PEM that its own is judged by. */
  readonly ca?: InputMaybe<Scalars['String']['input']>
  /** Client certificate in PEM. */
  readonly certificate?: InputMaybe<Scalars['String']['input']>
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Text about it, at most 512 bytes. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Whether its certificate is not looked at. */
  readonly insecureSkipTLSVerify?: InputMaybe<Scalars['Boolean']['input']>
  /** Key of the client certificate in PEM; stored, never shown. */
  readonly key?: InputMaybe<Scalars['String']['input']>
  /** Repository name. */
  readonly name: Scalars['String']['input']
  /** Password of the user; stored, never shown. */
  readonly password?: InputMaybe<Scalars['String']['input']>
  /** Seconds between two looks at it; only when asked to without. */
  readonly syncPeriod?: InputMaybe<Scalars['Int']['input']>
  /** Address: http, https or oci. */
  readonly url: Scalars['String']['input']
  /** User that it is asked as. */
  readonly username?: InputMaybe<Scalars['String']['input']>
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** Which repository. */
export type ChartRepositoryNameInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Repository name. */
  readonly name: Scalars['String']['input']
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** What a mutation of a repository gives back. */
export type ChartRepositoryPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The repository as it is now. */
  readonly repository?: Maybe<ChartRepository>
}

/** A Kubernetes cluster that the platform manages. */
export type Cluster = Node & {
  /** What the platform found out about the cluster. */
  readonly conditions: ReadonlyArray<Condition>
  /** When the cluster was joined. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Text about the cluster. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Whether this is the host cluster, where the platform's own objects live. */
  readonly host: Scalars['Boolean']['output']
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Kinds that the cluster serves. */
  readonly kinds: ReadonlyArray<ResourceKind>
  /** Version of KubeSphere. */
  readonly kubeSphereVersion?: Maybe<Scalars['String']['output']>
  /** Version of Kubernetes. */
  readonly kubernetesVersion?: Maybe<Scalars['String']['output']>
  /** Labels that the platform's administrators attached. */
  readonly labels: ReadonlyArray<ClusterLabel>
  /** Accounts with a role in the cluster. */
  readonly members: MembershipConnection
  /** Name, unique on the platform. */
  readonly name: Scalars['String']['output']
  /** Number of nodes. */
  readonly nodeCount?: Maybe<Scalars['Int']['output']>
  /** The Kubernetes object behind the cluster. */
  readonly object?: Maybe<KubernetesObject>
  /** Who runs the machines, as the administrator wrote it. */
  readonly provider?: Maybe<Scalars['String']['output']>
  /** Whether the cluster can be used. */
  readonly ready: Scalars['Boolean']['output']
  /** Region of the nodes. */
  readonly region?: Maybe<Scalars['String']['output']>
  /** Workspaces that may use the cluster, as far as the caller may see them. */
  readonly workspaces: WorkspaceConnection
}

/** A Kubernetes cluster that the platform manages. */
export type ClusterKindsArgs = {
  filter?: InputMaybe<KindFilter>
}

/** A Kubernetes cluster that the platform manages. */
export type ClusterMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  page?: InputMaybe<Scalars['Int']['input']>
  role?: InputMaybe<Scalars['String']['input']>
}

/** A Kubernetes cluster that the platform manages. */
export type ClusterWorkspacesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** A cluster that came, changed or went. */
export type ClusterChange = {
  /** The cluster as it is now, or as it was when it went. Null where no single cluster is meant. */
  readonly object?: Maybe<Cluster>
  /** The cluster as it was told before. Of MODIFIED only. */
  readonly previous?: Maybe<Cluster>
  /** Opaque place in the history: give it as `resume` to go on behind this event. */
  readonly resume: Scalars['String']['output']
  /** What happened. */
  readonly type: ChangeType
}

/** A page of clusters. */
export type ClusterConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ClusterEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<Cluster>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A cluster in a list. */
export type ClusterEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The cluster. */
  readonly node: Cluster
}

/** Which cluster. */
export type ClusterInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster name. */
  readonly name: Scalars['String']['input']
}

/** A label that clusters are grouped by. */
export type ClusterLabel = {
  /** Colour that a console paints it in. */
  readonly backgroundColor?: Maybe<Scalars['String']['output']>
  /** Names of the clusters that have it. */
  readonly clusterNames: ReadonlyArray<Scalars['String']['output']>
  /** Key. */
  readonly key: Scalars['String']['output']
  /** Object name of the label. */
  readonly name: Scalars['String']['output']
  /** Value. */
  readonly value: Scalars['String']['output']
}

/** A label to create. */
export type ClusterLabelInput = {
  /** Colour that a console paints it in. */
  readonly backgroundColor?: InputMaybe<Scalars['String']['input']>
  /** Key. */
  readonly key: Scalars['String']['input']
  /** Value. */
  readonly value: Scalars['String']['input']
}

/** What a mutation of labels gives back. */
export type ClusterLabelsPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The labels as they are now, in the order of the call. */
  readonly labels: ReadonlyArray<ClusterLabel>
}

/** What a mutation of a cluster gives back. */
export type ClusterPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The cluster as it is now. */
  readonly cluster?: Maybe<Cluster>
}

/** What one cluster answered to a list. */
export type ClusterResult = {
  /** Cluster. */
  readonly cluster: Scalars['String']['output']
  /** Why not: one of the codes that errors have, or SCHEMA_DIFFERS where the cluster does not serve the kind in this version. */
  readonly code?: Maybe<Scalars['String']['output']>
  /** Items of the whole list that are in this cluster; null where it is not known. */
  readonly count?: Maybe<Scalars['Int']['output']>
  /** Milliseconds until it had answered. */
  readonly durationMs: Scalars['Float']['output']
  /** Where its part was read; null where it was not. */
  readonly freshness?: Maybe<Freshness>
  /** Why not, in a sentence for people. */
  readonly message?: Maybe<Scalars['String']['output']>
  /** Namespaces that were read, where they are no more than those that the caller may list; null for all that were asked for. */
  readonly namespaces?: Maybe<ReadonlyArray<Scalars['String']['output']>>
  /** Whether its objects are in the list. */
  readonly ok: Scalars['Boolean']['output']
}

/** A condition as Kubernetes objects report it. */
export type Condition = {
  /** When the status last changed. */
  readonly lastTransitionTime?: Maybe<Scalars['DateTime']['output']>
  /** A sentence for people. */
  readonly message?: Maybe<Scalars['String']['output']>
  /** Generation of the object that was judged. */
  readonly observedGeneration?: Maybe<Scalars['Int64']['output']>
  /** One word that says why. */
  readonly reason?: Maybe<Scalars['String']['output']>
  /** `True`, `False` or `Unknown`. */
  readonly status: Scalars['String']['output']
  /** What is judged, such as `Ready`. */
  readonly type: Scalars['String']['output']
}

/** How new an answer must be. */
export type Consistency =
  /** As new as the watch cache, where there is one; filters, order and totals hold for the whole list. */
  | 'CACHED'
  /** As the API server itself says. It pages in its own order and filters by selectors; anything else works for lists of up to 500 objects. */
  | 'STRONG'

/** Labels to create. */
export type CreateClusterLabelsInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** The labels. */
  readonly labels: ReadonlyArray<ClusterLabelInput>
}

/** A new project. */
export type CreateProjectInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Text about the project. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Name of the namespace: lower-case letters, digits and dashes. */
  readonly name: Scalars['String']['input']
  /** Workspace that the project belongs to. */
  readonly workspace: Scalars['String']['input']
}

/** A release to install. */
export type CreateReleaseInput = {
  /** Application name. */
  readonly application: Scalars['String']['input']
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster that it is installed in. */
  readonly cluster?: Scalars['String']['input']
  /** Text about it. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Release name. */
  readonly name: Scalars['String']['input']
  /** Namespace that it is installed in. */
  readonly namespace: Scalars['String']['input']
  /** Values in YAML; for plain objects all of them, changed as wanted. */
  readonly values?: InputMaybe<Scalars['String']['input']>
  /** Object name of the version. */
  readonly version: Scalars['String']['input']
  /** Workspace that it belongs to. */
  readonly workspace: Scalars['String']['input']
}

/** A new role. */
export type CreateRoleInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster of a cluster or namespace role; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Text about the role. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Level of the role. */
  readonly level: RoleLevel
  /** Object name. */
  readonly name: Scalars['String']['input']
  /** Namespace, at level NAMESPACE. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Rules beside those of the templates. */
  readonly rules?: InputMaybe<ReadonlyArray<PolicyRuleInput>>
  /** Names of the role templates that it is made of. */
  readonly templates?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Workspace, at level WORKSPACE. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** A new account. */
export type CreateUserInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Free text about the account. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Mail address, not used by another account. */
  readonly email: Scalars['String']['input']
  /** Name of the global role to bind, such as `platform-regular`. */
  readonly globalRole?: InputMaybe<Scalars['String']['input']>
  /** Names of groups, for callers who manage accounts. */
  readonly groups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Language, such as `en`. */
  readonly lang?: InputMaybe<Scalars['String']['input']>
  /** Account name: lower-case letters, digits and dashes. */
  readonly name: Scalars['String']['input']
  /** First password: 8 to 64 characters with upper case, lower case and a digit. Without one the account cannot log in by password. */
  readonly password?: InputMaybe<Scalars['String']['input']>
}

/** A new workspace. */
export type CreateWorkspaceInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Names of the clusters that the workspace may use; the host cluster when absent. */
  readonly clusters?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Text about the workspace. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Account name of the manager; the caller when absent. */
  readonly manager?: InputMaybe<Scalars['String']['input']>
  /** Name: lower-case letters, digits and dashes, unique on the platform. */
  readonly name: Scalars['String']['input']
}

/** Labels to delete. */
export type DeleteClusterLabelsInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Object names of the labels. */
  readonly names: ReadonlyArray<Scalars['String']['input']>
}

/** What is left of labels. */
export type DeleteClusterLabelsPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** Object names of the labels that are gone. */
  readonly names: ReadonlyArray<Scalars['String']['output']>
}

/** How to delete. */
export type DeleteOptionsInput = {
  /** Goes through permission and admission without deleting anything. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>
  /** Seconds until the object goes by force. */
  readonly gracePeriodSeconds?: InputMaybe<Scalars['Int64']['input']>
  /** What must still be true. */
  readonly preconditions?: InputMaybe<PreconditionsInput>
  /** What happens to owned objects; the kind's default when absent. */
  readonly propagationPolicy?: InputMaybe<Propagation>
}

/** What a deletion gives back. */
export type DeletePayload = {
  /** Whether it is gone already; false while finalizers or a grace period hold it. */
  readonly gone: Scalars['Boolean']['output']
  /** Global id of the object. */
  readonly id: Scalars['ID']['output']
  /** What the API server warns of. */
  readonly warnings: ReadonlyArray<Scalars['String']['output']>
}

/** What the deletion of a role gives back. */
export type DeletePlatformRolePayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** Global id of the role. */
  readonly id: Scalars['ID']['output']
  /** Object name. */
  readonly name: Scalars['String']['output']
}

/** A role to delete. */
export type DeleteRoleInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster of a cluster or namespace role; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Level of the role. */
  readonly level: RoleLevel
  /** Object name. */
  readonly name: Scalars['String']['input']
  /** Namespace, at level NAMESPACE. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Workspace, at level WORKSPACE. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** What the deletion of an account gives back. */
export type DeleteUserPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** Global id of the account. */
  readonly id: Scalars['ID']['output']
  /** Account name. */
  readonly name: Scalars['String']['output']
}

/** Way of a sort. */
export type Direction =
  /** Smallest, oldest or first of the alphabet first. */
  | 'ASC'
  /** Largest, newest or last of the alphabet first. */
  | 'DESC'

/** How bytes are written in text. */
export type Encoding =
  /** In base64, byte for byte. */
  | 'BASE64'
  /** As UTF-8; what is none becomes U+FFFD. */
  | 'UTF8'

/** What was done with a request to a session. */
export type ExecAck = {
  /** Bytes of the input that were taken; less than all of them when the session ended. */
  readonly accepted: Scalars['Int']['output']
  /** The session. */
  readonly session: Scalars['ID']['output']
}

/** Why a session is over. */
export type ExecEnd =
  /** It was closed by its owner. */
  | 'CLOSED'
  /** The program ended. */
  | 'EXITED'
  /** It lasted for as long as one may. */
  | 'EXPIRED'
  /** It could not be started, or the connection to the pod broke. */
  | 'FAILED'
  /** Nothing was said by either side for too long. */
  | 'IDLE'
  /** The right to it, the account or the login was lost. */
  | 'REVOKED'
  /** The server is stopping. */
  | 'SHUTDOWN'

/** What happens in a session. */
export type ExecEvent = ExecExited | ExecOutput | ExecStarted

/** The end of a session. */
export type ExecExited = {
  /** Exit code; null where the program did not end by itself. */
  readonly code?: Maybe<Scalars['Int']['output']>
  /** The same in words; empty for a program that ended well. */
  readonly message: Scalars['String']['output']
  /** Why it is over. */
  readonly reason: ExecEnd
}

/** A piece of output. */
export type ExecOutput = {
  /** The piece, in the encoding that was asked for. */
  readonly data: Scalars['String']['output']
  /** Where it was written. */
  readonly stream: ExecStream
}

/** A container of a pod. */
export type ExecPodTarget = {
  /** Name of the container; the default one when absent. */
  readonly container?: InputMaybe<Scalars['String']['input']>
  /** Name of the pod. */
  readonly name: Scalars['String']['input']
  /** Namespace. */
  readonly namespace: Scalars['String']['input']
}

/** The session is there; it takes input from now on. */
export type ExecStarted = {
  /** Name of the session, for whoever opened it, on the same connection. */
  readonly session: Scalars['ID']['output']
}

/** Which output. */
export type ExecStream =
  /** Standard error. */
  | 'STDERR'
  /** Standard output; with a terminal, both. */
  | 'STDOUT'

/** Where a program runs. Exactly one of `pod`, `node` and `kubectl` is given. */
export type ExecTarget = {
  /** Cluster; the host cluster when absent. In a member there are sessions in pods alone, and the member judges them. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** True: the caller's own pod with kubectl and their kubeconfig. */
  readonly kubectl?: InputMaybe<Scalars['Boolean']['input']>
  /** Name of a node: a privileged pod there. */
  readonly node?: InputMaybe<Scalars['String']['input']>
  /** A container of a pod. */
  readonly pod?: InputMaybe<ExecPodTarget>
}

/**
 * What one field must be. Numbers, quantities, moments and IPv4 addresses compare by what they stand for, anything else as
 * text.
 */
export type FieldCondition = {
  /** How to compare. */
  readonly op?: FieldOperator
  /** Dotted path, such as `spec.nodeName`; a dot inside a key is written `\.`, a number is an index of a list. */
  readonly path: Scalars['String']['input']
  /** One value; any number with IN and NOT_IN, none with EXISTS and ABSENT. */
  readonly values?: ReadonlyArray<Scalars['String']['input']>
}

/** How a field is compared. */
export type FieldOperator =
  /** Not there. */
  | 'ABSENT'
  /** The text holds the value. */
  | 'CONTAINS'
  /** Equal. */
  | 'EQ'
  /** There. */
  | 'EXISTS'
  /** Greater. */
  | 'GT'
  /** One of the values. */
  | 'IN'
  /** Less. */
  | 'LT'
  /** Not equal, or not there. */
  | 'NE'
  /** None of the values, or not there. */
  | 'NOT_IN'

/** How strictly the API server looks at unknown fields. */
export type FieldValidation =
  /** Drops them silently. */
  | 'IGNORE'
  /** Refuses the request. */
  | 'STRICT'
  /** Drops them with a warning. */
  | 'WARN'

/** Where a list was read. */
export type Freshness =
  /** From a watch cache, whose version is the connection's `resourceVersion`. */
  | 'CACHE'
  /** From the API server itself. */
  | 'LIVE'

/** An object of a kind that has no type of its own in this graph. */
export type GenericObject = KubernetesObject &
  Node & {
    /** API group and version. */
    readonly apiVersion: Scalars['String']['output']
    /** Cluster that the object lives in. */
    readonly cluster: Scalars['String']['output']
    /** What happened to the object, newest first. */
    readonly events?: Maybe<KubernetesObjectConnection>
    /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
    readonly id: Scalars['ID']['output']
    /** Kind. */
    readonly kind: Scalars['String']['output']
    /** Standard metadata. */
    readonly metadata: ObjectMeta
    /** Objects that this one owns, newest first. */
    readonly owned?: Maybe<KubernetesObjectConnection>
    /** The controller of the object, or its first owner. */
    readonly owner?: Maybe<KubernetesObject>
    /** The project of the object's namespace. */
    readonly project?: Maybe<Project>
    /** The whole object. */
    readonly raw: Scalars['JSON']['output']
    /** The whole object as YAML. */
    readonly yaml: Scalars['String']['output']
  }

/** An object of a kind that has no type of its own in this graph. */
export type GenericObjectEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
}

/** An object of a kind that has no type of its own in this graph. */
export type GenericObjectOwnedArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  depth?: InputMaybe<Scalars['Int']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  kinds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
}

/** An object of a kind that has no type of its own in this graph. */
export type GenericObjectYamlArgs = {
  managedFields?: InputMaybe<Scalars['Boolean']['input']>
}

/** Workspaces that get a cluster or lose it. */
export type GrantClusterInput = {
  /** Workspaces that get it. */
  readonly add?: ReadonlyArray<Scalars['String']['input']>
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster name. */
  readonly name: Scalars['String']['input']
  /** Workspaces that lose it. */
  readonly remove?: ReadonlyArray<Scalars['String']['input']>
}

/** An extension that announces a graph, by its APIService or by an ExtensionEntry that names it. */
export type GraphExtension = {
  /** API group of the APIService. Its fields need the verb `list`, mutations `create`, on `graphql` in it. */
  readonly group: Scalars['String']['output']
  /** Why they are not. */
  readonly message?: Maybe<Scalars['String']['output']>
  /** Name of the APIService. */
  readonly name: Scalars['String']['output']
  /** Whether its fields are here. */
  readonly state: GraphExtensionState
  /** Version of the group. */
  readonly version: Scalars['String']['output']
}

/** What became of the graph of an extension. */
export type GraphExtensionState =
  /** Its types and fields are in this graph. */
  | 'JOINED'
  /** Its schema does not fit. */
  | 'REFUSED'
  /** Its endpoint does not answer; it is tried again. */
  | 'UNREACHABLE'

/** A place where accounts of others are known. */
export type IdentityProvider = {
  /** Whether it is closed. */
  readonly disabled: Scalars['Boolean']['output']
  /** Name for people. */
  readonly displayName: Scalars['String']['output']
  /** Whether consoles leave it out. */
  readonly hidden: Scalars['Boolean']['output']
  /** How identities become accounts: `auto`, `lookup` or `manual`. */
  readonly mappingMethod: Scalars['String']['output']
  /** Name. */
  readonly name: Scalars['String']['output']
  /** Its options, without secrets. */
  readonly options: Scalars['JSON']['output']
  /** Kind of provider, such as `OIDCIdentityProvider`. */
  readonly type: Scalars['String']['output']
}

/** Ingress classes and who may use them. */
export type IngressClassScope = {
  /** Whether it is the class of ingresses that name none. */
  readonly default: Scalars['Boolean']['output']
  /** Name of the ingress class. */
  readonly ingressClass?: Maybe<Scalars['String']['output']>
  /** Object name. */
  readonly name: Scalars['String']['output']
  /** Selector of namespaces that may use it. */
  readonly namespaceSelector?: Maybe<Scalars['String']['output']>
  /** Namespaces that may use it; none = all, or those of the selector. */
  readonly namespaces: ReadonlyArray<Scalars['String']['output']>
  /** Where its gateway is reached, as far as that is known. */
  readonly status?: Maybe<Scalars['JSON']['output']>
}

/** A cluster to join. */
export type JoinClusterInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Names of labels that it gets at once. */
  readonly clusterLabels?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Text about the cluster. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** The kubeconfig's text. Files and commands that it names are refused. */
  readonly kubeconfig: Scalars['String']['input']
  /** Where its KubeSphere API answers; through its Kubernetes API without. */
  readonly kubesphereAPIEndpoint?: InputMaybe<Scalars['String']['input']>
  /** Labels of the object, such as `cluster.kubesphere.io/region`. */
  readonly labels?: InputMaybe<Scalars['StringMap']['input']>
  /** Name, unique on the platform. */
  readonly name: Scalars['String']['input']
  /** Who runs the machines. */
  readonly provider?: InputMaybe<Scalars['String']['input']>
}

/** One operation of a JSON Patch. */
export type JsonPatchOperation = {
  /** JSON Pointer of the source, for `move` and `copy`. */
  readonly from?: InputMaybe<Scalars['String']['input']>
  /** `add`, `remove`, `replace`, `move`, `copy` or `test`. */
  readonly op: Scalars['String']['input']
  /** JSON Pointer of the target. */
  readonly path: Scalars['String']['input']
  /** The value, for `add`, `replace` and `test`. */
  readonly value?: InputMaybe<Scalars['JSON']['input']>
}

/** Which kinds are asked for; members that are given must all hold. */
export type KindFilter = {
  /** A category, such as `all`. */
  readonly category?: InputMaybe<Scalars['String']['input']>
  /** API groups, any of them; empty text is the core group. */
  readonly groups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Kinds, lower-case plurals or short names, any of them. */
  readonly names?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Only namespaced kinds, or only the others. */
  readonly namespaced?: InputMaybe<Scalars['Boolean']['input']>
  /** Only the version that its group prefers, or only the others. */
  readonly preferred?: InputMaybe<Scalars['Boolean']['input']>
  /** Kinds that can be used with this verb. */
  readonly verb?: InputMaybe<Scalars['String']['input']>
}

/** A kind by its place in the API. Exactly one of `resource` and `kind` is given. */
export type KindRef = {
  /** API group; empty text is the core group. */
  readonly group?: Scalars['String']['input']
  /** Kind, such as `Deployment`. */
  readonly kind?: InputMaybe<Scalars['String']['input']>
  /** Lower-case plural, such as `deployments`. */
  readonly resource?: InputMaybe<Scalars['String']['input']>
  /** API version; the preferred one when absent. */
  readonly version?: InputMaybe<Scalars['String']['input']>
}

/** An object of Kubernetes, of whatever kind. */
export type KubernetesObject = {
  /** API group and version. */
  readonly apiVersion: Scalars['String']['output']
  /** Cluster that the object lives in. */
  readonly cluster: Scalars['String']['output']
  /** What happened to the object, newest first. */
  readonly events?: Maybe<KubernetesObjectConnection>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Kind. */
  readonly kind: Scalars['String']['output']
  /** Standard metadata. */
  readonly metadata: ObjectMeta
  /** Objects that this one owns, newest first. */
  readonly owned?: Maybe<KubernetesObjectConnection>
  /** The controller of the object, or its first owner. */
  readonly owner?: Maybe<KubernetesObject>
  /** The project of the object's namespace. */
  readonly project?: Maybe<Project>
  /** The whole object. */
  readonly raw: Scalars['JSON']['output']
  /** The whole object as YAML. */
  readonly yaml: Scalars['String']['output']
}

/** An object of Kubernetes, of whatever kind. */
export type KubernetesObjectEventsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
}

/** An object of Kubernetes, of whatever kind. */
export type KubernetesObjectOwnedArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  depth?: InputMaybe<Scalars['Int']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  kinds?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
}

/** An object of Kubernetes, of whatever kind. */
export type KubernetesObjectYamlArgs = {
  managedFields?: InputMaybe<Scalars['Boolean']['input']>
}

/** An event of a watch. */
export type KubernetesObjectChange = {
  /** Cluster that it happened in. */
  readonly cluster: Scalars['String']['output']
  /** Whether each cluster is followed, in the order of `clusters`. Of SYNCED and ROWS only. */
  readonly clusterResults?: Maybe<ReadonlyArray<ClusterResult>>
  /** The object as it is now, or as it was when it went. Null where no single object is meant. */
  readonly object?: Maybe<KubernetesObject>
  /** The object as it was told before. Of MODIFIED only. */
  readonly previous?: Maybe<KubernetesObject>
  /** Opaque place in the history: give it as `resume` to go on behind this event. */
  readonly resume: Scalars['String']['output']
  /** The page of the list at this moment, read with the permission to list. In mode ROWS only. */
  readonly rows?: Maybe<KubernetesObjectConnection>
  /** What happened. */
  readonly type: ChangeType
}

/** An event of a watch. */
export type KubernetesObjectChangeRowsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** A page of Kubernetes objects. */
export type KubernetesObjectConnection = {
  /** What each cluster answered, in the order of `clusters`. */
  readonly clusterResults: ReadonlyArray<ClusterResult>
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<KubernetesObjectEdge>
  /** Where the list was read. */
  readonly freshness: Freshness
  /** The items alone. */
  readonly nodes: ReadonlyArray<KubernetesObject>
  /** Pages of the whole list, at this page size. */
  readonly pageCount?: Maybe<Scalars['Int']['output']>
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Version that the list was read at; empty for a list of several kinds or clusters. */
  readonly resourceVersion: Scalars['String']['output']
  /** Items of the whole list. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>
}

/** An object in a list. */
export type KubernetesObjectEdge = {
  /** Cluster that the object lives in. */
  readonly cluster: Scalars['String']['output']
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The object. */
  readonly node: KubernetesObject
}

/** What a write of an object gives back. */
export type KubernetesObjectPayload = {
  /** Whether the stored object is another than before; in a dry run, whether it would be. */
  readonly changed: Scalars['Boolean']['output']
  /** Fields that other managers own, from an apply without force. */
  readonly conflicts: ReadonlyArray<ApplyConflict>
  /** The object as it is now; null when there were conflicts. */
  readonly object?: Maybe<KubernetesObject>
  /** What the API server warns of. */
  readonly warnings: ReadonlyArray<Scalars['String']['output']>
}

/** Labels and clusters. */
export type LabelClustersInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster names. */
  readonly clusters: ReadonlyArray<Scalars['String']['input']>
  /** Object names of the labels. */
  readonly labels: ReadonlyArray<Scalars['String']['input']>
}

/** What came of one container: at most 64 KiB, at most 100 ms after it came. Who takes chunks slowly slows the log down. */
export type LogChunk = {
  /** Name of the container. */
  readonly container: Scalars['String']['output']
  /** Bytes that were not kept: the start of lines so long that 1 MiB of them went by before `match` was found. */
  readonly droppedBytes: Scalars['Int64']['output']
  /** What this chunk is about. */
  readonly event: LogEvent
  /** The lines, of LINES. */
  readonly lines: ReadonlyArray<LogLine>
  /** Why the log cannot be read, of FAILED. */
  readonly message?: Maybe<Scalars['String']['output']>
  /** Name of the pod. */
  readonly pod: Scalars['String']['output']
}

/** What a chunk of a log is about. */
export type LogEvent =
  /** Nothing more comes of this run. */
  | 'ENDED'
  /** The log cannot be read. */
  | 'FAILED'
  /** Lines. */
  | 'LINES'
  /** The log of a run of the container was opened. */
  | 'STARTED'

/** A line of a log, without its end. */
export type LogLine = {
  /** Whether the next line of the same container is the same line going on. */
  readonly continues: Scalars['Boolean']['output']
  /** The line, or 64 KiB of it at most. */
  readonly text: Scalars['String']['output']
  /** When it was written, to the nanosecond where the runtime says so. */
  readonly time?: Maybe<Scalars['DateTime']['output']>
}

/** A program that may ask for tokens. */
export type LoginClient = {
  /** How it is allowed: `auto`, `prompt` or `deny`. */
  readonly grantMethod: Scalars['String']['output']
  /** Name. */
  readonly name: Scalars['String']['output']
  /** Where answers may be sent to. */
  readonly redirectURIs: ReadonlyArray<Scalars['String']['output']>
  /** Whether nobody is asked whether it may. */
  readonly trusted: Scalars['Boolean']['output']
}

/** How clients log in. */
export type LoginOptions = {
  /** How long a token may lie unused, in seconds; 0 = without end. */
  readonly accessTokenInactivitySeconds: Scalars['Float']['output']
  /** How long an access token is good for, in seconds; 0 = without end. */
  readonly accessTokenMaxAgeSeconds: Scalars['Float']['output']
  /** Programs that may ask for tokens. */
  readonly clients: ReadonlyArray<LoginClient>
  /** Identity providers, closed ones too. */
  readonly identityProviders: ReadonlyArray<IdentityProvider>
  /** Address that tokens name as their issuer. */
  readonly issuer?: Maybe<Scalars['String']['output']>
}

/** One attempt to log in. */
export type LoginRecord = {
  /** Identity provider; empty text for the platform's own passwords. */
  readonly provider: Scalars['String']['output']
  /** What went wrong, or that nothing did. */
  readonly reason: Scalars['String']['output']
  /** Address the attempt came from. */
  readonly sourceIP: Scalars['String']['output']
  /** Whether it succeeded. */
  readonly success: Scalars['Boolean']['output']
  /** When it was. */
  readonly time: Scalars['DateTime']['output']
  /** Kind of login, such as `Token`. */
  readonly type: Scalars['String']['output']
  /** Program that made the attempt. */
  readonly userAgent?: Maybe<Scalars['String']['output']>
}

/** A page of login records. */
export type LoginRecordConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<LoginRecordEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<LoginRecord>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A login record in a list. */
export type LoginRecordEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The record. */
  readonly node: LoginRecord
}

/** The fields that one manager set in one way. */
export type ManagedFieldsEntry = {
  /** API group and version that the fields belong to. */
  readonly apiVersion?: Maybe<Scalars['String']['output']>
  /** Form of `fieldsV1`. */
  readonly fieldsType?: Maybe<Scalars['String']['output']>
  /** The set of fields. */
  readonly fieldsV1?: Maybe<Scalars['JSON']['output']>
  /** Who. */
  readonly manager?: Maybe<Scalars['String']['output']>
  /** `Apply` or `Update`. */
  readonly operation?: Maybe<Scalars['String']['output']>
  /** Subresource that was written. */
  readonly subresource?: Maybe<Scalars['String']['output']>
  /** When. */
  readonly time?: Maybe<Scalars['DateTime']['output']>
}

/** Why a document of a manifest was not applied. */
export type ManifestError = {
  /** One of the codes that errors have; `SKIPPED` after another failed. */
  readonly code: Scalars['String']['output']
  /** A sentence for people. */
  readonly message: Scalars['String']['output']
}

/** What became of one document of a manifest. */
export type ManifestResult = {
  /** API group and version that the document says. */
  readonly apiVersion?: Maybe<Scalars['String']['output']>
  /** Fields that other managers own, from an apply without force. */
  readonly conflicts: ReadonlyArray<ApplyConflict>
  /** Why the document was not applied. */
  readonly error?: Maybe<ManifestError>
  /** Place of the document in the text, from 0. */
  readonly index: Scalars['Int']['output']
  /** Kind that the document says. */
  readonly kind?: Maybe<Scalars['String']['output']>
  /** Name that the document says. */
  readonly name?: Maybe<Scalars['String']['output']>
  /** Namespace that the document says. */
  readonly namespace?: Maybe<Scalars['String']['output']>
  /** The object as it is now; null when it was not applied. */
  readonly object?: Maybe<KubernetesObject>
  /** What the API server warns of. */
  readonly warnings: ReadonlyArray<Scalars['String']['output']>
}

/** An account and the role it is to have. */
export type MemberInput = {
  /** Object name of the role. */
  readonly role: Scalars['String']['input']
  /** Account name. */
  readonly username: Scalars['String']['input']
}

/** A level that has members. */
export type MemberLevel =
  /** One cluster. */
  | 'CLUSTER'
  /** One namespace of one cluster. */
  | 'NAMESPACE'
  /** One workspace. */
  | 'WORKSPACE'

/** What a mutation of members gives back. */
export type MembersPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** What the accounts have now, in the order of the input. */
  readonly memberships: ReadonlyArray<Membership>
}

/** One role bound to one account. */
export type Membership = {
  /** Where the role holds. */
  readonly level: RoleLevel
  /** The project, at level NAMESPACE. */
  readonly project?: Maybe<Project>
  /** The role. */
  readonly role?: Maybe<PlatformRole>
  /** Object name of the role. */
  readonly roleName: Scalars['String']['output']
  /** The account. */
  readonly user?: Maybe<User>
  /** Account name. */
  readonly username: Scalars['String']['output']
  /** The workspace, at level WORKSPACE. */
  readonly workspace?: Maybe<Workspace>
}

/** A page of members. */
export type MembershipConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<MembershipEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<Membership>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A member in a list. */
export type MembershipEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The membership. */
  readonly node: Membership
}

/** Options of the many-cluster side that clients need. */
export type MulticlusterOptions = {
  /** Image of the agent of proxied clusters. */
  readonly agentImage?: Maybe<Scalars['String']['output']>
  /** Name of this cluster. */
  readonly clusterName?: Maybe<Scalars['String']['output']>
  /** `host` or `member`; null for a single cluster. */
  readonly clusterRole?: Maybe<Scalars['String']['output']>
  /** Name of the host cluster. */
  readonly hostClusterName?: Maybe<Scalars['String']['output']>
  /** Address that agents connect to. */
  readonly proxyPublishAddress?: Maybe<Scalars['String']['output']>
  /** Service that agents connect to. */
  readonly proxyPublishService?: Maybe<Scalars['String']['output']>
}

export type Mutation = {
  /** Puts an application and its versions that were suspended on the shelf. It must be in draft or suspended and have a version that is active or passed. */
  readonly activateApplication: ApplicationPayload
  /** Lets an account log in again; also lifts the lock after too many failed logins. */
  readonly activateUser: UserPayload
  /** Adds a chart repository once it could be read. */
  readonly addChartRepository: ChartRepositoryPayload
  /** Gives accounts one role each in a workspace, a cluster or a namespace, in place of any other they have there. In order; the first that fails ends it. */
  readonly addMembers: MembersPayload
  /** Applies the objects of a YAML or JSON text, each by server-side apply. Definitions and namespaces go first; nothing is rolled back. */
  readonly applyManifests: ReadonlyArray<ManifestResult>
  /** Applies an object of any kind by server-side apply. Conflicts with other managers come back as data. */
  readonly applyResource: KubernetesObjectPayload
  /** Gives one account one role at any level, in place of any other that it has there. */
  readonly assignRole: MembersPayload
  /** Creates a category. */
  readonly createApplicationCategory: ApplicationCategoryPayload
  /** Installs a version of an application that is active. */
  readonly createApplicationRelease: ApplicationReleasePayload
  /** Creates labels. In order; one that is there already ends it. */
  readonly createClusterLabels: ClusterLabelsPayload
  /** Creates a named configuration. */
  readonly createPlatformConfig: PlatformConfigPayload
  /** Creates a project, a namespace that belongs to a workspace, with its built-in roles. */
  readonly createProject: ProjectPayload
  /** Creates an object of any kind. */
  readonly createResource: KubernetesObjectPayload
  /** Creates a role. */
  readonly createRole: PlatformRolePayload
  /** Creates an account. */
  readonly createUser: UserPayload
  /** Creates a workspace with its built-in roles. */
  readonly createWorkspace: WorkspacePayload
  /** Closes an account and ends its sessions. */
  readonly deactivateUser: UserPayload
  /** Deletes an application with its versions and attachments. */
  readonly deleteApplication: RemovalPayload
  /** Deletes a category that no application is in. */
  readonly deleteApplicationCategory: RemovalPayload
  /** Uninstalls a release; it stays visible in state `deleting` until it is gone. */
  readonly deleteApplicationRelease: RemovalPayload
  /** Deletes a version; its package goes with it, or with the last release of it. */
  readonly deleteApplicationVersion: RemovalPayload
  /** Removes a chart repository with its applications. */
  readonly deleteChartRepository: RemovalPayload
  /** Deletes labels; clusters lose them. */
  readonly deleteClusterLabels: DeleteClusterLabelsPayload
  /** Deletes a named configuration. */
  readonly deletePlatformConfig: PlatformConfigPayload
  /** Deletes an object of any kind. */
  readonly deleteResource: DeletePayload
  /** Deletes a role; what it allowed is no longer allowed by its bindings. */
  readonly deleteRole: DeletePlatformRolePayload
  /** Deletes an account with its roles and sessions. */
  readonly deleteUser: DeleteUserPayload
  /** Ends a session that this connection opened; its program has a second to take its leave. */
  readonly execClose: ExecAck
  /**
   * Types into a session that this connection opened. Inputs are typed in the order in which they come, and each is
   * answered when there is room for the next.
   */
  readonly execInput: ExecAck
  /** Says how large the terminal of a session is that this connection opened. */
  readonly execResize: ExecAck
  /** Gives a cluster to workspaces and takes it from others. */
  readonly grantCluster: ClusterPayload
  /** Joins a cluster as a direct member. It is used through the platform when its condition Ready is True. */
  readonly joinCluster: ClusterPayload
  /** Labels clusters; those that have a label already keep it. */
  readonly labelClusters: ClusterLabelsPayload
  /** Merges into the data of a named configuration (RFC 7386): null takes a member away. */
  readonly mergePlatformConfig: PlatformConfigPayload
  /** Changes an object of any kind by a patch. */
  readonly patchResource: KubernetesObjectPayload
  /** Reads a package and says what it would become; nothing is stored. */
  readonly previewApplication: ApplicationPreview
  /** Lets a member go: no workspace keeps it, the cluster itself stays as it is. */
  readonly removeCluster: RemovalPayload
  /** Takes the roles away that accounts have in a workspace, a cluster or a namespace; whoever has none is passed over. */
  readonly removeMembers: RemoveMembersPayload
  /** Lets the connection that this comes over live by another token of the same user. Subscriptions go on. */
  readonly renewSession: RenewSessionPayload
  /** Writes a version again that is there; its review starts anew. */
  readonly replaceApplicationVersion: ApplicationVersionPayload
  /** Replaces the data of a named configuration. */
  readonly replacePlatformConfig: PlatformConfigPayload
  /** Takes a version one step further: draft or rejected is submitted, submitted is withdrawn, approved or rejected, passed, submitted or suspended is activated, active is suspended. Any other step is a CONFLICT. */
  readonly reviewApplicationVersion: ApplicationVersionPayload
  /** Ends every login of an account, refresh tokens and pending codes too, for whoever may set its password. */
  readonly revokeSessions: UserPayload
  /** Says how many copies of an object of any kind there shall be, where the kind can be scaled. */
  readonly scaleResource: ScalePayload
  /** Changes a password, one's own with `currentPassword`, another's with the right to do so, and ends the sessions of the account. */
  readonly setPassword: UserPayload
  /** Replaces the look of the console. */
  readonly setTheme: ThemePayload
  /** Takes an active application and its active versions off the shelf. */
  readonly suspendApplication: ApplicationPayload
  /** Has a chart repository looked at now. */
  readonly syncChartRepository: ChartRepositoryPayload
  /** Takes labels off clusters. */
  readonly unlabelClusters: ClusterLabelsPayload
  /** Changes what people read about an application; what is absent stays. */
  readonly updateApplication: ApplicationPayload
  /** Replaces what people read about a category. */
  readonly updateApplicationCategory: ApplicationCategoryPayload
  /** Replaces a chart repository once it could be read. A password or key that is absent stays as long as address and user do. */
  readonly updateChartRepository: ChartRepositoryPayload
  /** Gives a member another kubeconfig of the same cluster. */
  readonly updateClusterKubeconfig: ClusterPayload
  /** Changes key and value of a label. */
  readonly updateClusterLabel: ClusterLabelsPayload
  /** Gives a member another role. Whoever is no member is refused. */
  readonly updateMember: MembersPayload
  /** Replaces an object of any kind; its resourceVersion says which one. */
  readonly updateResource: KubernetesObjectPayload
  /** Changes what is given of a role; what is absent stays, null takes it away. */
  readonly updateRole: PlatformRolePayload
  /** Changes what is given of an account; what is absent stays, null takes it away. */
  readonly updateUser: UserPayload
  /** Gives a release another version or other values; what is absent stays. */
  readonly upgradeApplicationRelease: ApplicationReleasePayload
  /** Uploads an application with its first version, both in draft. */
  readonly uploadApplication: UploadApplicationPayload
  /** Uploads another version of an application, in draft. */
  readonly uploadApplicationVersion: ApplicationVersionPayload
  /** Tries whether a cluster could be joined, with a real connection and a deadline; nothing is stored. */
  readonly validateCluster: ValidateClusterPayload
  /** Tries a chart repository with its credential; nothing is stored. */
  readonly verifyChartRepository: VerifyChartRepositoryPayload
}

export type MutationActivateApplicationArgs = {
  input: ApplicationInput
}

export type MutationActivateUserArgs = {
  input: UserInput
}

export type MutationAddChartRepositoryArgs = {
  input: ChartRepositoryInput
}

export type MutationAddMembersArgs = {
  input: AddMembersInput
}

export type MutationApplyManifestsArgs = {
  documents: Scalars['String']['input']
  options: ApplyOptionsInput
  stopOnError?: Scalars['Boolean']['input']
}

export type MutationApplyResourceArgs = {
  object: Scalars['JSON']['input']
  options: ApplyOptionsInput
  subresource?: InputMaybe<Subresource>
}

export type MutationAssignRoleArgs = {
  input: AssignRoleInput
}

export type MutationCreateApplicationCategoryArgs = {
  input: CategoryInput
}

export type MutationCreateApplicationReleaseArgs = {
  input: CreateReleaseInput
}

export type MutationCreateClusterLabelsArgs = {
  input: CreateClusterLabelsInput
}

export type MutationCreatePlatformConfigArgs = {
  input: PlatformConfigInput
}

export type MutationCreateProjectArgs = {
  input: CreateProjectInput
}

export type MutationCreateResourceArgs = {
  object: Scalars['JSON']['input']
  options?: InputMaybe<WriteOptionsInput>
}

export type MutationCreateRoleArgs = {
  input: CreateRoleInput
}

export type MutationCreateUserArgs = {
  input: CreateUserInput
}

export type MutationCreateWorkspaceArgs = {
  input: CreateWorkspaceInput
}

export type MutationDeactivateUserArgs = {
  input: UserInput
}

export type MutationDeleteApplicationArgs = {
  input: ApplicationInput
}

export type MutationDeleteApplicationCategoryArgs = {
  input: CategoryNameInput
}

export type MutationDeleteApplicationReleaseArgs = {
  input: ApplicationReleaseInput
}

export type MutationDeleteApplicationVersionArgs = {
  input: ApplicationVersionInput
}

export type MutationDeleteChartRepositoryArgs = {
  input: ChartRepositoryNameInput
}

export type MutationDeleteClusterLabelsArgs = {
  input: DeleteClusterLabelsInput
}

export type MutationDeletePlatformConfigArgs = {
  input: PlatformConfigNameInput
}

export type MutationDeleteResourceArgs = {
  options?: InputMaybe<DeleteOptionsInput>
  ref: ObjectRef
}

export type MutationDeleteRoleArgs = {
  input: DeleteRoleInput
}

export type MutationDeleteUserArgs = {
  input: UserInput
}

export type MutationExecCloseArgs = {
  session: Scalars['ID']['input']
}

export type MutationExecInputArgs = {
  data: Scalars['String']['input']
  encoding?: Encoding
  end?: Scalars['Boolean']['input']
  session: Scalars['ID']['input']
}

export type MutationExecResizeArgs = {
  cols: Scalars['Int']['input']
  rows: Scalars['Int']['input']
  session: Scalars['ID']['input']
}

export type MutationGrantClusterArgs = {
  input: GrantClusterInput
}

export type MutationJoinClusterArgs = {
  input: JoinClusterInput
}

export type MutationLabelClustersArgs = {
  input: LabelClustersInput
}

export type MutationMergePlatformConfigArgs = {
  input: PlatformConfigInput
}

export type MutationPatchResourceArgs = {
  options?: InputMaybe<WriteOptionsInput>
  patch: PatchInput
  ref: ObjectRef
  subresource?: InputMaybe<Subresource>
}

export type MutationPreviewApplicationArgs = {
  input: UploadApplicationInput
}

export type MutationRemoveClusterArgs = {
  input: ClusterInput
}

export type MutationRemoveMembersArgs = {
  input: RemoveMembersInput
}

export type MutationRenewSessionArgs = {
  token: Scalars['String']['input']
}

export type MutationReplaceApplicationVersionArgs = {
  input: UploadVersionInput
}

export type MutationReplacePlatformConfigArgs = {
  input: PlatformConfigInput
}

export type MutationReviewApplicationVersionArgs = {
  input: ReviewVersionInput
}

export type MutationRevokeSessionsArgs = {
  input: UserInput
}

export type MutationScaleResourceArgs = {
  options?: InputMaybe<WriteOptionsInput>
  ref: ObjectRef
  replicas: Scalars['Int']['input']
}

export type MutationSetPasswordArgs = {
  input: SetPasswordInput
}

export type MutationSetThemeArgs = {
  input: SetThemeInput
}

export type MutationSuspendApplicationArgs = {
  input: ApplicationInput
}

export type MutationSyncChartRepositoryArgs = {
  input: ChartRepositoryNameInput
}

export type MutationUnlabelClustersArgs = {
  input: LabelClustersInput
}

export type MutationUpdateApplicationArgs = {
  input: UpdateApplicationInput
}

export type MutationUpdateApplicationCategoryArgs = {
  input: CategoryInput
}

export type MutationUpdateChartRepositoryArgs = {
  input: ChartRepositoryInput
}

export type MutationUpdateClusterKubeconfigArgs = {
  input: UpdateKubeconfigInput
}

export type MutationUpdateClusterLabelArgs = {
  input: UpdateClusterLabelInput
}

export type MutationUpdateMemberArgs = {
  input: UpdateMemberInput
}

export type MutationUpdateResourceArgs = {
  object: Scalars['JSON']['input']
  options?: InputMaybe<WriteOptionsInput>
  subresource?: InputMaybe<Subresource>
}

export type MutationUpdateRoleArgs = {
  input: UpdateRoleInput
}

export type MutationUpdateUserArgs = {
  input: UpdateUserInput
}

export type MutationUpgradeApplicationReleaseArgs = {
  input: UpgradeReleaseInput
}

export type MutationUploadApplicationArgs = {
  input: UploadApplicationInput
}

export type MutationUploadApplicationVersionArgs = {
  input: UploadVersionInput
}

export type MutationValidateClusterArgs = {
  input: JoinClusterInput
}

export type MutationVerifyChartRepositoryArgs = {
  input: ChartRepositoryInput
}

/** Anything with a global id that `node(id)` finds again. */
export type Node = {
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
}

/** Metadata that every object carries. */
export type ObjectMeta = {
  /** Annotations. */
  readonly annotations: Scalars['StringMap']['output']
  /** One annotation; null when it is not set. */
  readonly annotationsEntry?: Maybe<Scalars['String']['output']>
  /** When the object was created. */
  readonly creationTimestamp?: Maybe<Scalars['DateTime']['output']>
  /** Seconds that the object is given to go. */
  readonly deletionGracePeriodSeconds?: Maybe<Scalars['Int64']['output']>
  /** When the object was asked to go. */
  readonly deletionTimestamp?: Maybe<Scalars['DateTime']['output']>
  /** Who must finish before the object goes. */
  readonly finalizers: ReadonlyArray<Scalars['String']['output']>
  /** What the name was to begin with, where the server made it up. */
  readonly generateName?: Maybe<Scalars['String']['output']>
  /** Counter of changes of what is wanted. */
  readonly generation?: Maybe<Scalars['Int64']['output']>
  /** Labels. */
  readonly labels: Scalars['StringMap']['output']
  /** One label; null when it is not set. */
  readonly labelsEntry?: Maybe<Scalars['String']['output']>
  /** Who manages which fields. */
  readonly managedFields: ReadonlyArray<ManagedFieldsEntry>
  /** Object name. */
  readonly name: Scalars['String']['output']
  /** Namespace; null for a kind without namespaces. */
  readonly namespace?: Maybe<Scalars['String']['output']>
  /** Owners of the object. */
  readonly ownerReferences: ReadonlyArray<OwnerReference>
  /** Version for optimistic locking and watches. */
  readonly resourceVersion?: Maybe<Scalars['String']['output']>
  /** Identity of this very object; another object of the same name has another. */
  readonly uid?: Maybe<Scalars['ID']['output']>
}

/** Metadata that every object carries. */
export type ObjectMetaAnnotationsEntryArgs = {
  key: Scalars['String']['input']
}

/** Metadata that every object carries. */
export type ObjectMetaLabelsEntryArgs = {
  key: Scalars['String']['input']
}

/** An object by its place in the API. Exactly one of `resource` and `kind` is given. */
export type ObjectRef = {
  /** Cluster; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** API group; empty text is the core group. */
  readonly group?: Scalars['String']['input']
  /** Kind, such as `Deployment`. */
  readonly kind?: InputMaybe<Scalars['String']['input']>
  /** Object name. */
  readonly name: Scalars['String']['input']
  /** Namespace, for a namespaced kind. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Lower-case plural, such as `deployments`. */
  readonly resource?: InputMaybe<Scalars['String']['input']>
  /** API version; the preferred one when absent. */
  readonly version?: InputMaybe<Scalars['String']['input']>
}

/** An object of a kind that the field already says. */
export type ObjectTarget = {
  /** Cluster; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Object name. */
  readonly name: Scalars['String']['input']
  /** Namespace, for a namespaced kind. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
}

/** Which owner. Exactly one of `uid` and `kind` is given. */
export type OwnerFilter = {
  /** How far up it is looked for, 1 to 5: with 2 an owner of an owner will do, too. More than 1 is for lists of Kubernetes objects, and leads through what the caller may list. */
  readonly depth?: Scalars['Int']['input']
  /** Its kind, such as `Deployment`. */
  readonly kind?: InputMaybe<Scalars['String']['input']>
  /** Its name, beside its kind. */
  readonly name?: InputMaybe<Scalars['String']['input']>
  /** Its uid. */
  readonly uid?: InputMaybe<Scalars['ID']['input']>
}

/** An owner of an object, in the same namespace or without one. */
export type OwnerReference = {
  /** API group and version of the owner. */
  readonly apiVersion: Scalars['String']['output']
  /** Whether the owner waits for the object when it is deleted in the foreground. */
  readonly blockOwnerDeletion?: Maybe<Scalars['Boolean']['output']>
  /** Whether this owner controls the object. */
  readonly controller?: Maybe<Scalars['Boolean']['output']>
  /** Kind of the owner. */
  readonly kind: Scalars['String']['output']
  /** Name of the owner. */
  readonly name: Scalars['String']['output']
  /** Identity of the owner. */
  readonly uid: Scalars['ID']['output']
}

/** A file of a package. */
export type PackageFile = {
  /** What is in it. */
  readonly content: Scalars['Base64']['output']
  /** Path below the package's folder. */
  readonly path: Scalars['String']['output']
}

/** Where a page stands in its list. */
export type PageInfo = {
  /** Cursor of the last item; null on an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>
  /** Whether items follow this page. */
  readonly hasNextPage: Scalars['Boolean']['output']
  /** Whether items come before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output']
  /** Cursor of the first item; null on an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>
}

/** A change; exactly one member is given. */
export type PatchInput = {
  /** JSON Patch (RFC 6902); paths use the names on the wire. */
  readonly json?: InputMaybe<ReadonlyArray<JsonPatchOperation>>
  /** JSON Merge Patch (RFC 7396); null removes. */
  readonly merge?: InputMaybe<Scalars['JSON']['input']>
  /** Strategic merge patch, for built-in kinds. */
  readonly strategic?: InputMaybe<Scalars['JSON']['input']>
}

/** A named configuration of the platform. */
export type PlatformConfig = {
  /** When it was created. */
  readonly createdAt?: Maybe<Scalars['DateTime']['output']>
  /** What it says. */
  readonly data?: Maybe<Scalars['JSON']['output']>
  /** Name. */
  readonly name: Scalars['String']['output']
  /** Version of the object behind it. */
  readonly resourceVersion?: Maybe<Scalars['String']['output']>
}

/** A named configuration to write. */
export type PlatformConfigInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** What it says, or what is merged into it. */
  readonly data?: InputMaybe<Scalars['JSON']['input']>
  /** Name: lower-case letters, digits and dashes. */
  readonly name: Scalars['String']['input']
}

/** Which configuration. */
export type PlatformConfigNameInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Name. */
  readonly name: Scalars['String']['input']
}

/** What a mutation of a configuration gives back. */
export type PlatformConfigPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The configuration as it is now, or was last. */
  readonly config?: Maybe<PlatformConfig>
}

/** Numbers of the platform's overview; null for what the caller may not see, or where there is none. */
export type PlatformMetrics = {
  /** Clusters. */
  readonly clusters?: Maybe<Scalars['Int']['output']>
  /** Extensions that are installed. */
  readonly installPlans?: Maybe<Scalars['Int']['output']>
  /** Accounts. */
  readonly users?: Maybe<Scalars['Int']['output']>
  /** Workspaces. */
  readonly workspaces?: Maybe<Scalars['Int']['output']>
}

/** A role of the platform at one of its four levels, made of role templates. */
export type PlatformRole = Node & {
  /** When the role was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Text about the role. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Labels of the object. */
  readonly labels: Scalars['StringMap']['output']
  /** Where the role holds. */
  readonly level: RoleLevel
  /** Object name. */
  readonly name: Scalars['String']['output']
  /** The Kubernetes object behind the role. */
  readonly object?: Maybe<KubernetesObject>
  /** The project of a role of level NAMESPACE. */
  readonly project?: Maybe<Project>
  /** What the role allows. */
  readonly rules: ReadonlyArray<PolicyRule>
  /** Name of the workspace or namespace of the role; empty text at the other levels. */
  readonly scope: Scalars['String']['output']
  /** Whom the role is bound to. */
  readonly subjects: ReadonlyArray<RoleSubject>
  /** Names of the role templates that the role gathers. */
  readonly templates: ReadonlyArray<Scalars['String']['output']>
  /** The workspace of a role of level WORKSPACE. */
  readonly workspace?: Maybe<Workspace>
}

/** A page of roles. */
export type PlatformRoleConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<PlatformRoleEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<PlatformRole>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A role in a list. */
export type PlatformRoleEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The role. */
  readonly node: PlatformRole
}

/** What a mutation of a role gives back. */
export type PlatformRolePayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The role as it is now. */
  readonly role?: Maybe<PlatformRole>
}

/** Versions of the platform and of the host cluster. */
export type PlatformVersion = {
  /** When it was built. */
  readonly buildDate: Scalars['String']['output']
  /** Commit that it was built from. */
  readonly commit: Scalars['String']['output']
  /** Version of Kubernetes; null while it does not answer. */
  readonly kubernetesVersion?: Maybe<Scalars['String']['output']>
  /** Operating system and processor. */
  readonly platform: Scalars['String']['output']
  /** Version of the platform's API. */
  readonly version: Scalars['String']['output']
}

/** One rule of a role: verbs on resources, or on paths. */
export type PolicyRule = {
  /** API groups; empty text is the core group, `*` every group. */
  readonly apiGroups: ReadonlyArray<Scalars['String']['output']>
  /** Paths outside the resource API. */
  readonly nonResourceURLs: ReadonlyArray<Scalars['String']['output']>
  /** Only objects of these names, when there are any. */
  readonly resourceNames: ReadonlyArray<Scalars['String']['output']>
  /** Resources, with a sub-resource behind a slash; `*` is every resource. */
  readonly resources: ReadonlyArray<Scalars['String']['output']>
  /** Verbs; `*` is every verb. */
  readonly verbs: ReadonlyArray<Scalars['String']['output']>
}

/** One rule of a role that is written: verbs on resources, or on paths. */
export type PolicyRuleInput = {
  /** API groups; empty text is the core group, `*` every group. */
  readonly apiGroups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Paths outside the resource API. */
  readonly nonResourceURLs?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Only objects of these names, when there are any. */
  readonly resourceNames?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Resources, with a sub-resource behind a slash; `*` is every resource. */
  readonly resources?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Verbs; `*` is every verb. */
  readonly verbs: ReadonlyArray<Scalars['String']['input']>
}

/** What must be true of an object for it to be deleted. */
export type PreconditionsInput = {
  /** Version of the object. */
  readonly resourceVersion?: InputMaybe<Scalars['String']['input']>
  /** Identity of the object. */
  readonly uid?: InputMaybe<Scalars['ID']['input']>
}

/** A namespace that belongs to a workspace. */
export type Project = Node & {
  /** Annotations of the namespace. */
  readonly annotations: Scalars['StringMap']['output']
  /** Cluster of the namespace. */
  readonly cluster: Scalars['String']['output']
  /** When the namespace was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Account name of the one who created it. */
  readonly creator?: Maybe<Scalars['String']['output']>
  /** Text about the project. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Labels of the namespace. */
  readonly labels: Scalars['StringMap']['output']
  /** Accounts with a role in the project. */
  readonly members: MembershipConnection
  /** Name of the namespace. */
  readonly name: Scalars['String']['output']
  /** The namespace object. */
  readonly object?: Maybe<KubernetesObject>
  /** `Active` or `Terminating`. */
  readonly phase?: Maybe<Scalars['String']['output']>
  /** Roles of the project. */
  readonly roles: PlatformRoleConnection
  /** The workspace. */
  readonly workspace?: Maybe<Workspace>
  /** Name of the workspace. */
  readonly workspaceName: Scalars['String']['output']
}

/** A namespace that belongs to a workspace. */
export type ProjectMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  page?: InputMaybe<Scalars['Int']['input']>
  role?: InputMaybe<Scalars['String']['input']>
}

/** A namespace that belongs to a workspace. */
export type ProjectRolesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** A page of projects. */
export type ProjectConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<ProjectEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<Project>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A project in a list. */
export type ProjectEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The project. */
  readonly node: Project
}

/** What a mutation of a project gives back. */
export type ProjectPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The project as it is now. */
  readonly project?: Maybe<Project>
}

/** What happens to the objects that the deleted one owns. */
export type Propagation =
  /** They go afterwards. */
  | 'BACKGROUND'
  /** They go first. */
  | 'FOREGROUND'
  /** They stay. */
  | 'ORPHAN'

export type Query = {
  /** Answers whether somebody may do each of these, in the order asked. It takes the right to make access reviews. */
  readonly accessReview: ReadonlyArray<AccessVerdict>
  /** One application of the store; null when there is none. */
  readonly application?: Maybe<Application>
  /** Headings of the store. */
  readonly applicationCategories: ApplicationCategoryConnection
  /** One heading of the store; null when there is none. */
  readonly applicationCategory?: Maybe<ApplicationCategory>
  /** One application that is installed; null when there is none. */
  readonly applicationRelease?: Maybe<ApplicationRelease>
  /** Applications that are installed. */
  readonly applicationReleases: ApplicationReleaseConnection
  /** Uploaded versions of all applications, for those who review them. */
  readonly applicationReviews: ApplicationVersionConnection
  /** Applications of the store. */
  readonly applications: ApplicationConnection
  /** Ingress classes that a project may use. */
  readonly availableIngressClasses: ReadonlyArray<IngressClassScope>
  /** Answers whether the caller may do each of these, in the order asked. */
  readonly can: ReadonlyArray<AccessVerdict>
  /** Chart repositories. */
  readonly chartRepositories: ChartRepositoryConnection
  /** One chart repository; null when there is none. */
  readonly chartRepository?: Maybe<ChartRepository>
  /** One cluster of the platform; null when there is none of that name. */
  readonly cluster?: Maybe<Cluster>
  /** Ways to connect clusters. */
  readonly clusterConnectionConfigs: ReadonlyArray<PlatformConfig>
  /** Labels that clusters are grouped by. */
  readonly clusterLabels: ReadonlyArray<ClusterLabel>
  /** Clusters of the platform that the caller may see. */
  readonly clusters: ClusterConnection
  /** Files of the chart of an extension's version; null when there is no such version. */
  readonly extensionFiles?: Maybe<ReadonlyArray<PackageFile>>
  /** Extensions that announce a graph, and whether theirs is a part of this one. Needs the right to list APIServices. */
  readonly graphExtensions: ReadonlyArray<GraphExtension>
  /** Kinds that a cluster serves. */
  readonly kinds: ReadonlyArray<ResourceKind>
  /** How clients log in. No key, password or secret is in it. */
  readonly loginOptions: LoginOptions
  /** Attempts to log in of one account, for whoever may read these without reading the account. */
  readonly loginRecords: LoginRecordConnection
  /** The account of the caller; null for a caller without one, such as a service account or an anonymous request. */
  readonly me?: Maybe<User>
  /** Options of the many-cluster side that clients need. */
  readonly multiclusterOptions: MulticlusterOptions
  /** Any object by its global id; null when it does not exist. The id of a user, workspace, project, cluster or platform role gives that type, every other id the Kubernetes object. */
  readonly node?: Maybe<Node>
  /** Several objects by global id, in the order asked, null where one does not exist. */
  readonly nodes: ReadonlyArray<Maybe<Node>>
  /** One named configuration; null when there is none. */
  readonly platformConfig?: Maybe<PlatformConfig>
  /** Numbers of the platform's overview, as far as the caller may see them. */
  readonly platformMetrics: PlatformMetrics
  /** One role of the platform; null when there is none. */
  readonly platformRole?: Maybe<PlatformRole>
  /** Roles of one level, with whom they are bound to. */
  readonly platformRoles: PlatformRoleConnection
  /** Versions of the platform and of the host cluster. */
  readonly platformVersion: PlatformVersion
  /** One object of any kind. An object that does not exist is an error with code NOT_FOUND. */
  readonly resource?: Maybe<KubernetesObject>
  /** Objects of any kind, in all namespaces or in some. */
  readonly resources: KubernetesObjectConnection
  /** Objects of all kinds of a category in one list, each in the version that its group prefers. Status words are phases here. */
  readonly resourcesIn: KubernetesObjectConnection
  /** Templates that roles are made of. */
  readonly roleTemplates: RoleTemplateConnection
  /** Objects as the rows that the API server makes of them for those who know nothing of their kind, in the server's order. */
  readonly table: ResourceTable
  /** The look of the console: names and values as it understands them. Null when it is stored empty. */
  readonly theme?: Maybe<Scalars['StringMap']['output']>
  /** One account; null when there is none of that name. */
  readonly user?: Maybe<User>
  /** All accounts. */
  readonly users: UserConnection
  /** One workspace; null when there is none of that name. */
  readonly workspace?: Maybe<Workspace>
  /** Workspaces that the caller may see. */
  readonly workspaces: WorkspaceConnection
}

export type QueryAccessReviewArgs = {
  attributes: ReadonlyArray<AccessAttributes>
  groups?: ReadonlyArray<Scalars['String']['input']>
  user: Scalars['String']['input']
}

export type QueryApplicationArgs = {
  name: Scalars['ID']['input']
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryApplicationCategoriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

export type QueryApplicationCategoryArgs = {
  name: Scalars['ID']['input']
}

export type QueryApplicationReleaseArgs = {
  name: Scalars['ID']['input']
  namespace?: InputMaybe<Scalars['String']['input']>
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryApplicationReleasesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  application?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  namespace?: InputMaybe<Scalars['String']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryApplicationReviewsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
  states?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
}

export type QueryApplicationsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
  states?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryAvailableIngressClassesArgs = {
  namespace: Scalars['String']['input']
}

export type QueryCanArgs = {
  attributes: ReadonlyArray<AccessAttributes>
}

export type QueryChartRepositoriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryChartRepositoryArgs = {
  name: Scalars['ID']['input']
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryClusterArgs = {
  name: Scalars['ID']['input']
}

export type QueryClustersArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

export type QueryExtensionFilesArgs = {
  version: Scalars['ID']['input']
}

export type QueryKindsArgs = {
  cluster?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<KindFilter>
}

export type QueryLoginRecordsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  page?: InputMaybe<Scalars['Int']['input']>
  user: Scalars['ID']['input']
}

export type QueryNodeArgs = {
  id: Scalars['ID']['input']
}

export type QueryNodesArgs = {
  ids: ReadonlyArray<Scalars['ID']['input']>
}

export type QueryPlatformConfigArgs = {
  name: Scalars['ID']['input']
}

export type QueryPlatformRoleArgs = {
  level: RoleLevel
  name: Scalars['String']['input']
  namespace?: InputMaybe<Scalars['String']['input']>
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryPlatformRolesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  level: RoleLevel
  limit?: InputMaybe<Scalars['Int']['input']>
  namespace?: InputMaybe<Scalars['String']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
  workspace?: InputMaybe<Scalars['String']['input']>
}

export type QueryResourceArgs = {
  ref: ObjectRef
}

export type QueryResourcesArgs = {
  accessibleOnly?: Scalars['Boolean']['input']
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  cluster?: InputMaybe<Scalars['String']['input']>
  clusterTimeoutMs?: InputMaybe<Scalars['Int']['input']>
  clusters?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  consistency?: Consistency
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  kind: KindRef
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  namespace?: InputMaybe<Scalars['String']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
  resourceVersion?: InputMaybe<Scalars['String']['input']>
}

export type QueryResourcesInArgs = {
  accessibleOnly?: Scalars['Boolean']['input']
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  category: Scalars['String']['input']
  cluster?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  namespace?: InputMaybe<Scalars['String']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

export type QueryRoleTemplatesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  level?: InputMaybe<RoleLevel>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

export type QueryTableArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  cluster?: InputMaybe<Scalars['String']['input']>
  fieldSelector?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  kind: KindRef
  labelSelector?: InputMaybe<Scalars['Selector']['input']>
  namespace?: InputMaybe<Scalars['String']['input']>
}

export type QueryUserArgs = {
  name: Scalars['ID']['input']
}

export type QueryUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  globalRole?: InputMaybe<Scalars['String']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

export type QueryWorkspaceArgs = {
  name: Scalars['ID']['input']
}

export type QueryWorkspacesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** What is left of something that was deleted. */
export type RemovalPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** Global id that it had. */
  readonly id: Scalars['ID']['output']
  /** Name that it had. */
  readonly name: Scalars['String']['output']
}

/** Members to remove. */
export type RemoveMembersInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster of a cluster or namespace role; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Level of the roles. */
  readonly level: MemberLevel
  /** Namespace, at level NAMESPACE. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** At most 100 account names. */
  readonly usernames: ReadonlyArray<Scalars['String']['input']>
  /** Workspace, at level WORKSPACE. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** What the removal of members gives back. */
export type RemoveMembersPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** Names of the accounts that have no role there now, in the order of the input. */
  readonly usernames: ReadonlyArray<Scalars['String']['output']>
}

/** How long a connection lives now. */
export type RenewSessionPayload = {
  /** When the token runs out and the connection with it; null for one that never does. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>
}

/** How many objects of a kind there are. */
export type ResourceCount = {
  /** Why not: one of the codes that errors have. */
  readonly code?: Maybe<Scalars['String']['output']>
  /** Objects; null where they may not be counted. */
  readonly count?: Maybe<Scalars['Int']['output']>
  /** The kind. */
  readonly kind: ResourceKind
}

/** What the items of a list must meet; members that are given must all hold. */
export type ResourceFilter = {
  /** Filters that must all hold. */
  readonly all?: InputMaybe<ReadonlyArray<ResourceFilter>>
  /** One annotation, in the same forms as `label`. */
  readonly annotation?: InputMaybe<Scalars['String']['input']>
  /** Filters of which at least one must hold. */
  readonly any?: InputMaybe<ReadonlyArray<ResourceFilter>>
  /** Created at this moment or later. */
  readonly createdAfter?: InputMaybe<Scalars['DateTime']['input']>
  /** Created before this moment. */
  readonly createdBefore?: InputMaybe<Scalars['DateTime']['input']>
  /** Terms `path=value` or `path!=value`, separated by commas, over dotted paths of the object; a missing field is empty text. */
  readonly fieldSelector?: InputMaybe<Scalars['String']['input']>
  /** What fields must be; all of it must hold. */
  readonly fields?: InputMaybe<ReadonlyArray<FieldCondition>>
  /** One label as `key`, `key=value` or `key!=value`; the last needs the label to be there. */
  readonly label?: InputMaybe<Scalars['String']['input']>
  /** A Kubernetes label selector. Text that cannot be parsed is an error. */
  readonly labelSelector?: InputMaybe<Scalars['Selector']['input']>
  /** Text that the name or the alias of the object contains; letter case matters. */
  readonly name?: InputMaybe<Scalars['String']['input']>
  /** Exact names, any of them. */
  readonly names?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Namespaces, any of them. */
  readonly namespaces?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** A filter that must not hold. */
  readonly not?: InputMaybe<ResourceFilter>
  /** An owner, or with a `depth` an owner of owners. */
  readonly owner?: InputMaybe<OwnerFilter>
  /** Kind of an owner. */
  readonly ownerKind?: InputMaybe<Scalars['String']['input']>
  /** Uid of an owner. */
  readonly ownerUid?: InputMaybe<Scalars['ID']['input']>
  /** Status words of the kind, any of them. */
  readonly status?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Object uids, any of them. */
  readonly uids?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>
}

/** A kind that a cluster serves, from its discovery. */
export type ResourceKind = {
  /** Verbs that the caller may use, in a namespace where one is named. */
  readonly allowed: ReadonlyArray<Scalars['String']['output']>
  /** Categories, such as `all`. */
  readonly categories: ReadonlyArray<Scalars['String']['output']>
  /** Columns of its rows in `table`; asked of the API server. */
  readonly columns?: Maybe<ReadonlyArray<TableColumn>>
  /** Field of `Query` that reads one object of the kind. */
  readonly getField?: Maybe<Scalars['String']['output']>
  /** API group; empty text is the core group. */
  readonly group: Scalars['String']['output']
  /** Kind, such as `Deployment`. */
  readonly kind: Scalars['String']['output']
  /** Field of `Query` that lists objects of the kind. */
  readonly listField?: Maybe<Scalars['String']['output']>
  /** Whether objects live in namespaces. */
  readonly namespaced: Scalars['Boolean']['output']
  /** Lower-case plural, such as `deployments`. */
  readonly plural: Scalars['String']['output']
  /** Whether this is the version that the group prefers. */
  readonly preferred: Scalars['Boolean']['output']
  /** Why the kind has no type of its own. */
  readonly schemaError?: Maybe<Scalars['String']['output']>
  /** Short names, such as `deploy`. */
  readonly shortNames: ReadonlyArray<Scalars['String']['output']>
  /** Lower-case singular. */
  readonly singular: Scalars['String']['output']
  /** Which of `scale` and `status` its objects have as parts of their own. */
  readonly subresources: ReadonlyArray<Scalars['String']['output']>
  /** Name of the GraphQL type of its objects; `GenericObject` where the kind has none of its own. */
  readonly typeName: Scalars['String']['output']
  /** Verbs that the API server offers. */
  readonly verbs: ReadonlyArray<Scalars['String']['output']>
  /** API version. */
  readonly version: Scalars['String']['output']
  /** Field of `Subscription` that follows objects of the kind. */
  readonly watchField?: Maybe<Scalars['String']['output']>
}

/** A kind that a cluster serves, from its discovery. */
export type ResourceKindAllowedArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>
}

/** A kind that a cluster serves, from its discovery. */
export type ResourceKindColumnsArgs = {
  namespace?: InputMaybe<Scalars['String']['input']>
}

/** One sort key. */
export type ResourceOrder = {
  /** What to compare. */
  readonly by: ResourceSortKey
  /** Which way. */
  readonly direction?: Direction
  /** Dotted path of the field, with FIELD; a dot inside a key is written `\.`. */
  readonly path?: InputMaybe<Scalars['String']['input']>
}

/** What a list can be sorted by. Ties are ended by name, namespace and uid, so that the order is total. */
export type ResourceSortKey =
  /** When the object was created. */
  | 'CREATED_AT'
  /** The field at `path`: numbers, quantities, moments and addresses by what they stand for, anything else as text. */
  | 'FIELD'
  /** The object's name. */
  | 'NAME'
  /** The object's namespace. */
  | 'NAMESPACE'
  /** The status word of the object's kind. */
  | 'STATUS'
  /** When the object last changed, as far as its kind tells; else when it was created. */
  | 'UPDATED_AT'

/** A page of rows. */
export type ResourceTable = {
  /** What is in the cells. */
  readonly columns: ReadonlyArray<TableColumn>
  /** Where the page stands; it has no cursor but the last. */
  readonly pageInfo: PageInfo
  /** Version that the table was read at. */
  readonly resourceVersion: Scalars['String']['output']
  /** The rows. */
  readonly rows: ReadonlyArray<TableRow>
  /** Rows of the whole table, where the API server tells. */
  readonly totalCount?: Maybe<Scalars['Int']['output']>
}

/** A step of the review of one version. */
export type ReviewVersionInput = {
  /** Application name. */
  readonly application: Scalars['String']['input']
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** A sentence for the other side; the last one stays without. */
  readonly message?: InputMaybe<Scalars['String']['input']>
  /** Object name of the version. */
  readonly name: Scalars['String']['input']
  /** What is done. */
  readonly step: VersionStep
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** Where a role holds. */
export type RoleLevel =
  /** In one cluster. */
  | 'CLUSTER'
  /** Everywhere. */
  | 'GLOBAL'
  /** In one namespace of one cluster. */
  | 'NAMESPACE'
  /** In one workspace. */
  | 'WORKSPACE'

/** Someone a role is bound to. */
export type RoleSubject = {
  /** Object name of the binding. */
  readonly binding: Scalars['String']['output']
  /** `User`, `Group` or `ServiceAccount`. */
  readonly kind: Scalars['String']['output']
  /** Name of the user, group or service account. */
  readonly name: Scalars['String']['output']
  /** Namespace of a service account. */
  readonly namespace?: Maybe<Scalars['String']['output']>
  /** The account, where the subject is one. */
  readonly user?: Maybe<User>
}

/** A bundle of rules that roles are made of. */
export type RoleTemplate = {
  /** Name of the category that it is shown in. */
  readonly category?: Maybe<Scalars['String']['output']>
  /** Names of the templates that are needed beside it. */
  readonly dependencies: ReadonlyArray<Scalars['String']['output']>
  /** What it allows, for people. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Labels of the object. */
  readonly labels: Scalars['StringMap']['output']
  /** Level of the roles that it is for; null for one without a level. */
  readonly level?: Maybe<RoleLevel>
  /** Object name. */
  readonly name: Scalars['String']['output']
  /** What it allows. */
  readonly rules: ReadonlyArray<PolicyRule>
}

/** A bundle of rules that roles are made of. */
export type RoleTemplateDescriptionArgs = {
  language?: Scalars['String']['input']
}

/** A bundle of rules that roles are made of. */
export type RoleTemplateDisplayNameArgs = {
  language?: Scalars['String']['input']
}

/** A page of role templates. */
export type RoleTemplateConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<RoleTemplateEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<RoleTemplate>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A role template in a list. */
export type RoleTemplateEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The template. */
  readonly node: RoleTemplate
}

/**
 * How many copies of something are wanted, and how many there are. The API server works it out of the object, whatever kind
 * that is of.
 */
export type Scale = {
  /** Copies that there are. */
  readonly currentReplicas: Scalars['Int']['output']
  /** Copies that are wanted. */
  readonly replicas: Scalars['Int']['output']
  /** Label selector of the copies; null where the object does not say. */
  readonly selector?: Maybe<Scalars['String']['output']>
}

/** What scaling an object gives back. */
export type ScalePayload = {
  /** The object; null, with an error, for those who may scale it and not read it. */
  readonly object?: Maybe<KubernetesObject>
  /** The scale as it is now; in a dry run, as it would be. */
  readonly scale: Scale
  /** What the API server warns of. */
  readonly warnings: ReadonlyArray<Scalars['String']['output']>
}

/** What a schema is known by. */
export type SchemaVersion = {
  /** Names what the types of kinds are made of: replicas that see the same cluster have the same. Empty while they are not there yet. */
  readonly hash: Scalars['String']['output']
  /** How many kinds have types. */
  readonly kinds: Scalars['Int']['output']
}

/** A change of a password. */
export type SetPasswordInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** The password so far; needed for one's own account. */
  readonly currentPassword?: InputMaybe<Scalars['String']['input']>
  /** Account name. */
  readonly name: Scalars['String']['input']
  /** The new password; without any character the account is left without one. */
  readonly password: Scalars['String']['input']
}

/** A look of the console. */
export type SetThemeInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** All of it; what is absent is gone. */
  readonly theme: Scalars['StringMap']['input']
}

/** A part of an object that is written by itself. */
export type Subresource =
  /** What has become of the object, as those write it who see to it. */
  'STATUS'

export type Subscription = {
  /** Clusters of the platform, told of as `resourcesChanged` tells of objects. */
  readonly clustersChanged: ClusterChange
  /**
   * Runs a shell or a command. `ExecStarted` comes first, then the output as it comes, `ExecExited` last, however it ends.
   * Whoever ends the subscription ends the program; whoever takes the output slowly slows it down. Needs what the terminals
   * of the REST interface need, all the time.
   */
  readonly exec: ExecEvent
  /**
   * The logs of a pod's containers, until each has ended. Needs `get pods/log` of the pod, all the time; in a member cluster
   * also `list` and `watch` of the pods of its namespace.
   */
  readonly podLogs: LogChunk
  /** How many objects of some kinds there are: at once, then after changes, at most every five seconds. */
  readonly resourceCounts: ReadonlyArray<ResourceCount>
  /**
   * What happens to the objects of any kind: those that are there as ADDED, then SYNCED, then each change. Folding the
   * events gives the list. Ends with FORBIDDEN once the right to watch is gone, with SLOW_CONSUMER for a client that reads
   * too slowly, and with SCHEMA_CHANGED when the kind goes; then `extensions.resume` says where to go on.
   */
  readonly resourcesChanged: KubernetesObjectChange
  /** The schema of this server: which one it is now, and again whenever the types of kinds come, go or change. */
  readonly schemaChanged: SchemaVersion
  /** Accounts of the platform, told of as `resourcesChanged` tells of objects. */
  readonly usersChanged: UserChange
  /**
   * The logs of many pods of one namespace. When followed, pods that come and containers that start again are read from
   * their start, and it ends once the workload is gone, or a Job done, and its pods are. Needs `list pods` there and `get
   * pods/log` of each pod, all the time; the log of a pod that is not the caller's is told as FAILED.
   */
  readonly workloadLogs: LogChunk
  /** Workspaces, told of as `resourcesChanged` tells of objects. */
  readonly workspacesChanged: WorkspaceChange
}

export type SubscriptionClustersChangedArgs = {
  filter?: InputMaybe<ResourceFilter>
  initial?: Scalars['Boolean']['input']
  onlySelected?: Scalars['Boolean']['input']
  resume?: InputMaybe<Scalars['String']['input']>
  throttleMs?: Scalars['Int']['input']
}

export type SubscriptionExecArgs = {
  cols?: InputMaybe<Scalars['Int']['input']>
  command?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  encoding?: Encoding
  rows?: InputMaybe<Scalars['Int']['input']>
  shell?: InputMaybe<Scalars['String']['input']>
  target: ExecTarget
  tty?: Scalars['Boolean']['input']
}

export type SubscriptionPodLogsArgs = {
  containers?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  encoding?: Encoding
  follow?: Scalars['Boolean']['input']
  limitBytes?: InputMaybe<Scalars['Int64']['input']>
  match?: InputMaybe<Scalars['String']['input']>
  pod: ObjectTarget
  previous?: Scalars['Boolean']['input']
  sinceSeconds?: InputMaybe<Scalars['Int']['input']>
  sinceTime?: InputMaybe<Scalars['DateTime']['input']>
  tailLines?: InputMaybe<Scalars['Int']['input']>
  timestamps?: Scalars['Boolean']['input']
}

export type SubscriptionResourceCountsArgs = {
  kinds: ReadonlyArray<KindRef>
  namespaces?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
}

export type SubscriptionResourcesChangedArgs = {
  accessibleOnly?: Scalars['Boolean']['input']
  cluster?: InputMaybe<Scalars['String']['input']>
  clusters?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  filter?: InputMaybe<ResourceFilter>
  initial?: Scalars['Boolean']['input']
  kind: KindRef
  mode?: WatchMode
  namespaces?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  onlySelected?: Scalars['Boolean']['input']
  resume?: InputMaybe<Scalars['String']['input']>
  throttleMs?: Scalars['Int']['input']
}

export type SubscriptionUsersChangedArgs = {
  filter?: InputMaybe<ResourceFilter>
  initial?: Scalars['Boolean']['input']
  onlySelected?: Scalars['Boolean']['input']
  resume?: InputMaybe<Scalars['String']['input']>
  throttleMs?: Scalars['Int']['input']
}

export type SubscriptionWorkloadLogsArgs = {
  cluster?: InputMaybe<Scalars['String']['input']>
  containers?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  encoding?: Encoding
  follow?: Scalars['Boolean']['input']
  limitBytes?: InputMaybe<Scalars['Int64']['input']>
  match?: InputMaybe<Scalars['String']['input']>
  namespace?: InputMaybe<Scalars['String']['input']>
  previous?: Scalars['Boolean']['input']
  selector?: InputMaybe<Scalars['Selector']['input']>
  sinceSeconds?: InputMaybe<Scalars['Int']['input']>
  sinceTime?: InputMaybe<Scalars['DateTime']['input']>
  tailLines?: InputMaybe<Scalars['Int']['input']>
  timestamps?: Scalars['Boolean']['input']
  workload?: InputMaybe<ObjectRef>
}

export type SubscriptionWorkspacesChangedArgs = {
  filter?: InputMaybe<ResourceFilter>
  initial?: Scalars['Boolean']['input']
  onlySelected?: Scalars['Boolean']['input']
  resume?: InputMaybe<Scalars['String']['input']>
  throttleMs?: Scalars['Int']['input']
}

/** A column of a table. */
export type TableColumn = {
  /** A sentence for people. */
  readonly description: Scalars['String']['output']
  /** Format of the cells, as OpenAPI has it; `name` marks the object's name. */
  readonly format: Scalars['String']['output']
  /** Heading. */
  readonly name: Scalars['String']['output']
  /** 0 for what is always shown; the more, the sooner it is left out. */
  readonly priority: Scalars['Int']['output']
  /** Type of the cells, as OpenAPI has it: `string`, `integer`, `number`, `boolean` or `date`. */
  readonly type: Scalars['String']['output']
}

/** A row of a table. */
export type TableRow = {
  /** One for each column. */
  readonly cells: ReadonlyArray<Maybe<Scalars['JSON']['output']>>
  /** Opaque id of the object. */
  readonly id: Scalars['ID']['output']
  /** Name of the object. */
  readonly name: Scalars['String']['output']
  /** Namespace of the object; null for a kind without namespaces. */
  readonly namespace?: Maybe<Scalars['String']['output']>
  /** The object itself; null when it is gone. */
  readonly object?: Maybe<KubernetesObject>
}

/** The look of the console after it was set. */
export type ThemePayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The look as it is now. */
  readonly theme?: Maybe<Scalars['StringMap']['output']>
}

/** What is to change of an application. */
export type UpdateApplicationInput = {
  /** A shorter text about it. */
  readonly abstraction?: InputMaybe<Scalars['String']['input']>
  /** Ids of pictures and other files that belong to it. */
  readonly attachments?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Category. */
  readonly category?: InputMaybe<Scalars['String']['input']>
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Text about it. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Where more about it can be read. */
  readonly home?: InputMaybe<Scalars['String']['input']>
  /** Address or data of its picture. */
  readonly icon?: InputMaybe<Scalars['String']['input']>
  /** Application name. */
  readonly name: Scalars['String']['input']
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** What is to change of a label. */
export type UpdateClusterLabelInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Key. */
  readonly key: Scalars['String']['input']
  /** Object name of the label. */
  readonly name: Scalars['String']['input']
  /** Value. */
  readonly value: Scalars['String']['input']
}

/** Another kubeconfig for a member. */
export type UpdateKubeconfigInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** The kubeconfig's text. */
  readonly kubeconfig: Scalars['String']['input']
  /** Cluster name. */
  readonly name: Scalars['String']['input']
}

/** Another role for a member. */
export type UpdateMemberInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster of a cluster or namespace role; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Level of the role. */
  readonly level: MemberLevel
  /** Namespace, at level NAMESPACE. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Object name of the role. */
  readonly role: Scalars['String']['input']
  /** Account name. */
  readonly username: Scalars['String']['input']
  /** Workspace, at level WORKSPACE. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** Changes of a role. */
export type UpdateRoleInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Cluster of a cluster or namespace role; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Text about the role. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Level of the role. */
  readonly level: RoleLevel
  /** Object name. */
  readonly name: Scalars['String']['input']
  /** Namespace, at level NAMESPACE. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Version of the object that the change is for; with another one stored it is refused (`CONFLICT`). */
  readonly resourceVersion?: InputMaybe<Scalars['String']['input']>
  /** All rules; beside those of the templates, when these are given too. */
  readonly rules?: InputMaybe<ReadonlyArray<PolicyRuleInput>>
  /** Names of all role templates that it is made of; its rules are then theirs and those given here. */
  readonly templates?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Workspace, at level WORKSPACE. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** Changes of an account. */
export type UpdateUserInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Free text about the account. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Mail address, not used by another account. */
  readonly email?: InputMaybe<Scalars['String']['input']>
  /** Name of the global role, in place of the one that is bound; it cannot be taken away without another. */
  readonly globalRole?: InputMaybe<Scalars['String']['input']>
  /** Names of all groups, for callers who manage accounts. */
  readonly groups?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>
  /** Language, such as `en`. */
  readonly lang?: InputMaybe<Scalars['String']['input']>
  /** Account name. */
  readonly name: Scalars['String']['input']
  /** Version of the object that the change is for; with another one stored it is refused (`CONFLICT`). */
  readonly resourceVersion?: InputMaybe<Scalars['String']['input']>
}

/** What is to change of a release. */
export type UpgradeReleaseInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Text about it. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Release name. */
  readonly name: Scalars['String']['input']
  /** Namespace that it happens in, instead of a workspace. */
  readonly namespace?: InputMaybe<Scalars['String']['input']>
  /** Values in YAML, in place of those before. */
  readonly values?: InputMaybe<Scalars['String']['input']>
  /** Object name of the version. */
  readonly version?: InputMaybe<Scalars['String']['input']>
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** An application to upload. */
export type UploadApplicationInput = {
  /** A shorter text about it. */
  readonly abstraction?: InputMaybe<Scalars['String']['input']>
  /** Category; uncategorized by default. */
  readonly category?: InputMaybe<Scalars['String']['input']>
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Text about it; by default the chart's. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people; by default the chart's. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Where more about it can be read; by default the chart's. */
  readonly home?: InputMaybe<Scalars['String']['input']>
  /** Address or data of its picture; by default the chart's. */
  readonly icon?: InputMaybe<Scalars['String']['input']>
  /** Application name; by default one that is made out of the chart's. Needed for plain objects. */
  readonly name?: InputMaybe<Scalars['String']['input']>
  /** A chart archive, or YAML documents: at most 1 MiB, with a bucket configured 2 MiB; larger ones go by REST. */
  readonly package: Scalars['Base64']['input']
  /** `helm` for charts; `yaml` or `edge` for plain objects. */
  readonly type?: Scalars['String']['input']
  /** Version; by default the chart's, needed for plain objects. */
  readonly version?: InputMaybe<Scalars['String']['input']>
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** What an upload gives back. */
export type UploadApplicationPayload = {
  /** The application. */
  readonly application?: Maybe<Application>
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** Its first version. */
  readonly version?: Maybe<ApplicationVersion>
}

/** A version to upload. */
export type UploadVersionInput = {
  /** Application name. */
  readonly application: Scalars['String']['input']
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Text about it; by default the chart's. */
  readonly description?: InputMaybe<Scalars['String']['input']>
  /** Name for people; by default the chart's. */
  readonly displayName?: InputMaybe<Scalars['String']['input']>
  /** Where more about it can be read; by default the chart's. */
  readonly home?: InputMaybe<Scalars['String']['input']>
  /** Address or data of its picture; by default the chart's. */
  readonly icon?: InputMaybe<Scalars['String']['input']>
  /** A chart archive, or YAML documents: at most 1 MiB, with a bucket configured 2 MiB; larger ones go by REST. */
  readonly package: Scalars['Base64']['input']
  /** `helm` for charts; `yaml` or `edge` for plain objects. */
  readonly type?: Scalars['String']['input']
  /** Version; by default the chart's, needed for plain objects. */
  readonly version?: InputMaybe<Scalars['String']['input']>
  /** Workspace that it happens in; the whole platform without one. */
  readonly workspace?: InputMaybe<Scalars['String']['input']>
}

/** An account of the platform. */
export type User = Node & {
  /** Answers whether the account, logged in by a token, may do each of these, in the order asked. */
  readonly can: ReadonlyArray<AccessVerdict>
  /** When the account was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Free text about the account. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Mail address. */
  readonly email?: Maybe<Scalars['String']['output']>
  /** The role that the account has everywhere; to look into it takes the right to read global roles. */
  readonly globalRole?: Maybe<PlatformRole>
  /** Object name of the role that the account has everywhere. */
  readonly globalRoleName?: Maybe<Scalars['String']['output']>
  /** Names of the groups the account is in. */
  readonly groups: ReadonlyArray<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Language that the account has chosen, such as `en`. */
  readonly lang?: Maybe<Scalars['String']['output']>
  /** When the account last logged in. */
  readonly lastLoginTime?: Maybe<Scalars['DateTime']['output']>
  /** The last logins and failed attempts. */
  readonly loginRecords: LoginRecordConnection
  /** Roles bound to the account, of one level or of all. */
  readonly memberships: ReadonlyArray<Membership>
  /** Account name, used to log in. */
  readonly name: Scalars['String']['output']
  /** The Kubernetes object behind the account. */
  readonly object?: Maybe<KubernetesObject>
  /** Templates of the role that the account has at a level, in role order. */
  readonly roleTemplates: ReadonlyArray<RoleTemplate>
  /** Whether the account may log in. */
  readonly status: UserStatus
  /** Workspaces that the account has a role in, as far as the caller may see them. */
  readonly workspaces: WorkspaceConnection
}

/** An account of the platform. */
export type UserCanArgs = {
  attributes: ReadonlyArray<AccessAttributes>
}

/** An account of the platform. */
export type UserLoginRecordsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
}

/** An account of the platform. */
export type UserMembershipsArgs = {
  level?: InputMaybe<RoleLevel>
}

/** An account of the platform. */
export type UserRoleTemplatesArgs = {
  level: RoleLevel
  namespace?: InputMaybe<Scalars['String']['input']>
  workspace?: InputMaybe<Scalars['String']['input']>
}

/** An account of the platform. */
export type UserWorkspacesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** An account that came, changed or went. */
export type UserChange = {
  /** The account as it is now, or as it was when it went. Null where no single account is meant. */
  readonly object?: Maybe<User>
  /** The account as it was told before. Of MODIFIED only. */
  readonly previous?: Maybe<User>
  /** Opaque place in the history: give it as `resume` to go on behind this event. */
  readonly resume: Scalars['String']['output']
  /** What happened. */
  readonly type: ChangeType
}

/** A page of accounts. */
export type UserConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<UserEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<User>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** An account in a list. */
export type UserEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The account. */
  readonly node: User
}

/** An account by name. */
export type UserInput = {
  /** Text that comes back in the payload. */
  readonly clientMutationId?: InputMaybe<Scalars['String']['input']>
  /** Account name. */
  readonly name: Scalars['String']['input']
}

/** What a mutation of an account gives back. */
export type UserPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The account as it is now. */
  readonly user?: Maybe<User>
}

/** State of an account. */
export type UserStatus =
  /** May log in. */
  | 'ACTIVE'
  /** Locked for a while after too many failed logins. */
  | 'AUTH_LIMIT_EXCEEDED'
  /** Closed by an administrator. */
  | 'DISABLED'
  /** Known from an identity provider or not yet set up. */
  | 'PENDING'

/** What a try gives back: an error that says what stands against it. */
export type ValidateClusterPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** True. */
  readonly ok: Scalars['Boolean']['output']
}

/** What a try gives back: an error when the repository cannot be read. */
export type VerifyChartRepositoryPayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** True. */
  readonly ok: Scalars['Boolean']['output']
}

/** A step of a version's review. */
export type VersionStep =
  /** Can be installed from now on. */
  | 'ACTIVATE'
  /** What was submitted may be activated. */
  | 'APPROVE'
  /** What was submitted is refused. */
  | 'REJECT'
  /** A draft, or what was rejected, is to be reviewed. */
  | 'SUBMIT'
  /** Can no longer be installed. */
  | 'SUSPEND'
  /** What was submitted is a draft again. */
  | 'WITHDRAW'

/** What a watch tells of. */
export type WatchMode =
  /** Every object by itself. */
  | 'EVENTS'
  /** That something changed, at most once a second, and nothing of what: for those who read again. */
  | 'NOTIFY'
  /** A page of the list whenever it changes, as `rows`. */
  | 'ROWS'

/** A group of projects and people across clusters. */
export type Workspace = Node & {
  /** Annotations of the object. */
  readonly annotations: Scalars['StringMap']['output']
  /** Clusters that the workspace may use. */
  readonly clusters: ReadonlyArray<Cluster>
  /** When the workspace was created. */
  readonly createdAt: Scalars['DateTime']['output']
  /** Text about the workspace. */
  readonly description?: Maybe<Scalars['String']['output']>
  /** Name for people. */
  readonly displayName?: Maybe<Scalars['String']['output']>
  /** Opaque id, unique in the whole graph, stable while the object keeps its name. */
  readonly id: Scalars['ID']['output']
  /** Labels of the object. */
  readonly labels: Scalars['StringMap']['output']
  /** The account that manages the workspace. */
  readonly manager?: Maybe<User>
  /** Account name of the manager. */
  readonly managerName?: Maybe<Scalars['String']['output']>
  /** One member; null for an account without a role in the workspace. */
  readonly member?: Maybe<Membership>
  /** Accounts with a role in the workspace. */
  readonly members: MembershipConnection
  /** Numbers of the workspace's overview. */
  readonly metrics?: Maybe<WorkspaceMetrics>
  /** Name, unique on the platform. */
  readonly name: Scalars['String']['output']
  /** The Kubernetes object behind the workspace. */
  readonly object?: Maybe<KubernetesObject>
  /** Projects of the workspace that the caller may see. */
  readonly projects: ProjectConnection
  /** What all projects in the host cluster may use together; null where nothing is said. */
  readonly quota?: Maybe<WorkspaceQuota>
  /** Roles of the workspace. */
  readonly roles: PlatformRoleConnection
}

/** A group of projects and people across clusters. */
export type WorkspaceMemberArgs = {
  username: Scalars['String']['input']
}

/** A group of projects and people across clusters. */
export type WorkspaceMembersArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  page?: InputMaybe<Scalars['Int']['input']>
  role?: InputMaybe<Scalars['String']['input']>
}

/** A group of projects and people across clusters. */
export type WorkspaceProjectsArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** A group of projects and people across clusters. */
export type WorkspaceQuotaArgs = {
  name?: InputMaybe<Scalars['String']['input']>
}

/** A group of projects and people across clusters. */
export type WorkspaceRolesArgs = {
  after?: InputMaybe<Scalars['String']['input']>
  before?: InputMaybe<Scalars['String']['input']>
  filter?: InputMaybe<ResourceFilter>
  first?: InputMaybe<Scalars['Int']['input']>
  last?: InputMaybe<Scalars['Int']['input']>
  limit?: InputMaybe<Scalars['Int']['input']>
  orderBy?: InputMaybe<ReadonlyArray<ResourceOrder>>
  page?: InputMaybe<Scalars['Int']['input']>
}

/** A workspace that came, changed or went. */
export type WorkspaceChange = {
  /** The workspace as it is now, or as it was when it went. Null where no single workspace is meant. */
  readonly object?: Maybe<Workspace>
  /** The workspace as it was told before. Of MODIFIED only. */
  readonly previous?: Maybe<Workspace>
  /** Opaque place in the history: give it as `resume` to go on behind this event. */
  readonly resume: Scalars['String']['output']
  /** What happened. */
  readonly type: ChangeType
}

/** A page of workspaces. */
export type WorkspaceConnection = {
  /** Items with their cursors. */
  readonly edges: ReadonlyArray<WorkspaceEdge>
  /** The items alone. */
  readonly nodes: ReadonlyArray<Workspace>
  /** Pages of the whole list, at this page size. */
  readonly pageCount: Scalars['Int']['output']
  /** Where the page stands. */
  readonly pageInfo: PageInfo
  /** Items of the whole list. */
  readonly totalCount: Scalars['Int']['output']
}

/** A workspace in a list. */
export type WorkspaceEdge = {
  /** Opaque position in the list. */
  readonly cursor: Scalars['String']['output']
  /** The workspace. */
  readonly node: Workspace
}

/** Numbers of a workspace's overview. */
export type WorkspaceMetrics = {
  /** Projects that the caller may see. */
  readonly projects: Scalars['Int']['output']
  /** Bindings of roles of the workspace to people and groups. */
  readonly roleBindings: Scalars['Int']['output']
  /** Roles of the workspace. */
  readonly roles: Scalars['Int']['output']
}

/** What a mutation of a workspace gives back. */
export type WorkspacePayload = {
  /** Text that the caller sent along. */
  readonly clientMutationId?: Maybe<Scalars['String']['output']>
  /** The workspace as it is now. */
  readonly workspace?: Maybe<Workspace>
}

/** What all projects of a workspace may use together. */
export type WorkspaceQuota = {
  /** Most of each resource. */
  readonly hard: Scalars['StringMap']['output']
  /** Name of the quota. */
  readonly name: Scalars['String']['output']
  /** What is used of each resource. */
  readonly used: Scalars['StringMap']['output']
}

/** How to write. */
export type WriteOptionsInput = {
  /** Cluster; the host cluster when absent. */
  readonly cluster?: InputMaybe<Scalars['String']['input']>
  /** Goes through permission, defaults and admission without storing anything. */
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>
  /** Who the written fields belong to; `ks-facade` when absent. */
  readonly fieldManager?: InputMaybe<Scalars['String']['input']>
  /** How strictly unknown fields are looked at. */
  readonly fieldValidation?: InputMaybe<FieldValidation>
}

export type ResolverTypeWrapper<T> = Promise<T> | T

export type ReferenceResolver<TResult, TReference, TContext> = (
  reference: TReference,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult

type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>
type NullableCheck<T, S> =
  Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>
type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>
export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> }

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>
}
export type Resolver<
  TResult,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ResolverFn<TResult, TParent, TContext, TArgs>
  | ResolverWithResolve<TResult, TParent, TContext, TArgs>

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>

export interface SubscriptionSubscriberObject<
  TResult,
  TKey extends string,
  TParent,
  TContext,
  TArgs,
> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<unknown, TParent, TContext, TArgs>
  resolve: SubscriptionResolveFn<TResult, unknown, TContext, TArgs>
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>

export type SubscriptionResolver<
  TResult,
  TKey extends string,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ((...args: never[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>

export type TypeResolveFn<
  TTypes,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo,
) => Maybe<TTypes> | Promise<Maybe<TTypes>>

export type IsTypeOfResolverFn<
  T = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>

export type NextResolverFn<T> = () => Promise<T>

export type DirectiveResolverFn<
  TResult = Record<PropertyKey, never>,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>

/** Mapping of federation types */
export type FederationTypes = {
  Application: Application
  ApplicationCategory: ApplicationCategory
  ApplicationRelease: ApplicationRelease
  ApplicationVersion: ApplicationVersion
  ChartRepository: ChartRepository
  Cluster: Cluster
  GenericObject: GenericObject
  KubernetesObject: KubernetesObject
  PlatformRole: PlatformRole
  User: User
  Workspace: Workspace
}

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Application: { __typename: 'Application' } & (
    | GraphQLRecursivePick<FederationTypes['Application'], { name: true }>
    | GraphQLRecursivePick<FederationTypes['Application'], { id: true }>
  )
  ApplicationCategory: { __typename: 'ApplicationCategory' } & (
    | GraphQLRecursivePick<FederationTypes['ApplicationCategory'], { name: true }>
    | GraphQLRecursivePick<FederationTypes['ApplicationCategory'], { id: true }>
  )
  ApplicationRelease: { __typename: 'ApplicationRelease' } & (
    | GraphQLRecursivePick<FederationTypes['ApplicationRelease'], { name: true }>
    | GraphQLRecursivePick<FederationTypes['ApplicationRelease'], { id: true }>
  )
  ApplicationVersion: { __typename: 'ApplicationVersion' } & GraphQLRecursivePick<
    FederationTypes['ApplicationVersion'],
    { id: true }
  >
  ChartRepository: { __typename: 'ChartRepository' } & (
    | GraphQLRecursivePick<FederationTypes['ChartRepository'], { name: true }>
    | GraphQLRecursivePick<FederationTypes['ChartRepository'], { id: true }>
  )
  Cluster: { __typename: 'Cluster' } & (
    | GraphQLRecursivePick<FederationTypes['Cluster'], { name: true }>
    | GraphQLRecursivePick<FederationTypes['Cluster'], { id: true }>
  )
  GenericObject: { __typename: 'GenericObject' } & GraphQLRecursivePick<
    FederationTypes['GenericObject'],
    { id: true }
  >
  KubernetesObject: { __typename: 'KubernetesObject' } & GraphQLRecursivePick<
    FederationTypes['KubernetesObject'],
    { id: true }
  >
  PlatformRole: { __typename: 'PlatformRole' } & (
    | GraphQLRecursivePick<FederationTypes['PlatformRole'], { id: true }>
    | GraphQLRecursivePick<
        FederationTypes['PlatformRole'],
        { level: true; scope: true; name: true }
      >
  )
  User: { __typename: 'User' } & (
    | GraphQLRecursivePick<FederationTypes['User'], { name: true }>
    | GraphQLRecursivePick<FederationTypes['User'], { id: true }>
  )
  Workspace: { __typename: 'Workspace' } & (
    | GraphQLRecursivePick<FederationTypes['Workspace'], { name: true }>
    | GraphQLRecursivePick<FederationTypes['Workspace'], { id: true }>
  )
}

/** Mapping of union types */
export type ResolversUnionTypes<_RefType extends Record<string, unknown>> = {
  ExecEvent: ExecExited | ExecOutput | ExecStarted
}

/** Mapping of interface types */
export type ResolversInterfaceTypes<_RefType extends Record<string, unknown>> = {
  KubernetesObject: ResourceObjectModel
  Node:
    | ApplicationModel
    | ApplicationCategoryModel
    | ApplicationReleaseModel
    | ApplicationVersionModel
    | ChartRepositoryModel
    | ClusterModel
    | ResourceObjectModel
    | PlatformRoleModel
    | ProjectModel
    | UserModel
    | WorkspaceModel
}

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  AccessAttributes: AccessAttributes
  String: ResolverTypeWrapper<Scalars['String']['output']>
  AccessVerdict: ResolverTypeWrapper<AccessVerdict>
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>
  AddMembersInput: AddMembersInput
  Application: ResolverTypeWrapper<ApplicationModel>
  ID: ResolverTypeWrapper<Scalars['ID']['output']>
  Int: ResolverTypeWrapper<Scalars['Int']['output']>
  ApplicationCategory: ResolverTypeWrapper<ApplicationCategoryModel>
  ApplicationCategoryConnection: ResolverTypeWrapper<
    Omit<ApplicationCategoryConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ApplicationCategoryEdge']>
      nodes: ReadonlyArray<ResolversTypes['ApplicationCategory']>
    }
  >
  ApplicationCategoryEdge: ResolverTypeWrapper<
    Omit<ApplicationCategoryEdge, 'node'> & { node: ResolversTypes['ApplicationCategory'] }
  >
  ApplicationCategoryPayload: ResolverTypeWrapper<
    Omit<ApplicationCategoryPayload, 'category'> & {
      category?: Maybe<ResolversTypes['ApplicationCategory']>
    }
  >
  ApplicationConnection: ResolverTypeWrapper<
    Omit<ApplicationConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ApplicationEdge']>
      nodes: ReadonlyArray<ResolversTypes['Application']>
    }
  >
  ApplicationEdge: ResolverTypeWrapper<
    Omit<ApplicationEdge, 'node'> & { node: ResolversTypes['Application'] }
  >
  ApplicationInput: ApplicationInput
  ApplicationMaintainer: ResolverTypeWrapper<ApplicationMaintainer>
  ApplicationPayload: ResolverTypeWrapper<
    Omit<ApplicationPayload, 'application'> & { application?: Maybe<ResolversTypes['Application']> }
  >
  ApplicationPreview: ResolverTypeWrapper<ApplicationPreview>
  ApplicationRelease: ResolverTypeWrapper<ApplicationReleaseModel>
  ApplicationReleaseConnection: ResolverTypeWrapper<
    Omit<ApplicationReleaseConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ApplicationReleaseEdge']>
      nodes: ReadonlyArray<ResolversTypes['ApplicationRelease']>
    }
  >
  ApplicationReleaseEdge: ResolverTypeWrapper<
    Omit<ApplicationReleaseEdge, 'node'> & { node: ResolversTypes['ApplicationRelease'] }
  >
  ApplicationReleaseInput: ApplicationReleaseInput
  ApplicationReleasePayload: ResolverTypeWrapper<
    Omit<ApplicationReleasePayload, 'release'> & {
      release?: Maybe<ResolversTypes['ApplicationRelease']>
    }
  >
  ApplicationResource: ResolverTypeWrapper<ApplicationResource>
  ApplicationVersion: ResolverTypeWrapper<ApplicationVersionModel>
  ApplicationVersionConnection: ResolverTypeWrapper<
    Omit<ApplicationVersionConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ApplicationVersionEdge']>
      nodes: ReadonlyArray<ResolversTypes['ApplicationVersion']>
    }
  >
  ApplicationVersionEdge: ResolverTypeWrapper<
    Omit<ApplicationVersionEdge, 'node'> & { node: ResolversTypes['ApplicationVersion'] }
  >
  ApplicationVersionInput: ApplicationVersionInput
  ApplicationVersionPayload: ResolverTypeWrapper<
    Omit<ApplicationVersionPayload, 'version'> & {
      version?: Maybe<ResolversTypes['ApplicationVersion']>
    }
  >
  ApplyConflict: ResolverTypeWrapper<ApplyConflict>
  ApplyOptionsInput: ApplyOptionsInput
  AssignRoleInput: AssignRoleInput
  Base64: ResolverTypeWrapper<Scalars['Base64']['output']>
  CategoryInput: CategoryInput
  CategoryNameInput: CategoryNameInput
  ChangeType: ChangeType
  ChartRepository: ResolverTypeWrapper<ChartRepositoryModel>
  ChartRepositoryConnection: ResolverTypeWrapper<
    Omit<ChartRepositoryConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ChartRepositoryEdge']>
      nodes: ReadonlyArray<ResolversTypes['ChartRepository']>
    }
  >
  ChartRepositoryEdge: ResolverTypeWrapper<
    Omit<ChartRepositoryEdge, 'node'> & { node: ResolversTypes['ChartRepository'] }
  >
  ChartRepositoryEvent: ResolverTypeWrapper<ChartRepositoryEventModel>
  ChartRepositoryEventConnection: ResolverTypeWrapper<
    Omit<ChartRepositoryEventConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ChartRepositoryEventEdge']>
      nodes: ReadonlyArray<ResolversTypes['ChartRepositoryEvent']>
    }
  >
  ChartRepositoryEventEdge: ResolverTypeWrapper<
    Omit<ChartRepositoryEventEdge, 'node'> & { node: ResolversTypes['ChartRepositoryEvent'] }
  >
  ChartRepositoryInput: ChartRepositoryInput
  ChartRepositoryNameInput: ChartRepositoryNameInput
  ChartRepositoryPayload: ResolverTypeWrapper<
    Omit<ChartRepositoryPayload, 'repository'> & {
      repository?: Maybe<ResolversTypes['ChartRepository']>
    }
  >
  Cluster: ResolverTypeWrapper<ClusterModel>
  ClusterChange: ResolverTypeWrapper<
    Omit<ClusterChange, 'object' | 'previous'> & {
      object?: Maybe<ResolversTypes['Cluster']>
      previous?: Maybe<ResolversTypes['Cluster']>
    }
  >
  ClusterConnection: ResolverTypeWrapper<
    Omit<ClusterConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ClusterEdge']>
      nodes: ReadonlyArray<ResolversTypes['Cluster']>
    }
  >
  ClusterEdge: ResolverTypeWrapper<Omit<ClusterEdge, 'node'> & { node: ResolversTypes['Cluster'] }>
  ClusterInput: ClusterInput
  ClusterLabel: ResolverTypeWrapper<ClusterLabelModel>
  ClusterLabelInput: ClusterLabelInput
  ClusterLabelsPayload: ResolverTypeWrapper<
    Omit<ClusterLabelsPayload, 'labels'> & { labels: ReadonlyArray<ResolversTypes['ClusterLabel']> }
  >
  ClusterPayload: ResolverTypeWrapper<
    Omit<ClusterPayload, 'cluster'> & { cluster?: Maybe<ResolversTypes['Cluster']> }
  >
  ClusterResult: ResolverTypeWrapper<ClusterResult>
  Float: ResolverTypeWrapper<Scalars['Float']['output']>
  Condition: ResolverTypeWrapper<Condition>
  Consistency: Consistency
  CreateClusterLabelsInput: CreateClusterLabelsInput
  CreateProjectInput: CreateProjectInput
  CreateReleaseInput: CreateReleaseInput
  CreateRoleInput: CreateRoleInput
  CreateUserInput: CreateUserInput
  CreateWorkspaceInput: CreateWorkspaceInput
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>
  DeleteClusterLabelsInput: DeleteClusterLabelsInput
  DeleteClusterLabelsPayload: ResolverTypeWrapper<DeleteClusterLabelsPayload>
  DeleteOptionsInput: DeleteOptionsInput
  DeletePayload: ResolverTypeWrapper<DeletePayload>
  DeletePlatformRolePayload: ResolverTypeWrapper<DeletePlatformRolePayload>
  DeleteRoleInput: DeleteRoleInput
  DeleteUserPayload: ResolverTypeWrapper<DeleteUserPayload>
  Direction: Direction
  Duration: ResolverTypeWrapper<Scalars['Duration']['output']>
  Encoding: Encoding
  ExecAck: ResolverTypeWrapper<ExecAck>
  ExecEnd: ExecEnd
  ExecEvent: ResolverTypeWrapper<ResolversUnionTypes<ResolversTypes>['ExecEvent']>
  ExecExited: ResolverTypeWrapper<ExecExited>
  ExecOutput: ResolverTypeWrapper<ExecOutput>
  ExecPodTarget: ExecPodTarget
  ExecStarted: ResolverTypeWrapper<ExecStarted>
  ExecStream: ExecStream
  ExecTarget: ExecTarget
  FieldCondition: FieldCondition
  FieldOperator: FieldOperator
  FieldValidation: FieldValidation
  Freshness: Freshness
  GenericObject: ResolverTypeWrapper<ResourceObjectModel>
  GrantClusterInput: GrantClusterInput
  GraphExtension: ResolverTypeWrapper<GraphExtension>
  GraphExtensionState: GraphExtensionState
  IdentityProvider: ResolverTypeWrapper<IdentityProvider>
  IngressClassScope: ResolverTypeWrapper<IngressClassScopeModel>
  Int64: ResolverTypeWrapper<Scalars['Int64']['output']>
  IntOrString: ResolverTypeWrapper<Scalars['IntOrString']['output']>
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>
  JoinClusterInput: JoinClusterInput
  JsonPatchOperation: JsonPatchOperation
  KindFilter: KindFilter
  KindRef: KindRef
  KubernetesObject: ResolverTypeWrapper<ResourceObjectModel>
  KubernetesObjectChange: ResolverTypeWrapper<ObjectChangeModel>
  KubernetesObjectConnection: ResolverTypeWrapper<
    Omit<KubernetesObjectConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['KubernetesObjectEdge']>
      nodes: ReadonlyArray<ResolversTypes['KubernetesObject']>
    }
  >
  KubernetesObjectEdge: ResolverTypeWrapper<
    Omit<KubernetesObjectEdge, 'node'> & { node: ResolversTypes['KubernetesObject'] }
  >
  KubernetesObjectPayload: ResolverTypeWrapper<
    Omit<KubernetesObjectPayload, 'object'> & { object?: Maybe<ResolversTypes['KubernetesObject']> }
  >
  LabelClustersInput: LabelClustersInput
  LogChunk: ResolverTypeWrapper<LogChunk>
  LogEvent: LogEvent
  LogLine: ResolverTypeWrapper<LogLine>
  LoginClient: ResolverTypeWrapper<LoginClient>
  LoginOptions: ResolverTypeWrapper<LoginOptions>
  LoginRecord: ResolverTypeWrapper<LoginRecordModel>
  LoginRecordConnection: ResolverTypeWrapper<
    Omit<LoginRecordConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['LoginRecordEdge']>
      nodes: ReadonlyArray<ResolversTypes['LoginRecord']>
    }
  >
  LoginRecordEdge: ResolverTypeWrapper<
    Omit<LoginRecordEdge, 'node'> & { node: ResolversTypes['LoginRecord'] }
  >
  ManagedFieldsEntry: ResolverTypeWrapper<ManagedFieldsEntry>
  ManifestError: ResolverTypeWrapper<ManifestError>
  ManifestResult: ResolverTypeWrapper<
    Omit<ManifestResult, 'object'> & { object?: Maybe<ResolversTypes['KubernetesObject']> }
  >
  MemberInput: MemberInput
  MemberLevel: MemberLevel
  MembersPayload: ResolverTypeWrapper<
    Omit<MembersPayload, 'memberships'> & {
      memberships: ReadonlyArray<ResolversTypes['Membership']>
    }
  >
  Membership: ResolverTypeWrapper<MembershipModel>
  MembershipConnection: ResolverTypeWrapper<
    Omit<MembershipConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['MembershipEdge']>
      nodes: ReadonlyArray<ResolversTypes['Membership']>
    }
  >
  MembershipEdge: ResolverTypeWrapper<
    Omit<MembershipEdge, 'node'> & { node: ResolversTypes['Membership'] }
  >
  MulticlusterOptions: ResolverTypeWrapper<MulticlusterOptions>
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>
  Node: ResolverTypeWrapper<ResolversInterfaceTypes<ResolversTypes>['Node']>
  ObjectMeta: ResolverTypeWrapper<ObjectMetaModel>
  ObjectRef: ObjectRef
  ObjectTarget: ObjectTarget
  OwnerFilter: OwnerFilter
  OwnerReference: ResolverTypeWrapper<OwnerReference>
  PackageFile: ResolverTypeWrapper<PackageFile>
  PageInfo: ResolverTypeWrapper<PageInfo>
  PatchInput: PatchInput
  PlatformConfig: ResolverTypeWrapper<PlatformConfigModel>
  PlatformConfigInput: PlatformConfigInput
  PlatformConfigNameInput: PlatformConfigNameInput
  PlatformConfigPayload: ResolverTypeWrapper<
    Omit<PlatformConfigPayload, 'config'> & { config?: Maybe<ResolversTypes['PlatformConfig']> }
  >
  PlatformMetrics: ResolverTypeWrapper<PlatformMetrics>
  PlatformRole: ResolverTypeWrapper<PlatformRoleModel>
  PlatformRoleConnection: ResolverTypeWrapper<
    Omit<PlatformRoleConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['PlatformRoleEdge']>
      nodes: ReadonlyArray<ResolversTypes['PlatformRole']>
    }
  >
  PlatformRoleEdge: ResolverTypeWrapper<
    Omit<PlatformRoleEdge, 'node'> & { node: ResolversTypes['PlatformRole'] }
  >
  PlatformRolePayload: ResolverTypeWrapper<
    Omit<PlatformRolePayload, 'role'> & { role?: Maybe<ResolversTypes['PlatformRole']> }
  >
  PlatformVersion: ResolverTypeWrapper<PlatformVersion>
  PolicyRule: ResolverTypeWrapper<PolicyRuleModel>
  PolicyRuleInput: PolicyRuleInput
  PreconditionsInput: PreconditionsInput
  Project: ResolverTypeWrapper<ProjectModel>
  ProjectConnection: ResolverTypeWrapper<
    Omit<ProjectConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['ProjectEdge']>
      nodes: ReadonlyArray<ResolversTypes['Project']>
    }
  >
  ProjectEdge: ResolverTypeWrapper<Omit<ProjectEdge, 'node'> & { node: ResolversTypes['Project'] }>
  ProjectPayload: ResolverTypeWrapper<
    Omit<ProjectPayload, 'project'> & { project?: Maybe<ResolversTypes['Project']> }
  >
  Propagation: Propagation
  Quantity: ResolverTypeWrapper<Scalars['Quantity']['output']>
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>
  RemovalPayload: ResolverTypeWrapper<RemovalPayload>
  RemoveMembersInput: RemoveMembersInput
  RemoveMembersPayload: ResolverTypeWrapper<RemoveMembersPayload>
  RenewSessionPayload: ResolverTypeWrapper<RenewSessionPayload>
  ResourceCount: ResolverTypeWrapper<
    Omit<ResourceCount, 'kind'> & { kind: ResolversTypes['ResourceKind'] }
  >
  ResourceFilter: ResourceFilter
  ResourceKind: ResolverTypeWrapper<ResourceKindModel>
  ResourceOrder: ResourceOrder
  ResourceSortKey: ResourceSortKey
  ResourceTable: ResolverTypeWrapper<ResourceTableModel>
  ReviewVersionInput: ReviewVersionInput
  RoleLevel: RoleLevel
  RoleSubject: ResolverTypeWrapper<RoleSubjectModel>
  RoleTemplate: ResolverTypeWrapper<RoleTemplateModel>
  RoleTemplateConnection: ResolverTypeWrapper<
    Omit<RoleTemplateConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['RoleTemplateEdge']>
      nodes: ReadonlyArray<ResolversTypes['RoleTemplate']>
    }
  >
  RoleTemplateEdge: ResolverTypeWrapper<
    Omit<RoleTemplateEdge, 'node'> & { node: ResolversTypes['RoleTemplate'] }
  >
  Scale: ResolverTypeWrapper<ScaleModel>
  ScalePayload: ResolverTypeWrapper<ScalePayloadModel>
  SchemaVersion: ResolverTypeWrapper<SchemaVersion>
  Selector: ResolverTypeWrapper<Scalars['Selector']['output']>
  SetPasswordInput: SetPasswordInput
  SetThemeInput: SetThemeInput
  StringMap: ResolverTypeWrapper<Scalars['StringMap']['output']>
  Subresource: Subresource
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>
  TableColumn: ResolverTypeWrapper<TableColumn>
  TableRow: ResolverTypeWrapper<TableRowModel>
  ThemePayload: ResolverTypeWrapper<ThemePayload>
  UpdateApplicationInput: UpdateApplicationInput
  UpdateClusterLabelInput: UpdateClusterLabelInput
  UpdateKubeconfigInput: UpdateKubeconfigInput
  UpdateMemberInput: UpdateMemberInput
  UpdateRoleInput: UpdateRoleInput
  UpdateUserInput: UpdateUserInput
  UpgradeReleaseInput: UpgradeReleaseInput
  UploadApplicationInput: UploadApplicationInput
  UploadApplicationPayload: ResolverTypeWrapper<
    Omit<UploadApplicationPayload, 'application' | 'version'> & {
      application?: Maybe<ResolversTypes['Application']>
      version?: Maybe<ResolversTypes['ApplicationVersion']>
    }
  >
  UploadVersionInput: UploadVersionInput
  User: ResolverTypeWrapper<UserModel>
  UserChange: ResolverTypeWrapper<
    Omit<UserChange, 'object' | 'previous'> & {
      object?: Maybe<ResolversTypes['User']>
      previous?: Maybe<ResolversTypes['User']>
    }
  >
  UserConnection: ResolverTypeWrapper<
    Omit<UserConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['UserEdge']>
      nodes: ReadonlyArray<ResolversTypes['User']>
    }
  >
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>
  UserInput: UserInput
  UserPayload: ResolverTypeWrapper<
    Omit<UserPayload, 'user'> & { user?: Maybe<ResolversTypes['User']> }
  >
  UserStatus: UserStatus
  ValidateClusterPayload: ResolverTypeWrapper<ValidateClusterPayload>
  VerifyChartRepositoryPayload: ResolverTypeWrapper<VerifyChartRepositoryPayload>
  VersionStep: VersionStep
  WatchMode: WatchMode
  Workspace: ResolverTypeWrapper<WorkspaceModel>
  WorkspaceChange: ResolverTypeWrapper<
    Omit<WorkspaceChange, 'object' | 'previous'> & {
      object?: Maybe<ResolversTypes['Workspace']>
      previous?: Maybe<ResolversTypes['Workspace']>
    }
  >
  WorkspaceConnection: ResolverTypeWrapper<
    Omit<WorkspaceConnection, 'edges' | 'nodes'> & {
      edges: ReadonlyArray<ResolversTypes['WorkspaceEdge']>
      nodes: ReadonlyArray<ResolversTypes['Workspace']>
    }
  >
  WorkspaceEdge: ResolverTypeWrapper<
    Omit<WorkspaceEdge, 'node'> & { node: ResolversTypes['Workspace'] }
  >
  WorkspaceMetrics: ResolverTypeWrapper<WorkspaceMetrics>
  WorkspacePayload: ResolverTypeWrapper<
    Omit<WorkspacePayload, 'workspace'> & { workspace?: Maybe<ResolversTypes['Workspace']> }
  >
  WorkspaceQuota: ResolverTypeWrapper<WorkspaceQuota>
  WriteOptionsInput: WriteOptionsInput
}

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  AccessAttributes: AccessAttributes
  String: Scalars['String']['output']
  AccessVerdict: AccessVerdict
  Boolean: Scalars['Boolean']['output']
  AddMembersInput: AddMembersInput
  Application: ApplicationModel
  ID: Scalars['ID']['output']
  Int: Scalars['Int']['output']
  ApplicationCategory: ApplicationCategoryModel
  ApplicationCategoryConnection: Omit<ApplicationCategoryConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ApplicationCategoryEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['ApplicationCategory']>
  }
  ApplicationCategoryEdge: Omit<ApplicationCategoryEdge, 'node'> & {
    node: ResolversParentTypes['ApplicationCategory']
  }
  ApplicationCategoryPayload: Omit<ApplicationCategoryPayload, 'category'> & {
    category?: Maybe<ResolversParentTypes['ApplicationCategory']>
  }
  ApplicationConnection: Omit<ApplicationConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ApplicationEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['Application']>
  }
  ApplicationEdge: Omit<ApplicationEdge, 'node'> & { node: ResolversParentTypes['Application'] }
  ApplicationInput: ApplicationInput
  ApplicationMaintainer: ApplicationMaintainer
  ApplicationPayload: Omit<ApplicationPayload, 'application'> & {
    application?: Maybe<ResolversParentTypes['Application']>
  }
  ApplicationPreview: ApplicationPreview
  ApplicationRelease: ApplicationReleaseModel
  ApplicationReleaseConnection: Omit<ApplicationReleaseConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ApplicationReleaseEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['ApplicationRelease']>
  }
  ApplicationReleaseEdge: Omit<ApplicationReleaseEdge, 'node'> & {
    node: ResolversParentTypes['ApplicationRelease']
  }
  ApplicationReleaseInput: ApplicationReleaseInput
  ApplicationReleasePayload: Omit<ApplicationReleasePayload, 'release'> & {
    release?: Maybe<ResolversParentTypes['ApplicationRelease']>
  }
  ApplicationResource: ApplicationResource
  ApplicationVersion: ApplicationVersionModel
  ApplicationVersionConnection: Omit<ApplicationVersionConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ApplicationVersionEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['ApplicationVersion']>
  }
  ApplicationVersionEdge: Omit<ApplicationVersionEdge, 'node'> & {
    node: ResolversParentTypes['ApplicationVersion']
  }
  ApplicationVersionInput: ApplicationVersionInput
  ApplicationVersionPayload: Omit<ApplicationVersionPayload, 'version'> & {
    version?: Maybe<ResolversParentTypes['ApplicationVersion']>
  }
  ApplyConflict: ApplyConflict
  ApplyOptionsInput: ApplyOptionsInput
  AssignRoleInput: AssignRoleInput
  Base64: Scalars['Base64']['output']
  CategoryInput: CategoryInput
  CategoryNameInput: CategoryNameInput
  ChartRepository: ChartRepositoryModel
  ChartRepositoryConnection: Omit<ChartRepositoryConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ChartRepositoryEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['ChartRepository']>
  }
  ChartRepositoryEdge: Omit<ChartRepositoryEdge, 'node'> & {
    node: ResolversParentTypes['ChartRepository']
  }
  ChartRepositoryEvent: ChartRepositoryEventModel
  ChartRepositoryEventConnection: Omit<ChartRepositoryEventConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ChartRepositoryEventEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['ChartRepositoryEvent']>
  }
  ChartRepositoryEventEdge: Omit<ChartRepositoryEventEdge, 'node'> & {
    node: ResolversParentTypes['ChartRepositoryEvent']
  }
  ChartRepositoryInput: ChartRepositoryInput
  ChartRepositoryNameInput: ChartRepositoryNameInput
  ChartRepositoryPayload: Omit<ChartRepositoryPayload, 'repository'> & {
    repository?: Maybe<ResolversParentTypes['ChartRepository']>
  }
  Cluster: ClusterModel
  ClusterChange: Omit<ClusterChange, 'object' | 'previous'> & {
    object?: Maybe<ResolversParentTypes['Cluster']>
    previous?: Maybe<ResolversParentTypes['Cluster']>
  }
  ClusterConnection: Omit<ClusterConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ClusterEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['Cluster']>
  }
  ClusterEdge: Omit<ClusterEdge, 'node'> & { node: ResolversParentTypes['Cluster'] }
  ClusterInput: ClusterInput
  ClusterLabel: ClusterLabelModel
  ClusterLabelInput: ClusterLabelInput
  ClusterLabelsPayload: Omit<ClusterLabelsPayload, 'labels'> & {
    labels: ReadonlyArray<ResolversParentTypes['ClusterLabel']>
  }
  ClusterPayload: Omit<ClusterPayload, 'cluster'> & {
    cluster?: Maybe<ResolversParentTypes['Cluster']>
  }
  ClusterResult: ClusterResult
  Float: Scalars['Float']['output']
  Condition: Condition
  CreateClusterLabelsInput: CreateClusterLabelsInput
  CreateProjectInput: CreateProjectInput
  CreateReleaseInput: CreateReleaseInput
  CreateRoleInput: CreateRoleInput
  CreateUserInput: CreateUserInput
  CreateWorkspaceInput: CreateWorkspaceInput
  DateTime: Scalars['DateTime']['output']
  DeleteClusterLabelsInput: DeleteClusterLabelsInput
  DeleteClusterLabelsPayload: DeleteClusterLabelsPayload
  DeleteOptionsInput: DeleteOptionsInput
  DeletePayload: DeletePayload
  DeletePlatformRolePayload: DeletePlatformRolePayload
  DeleteRoleInput: DeleteRoleInput
  DeleteUserPayload: DeleteUserPayload
  Duration: Scalars['Duration']['output']
  ExecAck: ExecAck
  ExecEvent: ResolversUnionTypes<ResolversParentTypes>['ExecEvent']
  ExecExited: ExecExited
  ExecOutput: ExecOutput
  ExecPodTarget: ExecPodTarget
  ExecStarted: ExecStarted
  ExecTarget: ExecTarget
  FieldCondition: FieldCondition
  GenericObject: ResourceObjectModel
  GrantClusterInput: GrantClusterInput
  GraphExtension: GraphExtension
  IdentityProvider: IdentityProvider
  IngressClassScope: IngressClassScopeModel
  Int64: Scalars['Int64']['output']
  IntOrString: Scalars['IntOrString']['output']
  JSON: Scalars['JSON']['output']
  JoinClusterInput: JoinClusterInput
  JsonPatchOperation: JsonPatchOperation
  KindFilter: KindFilter
  KindRef: KindRef
  KubernetesObject: ResourceObjectModel
  KubernetesObjectChange: ObjectChangeModel
  KubernetesObjectConnection: Omit<KubernetesObjectConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['KubernetesObjectEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['KubernetesObject']>
  }
  KubernetesObjectEdge: Omit<KubernetesObjectEdge, 'node'> & {
    node: ResolversParentTypes['KubernetesObject']
  }
  KubernetesObjectPayload: Omit<KubernetesObjectPayload, 'object'> & {
    object?: Maybe<ResolversParentTypes['KubernetesObject']>
  }
  LabelClustersInput: LabelClustersInput
  LogChunk: LogChunk
  LogLine: LogLine
  LoginClient: LoginClient
  LoginOptions: LoginOptions
  LoginRecord: LoginRecordModel
  LoginRecordConnection: Omit<LoginRecordConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['LoginRecordEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['LoginRecord']>
  }
  LoginRecordEdge: Omit<LoginRecordEdge, 'node'> & { node: ResolversParentTypes['LoginRecord'] }
  ManagedFieldsEntry: ManagedFieldsEntry
  ManifestError: ManifestError
  ManifestResult: Omit<ManifestResult, 'object'> & {
    object?: Maybe<ResolversParentTypes['KubernetesObject']>
  }
  MemberInput: MemberInput
  MembersPayload: Omit<MembersPayload, 'memberships'> & {
    memberships: ReadonlyArray<ResolversParentTypes['Membership']>
  }
  Membership: MembershipModel
  MembershipConnection: Omit<MembershipConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['MembershipEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['Membership']>
  }
  MembershipEdge: Omit<MembershipEdge, 'node'> & { node: ResolversParentTypes['Membership'] }
  MulticlusterOptions: MulticlusterOptions
  Mutation: Record<PropertyKey, never>
  Node: ResolversInterfaceTypes<ResolversParentTypes>['Node']
  ObjectMeta: ObjectMetaModel
  ObjectRef: ObjectRef
  ObjectTarget: ObjectTarget
  OwnerFilter: OwnerFilter
  OwnerReference: OwnerReference
  PackageFile: PackageFile
  PageInfo: PageInfo
  PatchInput: PatchInput
  PlatformConfig: PlatformConfigModel
  PlatformConfigInput: PlatformConfigInput
  PlatformConfigNameInput: PlatformConfigNameInput
  PlatformConfigPayload: Omit<PlatformConfigPayload, 'config'> & {
    config?: Maybe<ResolversParentTypes['PlatformConfig']>
  }
  PlatformMetrics: PlatformMetrics
  PlatformRole: PlatformRoleModel
  PlatformRoleConnection: Omit<PlatformRoleConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['PlatformRoleEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['PlatformRole']>
  }
  PlatformRoleEdge: Omit<PlatformRoleEdge, 'node'> & { node: ResolversParentTypes['PlatformRole'] }
  PlatformRolePayload: Omit<PlatformRolePayload, 'role'> & {
    role?: Maybe<ResolversParentTypes['PlatformRole']>
  }
  PlatformVersion: PlatformVersion
  PolicyRule: PolicyRuleModel
  PolicyRuleInput: PolicyRuleInput
  PreconditionsInput: PreconditionsInput
  Project: ProjectModel
  ProjectConnection: Omit<ProjectConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['ProjectEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['Project']>
  }
  ProjectEdge: Omit<ProjectEdge, 'node'> & { node: ResolversParentTypes['Project'] }
  ProjectPayload: Omit<ProjectPayload, 'project'> & {
    project?: Maybe<ResolversParentTypes['Project']>
  }
  Quantity: Scalars['Quantity']['output']
  Query: Record<PropertyKey, never>
  RemovalPayload: RemovalPayload
  RemoveMembersInput: RemoveMembersInput
  RemoveMembersPayload: RemoveMembersPayload
  RenewSessionPayload: RenewSessionPayload
  ResourceCount: Omit<ResourceCount, 'kind'> & { kind: ResolversParentTypes['ResourceKind'] }
  ResourceFilter: ResourceFilter
  ResourceKind: ResourceKindModel
  ResourceOrder: ResourceOrder
  ResourceTable: ResourceTableModel
  ReviewVersionInput: ReviewVersionInput
  RoleSubject: RoleSubjectModel
  RoleTemplate: RoleTemplateModel
  RoleTemplateConnection: Omit<RoleTemplateConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['RoleTemplateEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['RoleTemplate']>
  }
  RoleTemplateEdge: Omit<RoleTemplateEdge, 'node'> & { node: ResolversParentTypes['RoleTemplate'] }
  Scale: ScaleModel
  ScalePayload: ScalePayloadModel
  SchemaVersion: SchemaVersion
  Selector: Scalars['Selector']['output']
  SetPasswordInput: SetPasswordInput
  SetThemeInput: SetThemeInput
  StringMap: Scalars['StringMap']['output']
  Subscription: Record<PropertyKey, never>
  TableColumn: TableColumn
  TableRow: TableRowModel
  ThemePayload: ThemePayload
  UpdateApplicationInput: UpdateApplicationInput
  UpdateClusterLabelInput: UpdateClusterLabelInput
  UpdateKubeconfigInput: UpdateKubeconfigInput
  UpdateMemberInput: UpdateMemberInput
  UpdateRoleInput: UpdateRoleInput
  UpdateUserInput: UpdateUserInput
  UpgradeReleaseInput: UpgradeReleaseInput
  UploadApplicationInput: UploadApplicationInput
  UploadApplicationPayload: Omit<UploadApplicationPayload, 'application' | 'version'> & {
    application?: Maybe<ResolversParentTypes['Application']>
    version?: Maybe<ResolversParentTypes['ApplicationVersion']>
  }
  UploadVersionInput: UploadVersionInput
  User: UserModel
  UserChange: Omit<UserChange, 'object' | 'previous'> & {
    object?: Maybe<ResolversParentTypes['User']>
    previous?: Maybe<ResolversParentTypes['User']>
  }
  UserConnection: Omit<UserConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['UserEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['User']>
  }
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] }
  UserInput: UserInput
  UserPayload: Omit<UserPayload, 'user'> & { user?: Maybe<ResolversParentTypes['User']> }
  ValidateClusterPayload: ValidateClusterPayload
  VerifyChartRepositoryPayload: VerifyChartRepositoryPayload
  Workspace: WorkspaceModel
  WorkspaceChange: Omit<WorkspaceChange, 'object' | 'previous'> & {
    object?: Maybe<ResolversParentTypes['Workspace']>
    previous?: Maybe<ResolversParentTypes['Workspace']>
  }
  WorkspaceConnection: Omit<WorkspaceConnection, 'edges' | 'nodes'> & {
    edges: ReadonlyArray<ResolversParentTypes['WorkspaceEdge']>
    nodes: ReadonlyArray<ResolversParentTypes['Workspace']>
  }
  WorkspaceEdge: Omit<WorkspaceEdge, 'node'> & { node: ResolversParentTypes['Workspace'] }
  WorkspaceMetrics: WorkspaceMetrics
  WorkspacePayload: Omit<WorkspacePayload, 'workspace'> & {
    workspace?: Maybe<ResolversParentTypes['Workspace']>
  }
  WorkspaceQuota: WorkspaceQuota
  WriteOptionsInput: WriteOptionsInput
}

export type AccessVerdictResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['AccessVerdict'] = ResolversParentTypes['AccessVerdict'],
> = {
  allowed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type ApplicationResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Application'] = ResolversParentTypes['Application'],
  FederationReferenceType extends FederationReferenceTypes['Application'] =
    FederationReferenceTypes['Application'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Application']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  abstraction?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  attachments?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  category?: Resolver<Maybe<ResolversTypes['ApplicationCategory']>, ParentType, ContextType>
  categoryName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  home?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  icon?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  inStore?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  latestVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  releases?: Resolver<
    ResolversTypes['ApplicationReleaseConnection'],
    ParentType,
    ContextType,
    Partial<ApplicationReleasesArgs>
  >
  repositoryName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  resources?: Resolver<
    ReadonlyArray<ResolversTypes['ApplicationResource']>,
    ParentType,
    ContextType
  >
  state?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  versions?: Resolver<
    ResolversTypes['ApplicationVersionConnection'],
    ParentType,
    ContextType,
    Partial<ApplicationVersionsArgs>
  >
  workspaceName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ApplicationCategoryResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationCategory'] =
    ResolversParentTypes['ApplicationCategory'],
  FederationReferenceType extends FederationReferenceTypes['ApplicationCategory'] =
    FederationReferenceTypes['ApplicationCategory'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['ApplicationCategory']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  icon?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  total?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ApplicationCategoryConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationCategoryConnection'] =
    ResolversParentTypes['ApplicationCategoryConnection'],
> = {
  edges?: Resolver<
    ReadonlyArray<ResolversTypes['ApplicationCategoryEdge']>,
    ParentType,
    ContextType
  >
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ApplicationCategory']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ApplicationCategoryEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationCategoryEdge'] =
    ResolversParentTypes['ApplicationCategoryEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['ApplicationCategory'], ParentType, ContextType>
}

export type ApplicationCategoryPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationCategoryPayload'] =
    ResolversParentTypes['ApplicationCategoryPayload'],
> = {
  category?: Resolver<Maybe<ResolversTypes['ApplicationCategory']>, ParentType, ContextType>
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type ApplicationConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationConnection'] =
    ResolversParentTypes['ApplicationConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ApplicationEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Application']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ApplicationEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationEdge'] =
    ResolversParentTypes['ApplicationEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['Application'], ParentType, ContextType>
}

export type ApplicationMaintainerResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationMaintainer'] =
    ResolversParentTypes['ApplicationMaintainer'],
> = {
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type ApplicationPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationPayload'] =
    ResolversParentTypes['ApplicationPayload'],
> = {
  application?: Resolver<Maybe<ResolversTypes['Application']>, ParentType, ContextType>
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type ApplicationPreviewResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationPreview'] =
    ResolversParentTypes['ApplicationPreview'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  displayName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  home?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  icon?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  resources?: Resolver<
    ReadonlyArray<ResolversTypes['ApplicationResource']>,
    ParentType,
    ContextType
  >
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type ApplicationReleaseResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationRelease'] =
    ResolversParentTypes['ApplicationRelease'],
  FederationReferenceType extends FederationReferenceTypes['ApplicationRelease'] =
    FederationReferenceTypes['ApplicationRelease'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['ApplicationRelease']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  application?: Resolver<Maybe<ResolversTypes['Application']>, ParentType, ContextType>
  applicationName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  clusterName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  creator?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  liveObjects?: Resolver<Maybe<ReadonlyArray<ResolversTypes['JSON']>>, ParentType, ContextType>
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  namespace?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  state?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  values?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  version?: Resolver<Maybe<ResolversTypes['ApplicationVersion']>, ParentType, ContextType>
  versionName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  workspaceName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ApplicationReleaseConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationReleaseConnection'] =
    ResolversParentTypes['ApplicationReleaseConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ApplicationReleaseEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ApplicationRelease']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ApplicationReleaseEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationReleaseEdge'] =
    ResolversParentTypes['ApplicationReleaseEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['ApplicationRelease'], ParentType, ContextType>
}

export type ApplicationReleasePayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationReleasePayload'] =
    ResolversParentTypes['ApplicationReleasePayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  release?: Resolver<Maybe<ResolversTypes['ApplicationRelease']>, ParentType, ContextType>
}

export type ApplicationResourceResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationResource'] =
    ResolversParentTypes['ApplicationResource'],
> = {
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  group?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  parent?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  resource?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type ApplicationVersionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationVersion'] =
    ResolversParentTypes['ApplicationVersion'],
  FederationReferenceType extends FederationReferenceTypes['ApplicationVersion'] =
    FederationReferenceTypes['ApplicationVersion'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['ApplicationVersion']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  application?: Resolver<Maybe<ResolversTypes['Application']>, ParentType, ContextType>
  applicationName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  changedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  changedBy?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  digest?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  files?: Resolver<Maybe<ReadonlyArray<ResolversTypes['PackageFile']>>, ParentType, ContextType>
  home?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  icon?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  maintainers?: Resolver<
    ReadonlyArray<ResolversTypes['ApplicationMaintainer']>,
    ParentType,
    ContextType
  >
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  package?: Resolver<Maybe<ResolversTypes['Base64']>, ParentType, ContextType>
  repositoryName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  state?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  workspaceName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ApplicationVersionConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationVersionConnection'] =
    ResolversParentTypes['ApplicationVersionConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ApplicationVersionEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ApplicationVersion']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ApplicationVersionEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationVersionEdge'] =
    ResolversParentTypes['ApplicationVersionEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['ApplicationVersion'], ParentType, ContextType>
}

export type ApplicationVersionPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplicationVersionPayload'] =
    ResolversParentTypes['ApplicationVersionPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  version?: Resolver<Maybe<ResolversTypes['ApplicationVersion']>, ParentType, ContextType>
}

export type ApplyConflictResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ApplyConflict'] = ResolversParentTypes['ApplyConflict'],
> = {
  field?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  manager?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export interface Base64ScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['Base64'],
  unknown
> {
  name: 'Base64'
}

export type ChartRepositoryResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ChartRepository'] =
    ResolversParentTypes['ChartRepository'],
  FederationReferenceType extends FederationReferenceTypes['ChartRepository'] =
    FederationReferenceTypes['ChartRepository'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['ChartRepository']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  events?: Resolver<
    ResolversTypes['ChartRepositoryEventConnection'],
    ParentType,
    ContextType,
    Partial<ChartRepositoryEventsArgs>
  >
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  insecureSkipTLSVerify?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  state?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  syncPeriod?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  syncedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  username?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  workspaceName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ChartRepositoryConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ChartRepositoryConnection'] =
    ResolversParentTypes['ChartRepositoryConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ChartRepositoryEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ChartRepository']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ChartRepositoryEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ChartRepositoryEdge'] =
    ResolversParentTypes['ChartRepositoryEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['ChartRepository'], ParentType, ContextType>
}

export type ChartRepositoryEventResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ChartRepositoryEvent'] =
    ResolversParentTypes['ChartRepositoryEvent'],
> = {
  count?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  time?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type ChartRepositoryEventConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ChartRepositoryEventConnection'] =
    ResolversParentTypes['ChartRepositoryEventConnection'],
> = {
  edges?: Resolver<
    ReadonlyArray<ResolversTypes['ChartRepositoryEventEdge']>,
    ParentType,
    ContextType
  >
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ChartRepositoryEvent']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ChartRepositoryEventEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ChartRepositoryEventEdge'] =
    ResolversParentTypes['ChartRepositoryEventEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['ChartRepositoryEvent'], ParentType, ContextType>
}

export type ChartRepositoryPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ChartRepositoryPayload'] =
    ResolversParentTypes['ChartRepositoryPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  repository?: Resolver<Maybe<ResolversTypes['ChartRepository']>, ParentType, ContextType>
}

export type ClusterResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Cluster'] = ResolversParentTypes['Cluster'],
  FederationReferenceType extends FederationReferenceTypes['Cluster'] =
    FederationReferenceTypes['Cluster'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Cluster']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  conditions?: Resolver<ReadonlyArray<ResolversTypes['Condition']>, ParentType, ContextType>
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  host?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  kinds?: Resolver<
    ReadonlyArray<ResolversTypes['ResourceKind']>,
    ParentType,
    ContextType,
    Partial<ClusterKindsArgs>
  >
  kubeSphereVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  kubernetesVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  labels?: Resolver<ReadonlyArray<ResolversTypes['ClusterLabel']>, ParentType, ContextType>
  members?: Resolver<
    ResolversTypes['MembershipConnection'],
    ParentType,
    ContextType,
    Partial<ClusterMembersArgs>
  >
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  nodeCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  provider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  ready?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  region?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  workspaces?: Resolver<
    ResolversTypes['WorkspaceConnection'],
    ParentType,
    ContextType,
    Partial<ClusterWorkspacesArgs>
  >
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ClusterChangeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ClusterChange'] = ResolversParentTypes['ClusterChange'],
> = {
  object?: Resolver<Maybe<ResolversTypes['Cluster']>, ParentType, ContextType>
  previous?: Resolver<Maybe<ResolversTypes['Cluster']>, ParentType, ContextType>
  resume?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>
}

export type ClusterConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ClusterConnection'] =
    ResolversParentTypes['ClusterConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ClusterEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Cluster']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ClusterEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ClusterEdge'] = ResolversParentTypes['ClusterEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['Cluster'], ParentType, ContextType>
}

export type ClusterLabelResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ClusterLabel'] = ResolversParentTypes['ClusterLabel'],
> = {
  backgroundColor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  clusterNames?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  value?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type ClusterLabelsPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ClusterLabelsPayload'] =
    ResolversParentTypes['ClusterLabelsPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  labels?: Resolver<ReadonlyArray<ResolversTypes['ClusterLabel']>, ParentType, ContextType>
}

export type ClusterPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ClusterPayload'] =
    ResolversParentTypes['ClusterPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  cluster?: Resolver<Maybe<ResolversTypes['Cluster']>, ParentType, ContextType>
}

export type ClusterResultResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ClusterResult'] = ResolversParentTypes['ClusterResult'],
> = {
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  count?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  durationMs?: Resolver<ResolversTypes['Float'], ParentType, ContextType>
  freshness?: Resolver<Maybe<ResolversTypes['Freshness']>, ParentType, ContextType>
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  namespaces?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>
  ok?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
}

export type ConditionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Condition'] = ResolversParentTypes['Condition'],
> = {
  lastTransitionTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  observedGeneration?: Resolver<Maybe<ResolversTypes['Int64']>, ParentType, ContextType>
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  status?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['DateTime'],
  unknown
> {
  name: 'DateTime'
}

export type DeleteClusterLabelsPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['DeleteClusterLabelsPayload'] =
    ResolversParentTypes['DeleteClusterLabelsPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  names?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
}

export type DeletePayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['DeletePayload'] = ResolversParentTypes['DeletePayload'],
> = {
  gone?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  warnings?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
}

export type DeletePlatformRolePayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['DeletePlatformRolePayload'] =
    ResolversParentTypes['DeletePlatformRolePayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type DeleteUserPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['DeleteUserPayload'] =
    ResolversParentTypes['DeleteUserPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export interface DurationScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['Duration'],
  unknown
> {
  name: 'Duration'
}

export type ExecAckResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ExecAck'] = ResolversParentTypes['ExecAck'],
> = {
  accepted?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  session?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
}

export type ExecEventResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ExecEvent'] = ResolversParentTypes['ExecEvent'],
> = {
  __resolveType: TypeResolveFn<'ExecExited' | 'ExecOutput' | 'ExecStarted', ParentType, ContextType>
}

export type ExecExitedResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ExecExited'] = ResolversParentTypes['ExecExited'],
> = {
  code?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  reason?: Resolver<ResolversTypes['ExecEnd'], ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ExecOutputResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ExecOutput'] = ResolversParentTypes['ExecOutput'],
> = {
  data?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  stream?: Resolver<ResolversTypes['ExecStream'], ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ExecStartedResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ExecStarted'] = ResolversParentTypes['ExecStarted'],
> = {
  session?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type GenericObjectResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['GenericObject'] = ResolversParentTypes['GenericObject'],
  FederationReferenceType extends FederationReferenceTypes['GenericObject'] =
    FederationReferenceTypes['GenericObject'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['GenericObject']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  apiVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  events?: Resolver<
    Maybe<ResolversTypes['KubernetesObjectConnection']>,
    ParentType,
    ContextType,
    RequireFields<GenericObjectEventsArgs, 'first'>
  >
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  metadata?: Resolver<ResolversTypes['ObjectMeta'], ParentType, ContextType>
  owned?: Resolver<
    Maybe<ResolversTypes['KubernetesObjectConnection']>,
    ParentType,
    ContextType,
    RequireFields<GenericObjectOwnedArgs, 'depth'>
  >
  owner?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>
  raw?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>
  yaml?: Resolver<
    ResolversTypes['String'],
    ParentType,
    ContextType,
    RequireFields<GenericObjectYamlArgs, 'managedFields'>
  >
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type GraphExtensionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['GraphExtension'] =
    ResolversParentTypes['GraphExtension'],
> = {
  group?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  state?: Resolver<ResolversTypes['GraphExtensionState'], ParentType, ContextType>
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type IdentityProviderResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['IdentityProvider'] =
    ResolversParentTypes['IdentityProvider'],
> = {
  disabled?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  displayName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  hidden?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  mappingMethod?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  options?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type IngressClassScopeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['IngressClassScope'] =
    ResolversParentTypes['IngressClassScope'],
> = {
  default?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  ingressClass?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  namespaceSelector?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  namespaces?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  status?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>
}

export interface Int64ScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['Int64'],
  unknown
> {
  name: 'Int64'
}

export interface IntOrStringScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['IntOrString'],
  unknown
> {
  name: 'IntOrString'
}

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], unknown> {
  name: 'JSON'
}

export type KubernetesObjectResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['KubernetesObject'] =
    ResolversParentTypes['KubernetesObject'],
  FederationReferenceType extends FederationReferenceTypes['KubernetesObject'] =
    FederationReferenceTypes['KubernetesObject'],
> = {
  __resolveType: TypeResolveFn<'GenericObject', ParentType, ContextType>
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['KubernetesObject']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
}

export type KubernetesObjectChangeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['KubernetesObjectChange'] =
    ResolversParentTypes['KubernetesObjectChange'],
> = {
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  clusterResults?: Resolver<
    Maybe<ReadonlyArray<ResolversTypes['ClusterResult']>>,
    ParentType,
    ContextType
  >
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  previous?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  resume?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  rows?: Resolver<
    Maybe<ResolversTypes['KubernetesObjectConnection']>,
    ParentType,
    ContextType,
    Partial<KubernetesObjectChangeRowsArgs>
  >
  type?: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>
}

export type KubernetesObjectConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['KubernetesObjectConnection'] =
    ResolversParentTypes['KubernetesObjectConnection'],
> = {
  clusterResults?: Resolver<ReadonlyArray<ResolversTypes['ClusterResult']>, ParentType, ContextType>
  edges?: Resolver<ReadonlyArray<ResolversTypes['KubernetesObjectEdge']>, ParentType, ContextType>
  freshness?: Resolver<ResolversTypes['Freshness'], ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  pageCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  resourceVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
}

export type KubernetesObjectEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['KubernetesObjectEdge'] =
    ResolversParentTypes['KubernetesObjectEdge'],
> = {
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['KubernetesObject'], ParentType, ContextType>
}

export type KubernetesObjectPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['KubernetesObjectPayload'] =
    ResolversParentTypes['KubernetesObjectPayload'],
> = {
  changed?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  conflicts?: Resolver<ReadonlyArray<ResolversTypes['ApplyConflict']>, ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  warnings?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
}

export type LogChunkResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['LogChunk'] = ResolversParentTypes['LogChunk'],
> = {
  container?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  droppedBytes?: Resolver<ResolversTypes['Int64'], ParentType, ContextType>
  event?: Resolver<ResolversTypes['LogEvent'], ParentType, ContextType>
  lines?: Resolver<ReadonlyArray<ResolversTypes['LogLine']>, ParentType, ContextType>
  message?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  pod?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type LogLineResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['LogLine'] = ResolversParentTypes['LogLine'],
> = {
  continues?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
}

export type LoginClientResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['LoginClient'] = ResolversParentTypes['LoginClient'],
> = {
  grantMethod?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  redirectURIs?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  trusted?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
}

export type LoginOptionsResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['LoginOptions'] = ResolversParentTypes['LoginOptions'],
> = {
  accessTokenInactivitySeconds?: Resolver<ResolversTypes['Float'], ParentType, ContextType>
  accessTokenMaxAgeSeconds?: Resolver<ResolversTypes['Float'], ParentType, ContextType>
  clients?: Resolver<ReadonlyArray<ResolversTypes['LoginClient']>, ParentType, ContextType>
  identityProviders?: Resolver<
    ReadonlyArray<ResolversTypes['IdentityProvider']>,
    ParentType,
    ContextType
  >
  issuer?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type LoginRecordResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['LoginRecord'] = ResolversParentTypes['LoginRecord'],
> = {
  provider?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  reason?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  sourceIP?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  success?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  time?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type LoginRecordConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['LoginRecordConnection'] =
    ResolversParentTypes['LoginRecordConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['LoginRecordEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['LoginRecord']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type LoginRecordEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['LoginRecordEdge'] =
    ResolversParentTypes['LoginRecordEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['LoginRecord'], ParentType, ContextType>
}

export type ManagedFieldsEntryResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ManagedFieldsEntry'] =
    ResolversParentTypes['ManagedFieldsEntry'],
> = {
  apiVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  fieldsType?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  fieldsV1?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>
  manager?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  operation?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  subresource?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  time?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
}

export type ManifestErrorResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ManifestError'] = ResolversParentTypes['ManifestError'],
> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type ManifestResultResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ManifestResult'] =
    ResolversParentTypes['ManifestResult'],
> = {
  apiVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  conflicts?: Resolver<ReadonlyArray<ResolversTypes['ApplyConflict']>, ParentType, ContextType>
  error?: Resolver<Maybe<ResolversTypes['ManifestError']>, ParentType, ContextType>
  index?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  kind?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  namespace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  warnings?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
}

export type MembersPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['MembersPayload'] =
    ResolversParentTypes['MembersPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  memberships?: Resolver<ReadonlyArray<ResolversTypes['Membership']>, ParentType, ContextType>
}

export type MembershipResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Membership'] = ResolversParentTypes['Membership'],
> = {
  level?: Resolver<ResolversTypes['RoleLevel'], ParentType, ContextType>
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>
  role?: Resolver<Maybe<ResolversTypes['PlatformRole']>, ParentType, ContextType>
  roleName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>
  username?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  workspace?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>
}

export type MembershipConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['MembershipConnection'] =
    ResolversParentTypes['MembershipConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['MembershipEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Membership']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type MembershipEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['MembershipEdge'] =
    ResolversParentTypes['MembershipEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['Membership'], ParentType, ContextType>
}

export type MulticlusterOptionsResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['MulticlusterOptions'] =
    ResolversParentTypes['MulticlusterOptions'],
> = {
  agentImage?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  clusterName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  clusterRole?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  hostClusterName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  proxyPublishAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  proxyPublishService?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type MutationResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation'],
> = {
  activateApplication?: Resolver<
    ResolversTypes['ApplicationPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationActivateApplicationArgs, 'input'>
  >
  activateUser?: Resolver<
    ResolversTypes['UserPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationActivateUserArgs, 'input'>
  >
  addChartRepository?: Resolver<
    ResolversTypes['ChartRepositoryPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationAddChartRepositoryArgs, 'input'>
  >
  addMembers?: Resolver<
    ResolversTypes['MembersPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationAddMembersArgs, 'input'>
  >
  applyManifests?: Resolver<
    ReadonlyArray<ResolversTypes['ManifestResult']>,
    ParentType,
    ContextType,
    RequireFields<MutationApplyManifestsArgs, 'documents' | 'options' | 'stopOnError'>
  >
  applyResource?: Resolver<
    ResolversTypes['KubernetesObjectPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationApplyResourceArgs, 'object' | 'options'>
  >
  assignRole?: Resolver<
    ResolversTypes['MembersPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationAssignRoleArgs, 'input'>
  >
  createApplicationCategory?: Resolver<
    ResolversTypes['ApplicationCategoryPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateApplicationCategoryArgs, 'input'>
  >
  createApplicationRelease?: Resolver<
    ResolversTypes['ApplicationReleasePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateApplicationReleaseArgs, 'input'>
  >
  createClusterLabels?: Resolver<
    ResolversTypes['ClusterLabelsPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateClusterLabelsArgs, 'input'>
  >
  createPlatformConfig?: Resolver<
    ResolversTypes['PlatformConfigPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreatePlatformConfigArgs, 'input'>
  >
  createProject?: Resolver<
    ResolversTypes['ProjectPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateProjectArgs, 'input'>
  >
  createResource?: Resolver<
    ResolversTypes['KubernetesObjectPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateResourceArgs, 'object'>
  >
  createRole?: Resolver<
    ResolversTypes['PlatformRolePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateRoleArgs, 'input'>
  >
  createUser?: Resolver<
    ResolversTypes['UserPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateUserArgs, 'input'>
  >
  createWorkspace?: Resolver<
    ResolversTypes['WorkspacePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationCreateWorkspaceArgs, 'input'>
  >
  deactivateUser?: Resolver<
    ResolversTypes['UserPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeactivateUserArgs, 'input'>
  >
  deleteApplication?: Resolver<
    ResolversTypes['RemovalPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteApplicationArgs, 'input'>
  >
  deleteApplicationCategory?: Resolver<
    ResolversTypes['RemovalPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteApplicationCategoryArgs, 'input'>
  >
  deleteApplicationRelease?: Resolver<
    ResolversTypes['RemovalPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteApplicationReleaseArgs, 'input'>
  >
  deleteApplicationVersion?: Resolver<
    ResolversTypes['RemovalPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteApplicationVersionArgs, 'input'>
  >
  deleteChartRepository?: Resolver<
    ResolversTypes['RemovalPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteChartRepositoryArgs, 'input'>
  >
  deleteClusterLabels?: Resolver<
    ResolversTypes['DeleteClusterLabelsPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteClusterLabelsArgs, 'input'>
  >
  deletePlatformConfig?: Resolver<
    ResolversTypes['PlatformConfigPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeletePlatformConfigArgs, 'input'>
  >
  deleteResource?: Resolver<
    ResolversTypes['DeletePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteResourceArgs, 'ref'>
  >
  deleteRole?: Resolver<
    ResolversTypes['DeletePlatformRolePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteRoleArgs, 'input'>
  >
  deleteUser?: Resolver<
    ResolversTypes['DeleteUserPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationDeleteUserArgs, 'input'>
  >
  execClose?: Resolver<
    ResolversTypes['ExecAck'],
    ParentType,
    ContextType,
    RequireFields<MutationExecCloseArgs, 'session'>
  >
  execInput?: Resolver<
    ResolversTypes['ExecAck'],
    ParentType,
    ContextType,
    RequireFields<MutationExecInputArgs, 'data' | 'encoding' | 'end' | 'session'>
  >
  execResize?: Resolver<
    ResolversTypes['ExecAck'],
    ParentType,
    ContextType,
    RequireFields<MutationExecResizeArgs, 'cols' | 'rows' | 'session'>
  >
  grantCluster?: Resolver<
    ResolversTypes['ClusterPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationGrantClusterArgs, 'input'>
  >
  joinCluster?: Resolver<
    ResolversTypes['ClusterPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationJoinClusterArgs, 'input'>
  >
  labelClusters?: Resolver<
    ResolversTypes['ClusterLabelsPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationLabelClustersArgs, 'input'>
  >
  mergePlatformConfig?: Resolver<
    ResolversTypes['PlatformConfigPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationMergePlatformConfigArgs, 'input'>
  >
  patchResource?: Resolver<
    ResolversTypes['KubernetesObjectPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationPatchResourceArgs, 'patch' | 'ref'>
  >
  previewApplication?: Resolver<
    ResolversTypes['ApplicationPreview'],
    ParentType,
    ContextType,
    RequireFields<MutationPreviewApplicationArgs, 'input'>
  >
  removeCluster?: Resolver<
    ResolversTypes['RemovalPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationRemoveClusterArgs, 'input'>
  >
  removeMembers?: Resolver<
    ResolversTypes['RemoveMembersPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationRemoveMembersArgs, 'input'>
  >
  renewSession?: Resolver<
    ResolversTypes['RenewSessionPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationRenewSessionArgs, 'token'>
  >
  replaceApplicationVersion?: Resolver<
    ResolversTypes['ApplicationVersionPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationReplaceApplicationVersionArgs, 'input'>
  >
  replacePlatformConfig?: Resolver<
    ResolversTypes['PlatformConfigPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationReplacePlatformConfigArgs, 'input'>
  >
  reviewApplicationVersion?: Resolver<
    ResolversTypes['ApplicationVersionPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationReviewApplicationVersionArgs, 'input'>
  >
  revokeSessions?: Resolver<
    ResolversTypes['UserPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationRevokeSessionsArgs, 'input'>
  >
  scaleResource?: Resolver<
    ResolversTypes['ScalePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationScaleResourceArgs, 'ref' | 'replicas'>
  >
  setPassword?: Resolver<
    ResolversTypes['UserPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationSetPasswordArgs, 'input'>
  >
  setTheme?: Resolver<
    ResolversTypes['ThemePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationSetThemeArgs, 'input'>
  >
  suspendApplication?: Resolver<
    ResolversTypes['ApplicationPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationSuspendApplicationArgs, 'input'>
  >
  syncChartRepository?: Resolver<
    ResolversTypes['ChartRepositoryPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationSyncChartRepositoryArgs, 'input'>
  >
  unlabelClusters?: Resolver<
    ResolversTypes['ClusterLabelsPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUnlabelClustersArgs, 'input'>
  >
  updateApplication?: Resolver<
    ResolversTypes['ApplicationPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateApplicationArgs, 'input'>
  >
  updateApplicationCategory?: Resolver<
    ResolversTypes['ApplicationCategoryPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateApplicationCategoryArgs, 'input'>
  >
  updateChartRepository?: Resolver<
    ResolversTypes['ChartRepositoryPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateChartRepositoryArgs, 'input'>
  >
  updateClusterKubeconfig?: Resolver<
    ResolversTypes['ClusterPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateClusterKubeconfigArgs, 'input'>
  >
  updateClusterLabel?: Resolver<
    ResolversTypes['ClusterLabelsPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateClusterLabelArgs, 'input'>
  >
  updateMember?: Resolver<
    ResolversTypes['MembersPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateMemberArgs, 'input'>
  >
  updateResource?: Resolver<
    ResolversTypes['KubernetesObjectPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateResourceArgs, 'object'>
  >
  updateRole?: Resolver<
    ResolversTypes['PlatformRolePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateRoleArgs, 'input'>
  >
  updateUser?: Resolver<
    ResolversTypes['UserPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpdateUserArgs, 'input'>
  >
  upgradeApplicationRelease?: Resolver<
    ResolversTypes['ApplicationReleasePayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUpgradeApplicationReleaseArgs, 'input'>
  >
  uploadApplication?: Resolver<
    ResolversTypes['UploadApplicationPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUploadApplicationArgs, 'input'>
  >
  uploadApplicationVersion?: Resolver<
    ResolversTypes['ApplicationVersionPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationUploadApplicationVersionArgs, 'input'>
  >
  validateCluster?: Resolver<
    ResolversTypes['ValidateClusterPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationValidateClusterArgs, 'input'>
  >
  verifyChartRepository?: Resolver<
    ResolversTypes['VerifyChartRepositoryPayload'],
    ParentType,
    ContextType,
    RequireFields<MutationVerifyChartRepositoryArgs, 'input'>
  >
}

export type NodeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Node'] = ResolversParentTypes['Node'],
> = {
  __resolveType: TypeResolveFn<
    | 'Application'
    | 'ApplicationCategory'
    | 'ApplicationRelease'
    | 'ApplicationVersion'
    | 'ChartRepository'
    | 'Cluster'
    | 'GenericObject'
    | 'PlatformRole'
    | 'Project'
    | 'User'
    | 'Workspace',
    ParentType,
    ContextType
  >
}

export type ObjectMetaResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ObjectMeta'] = ResolversParentTypes['ObjectMeta'],
> = {
  annotations?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  annotationsEntry?: Resolver<
    Maybe<ResolversTypes['String']>,
    ParentType,
    ContextType,
    RequireFields<ObjectMetaAnnotationsEntryArgs, 'key'>
  >
  creationTimestamp?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  deletionGracePeriodSeconds?: Resolver<Maybe<ResolversTypes['Int64']>, ParentType, ContextType>
  deletionTimestamp?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  finalizers?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  generateName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  generation?: Resolver<Maybe<ResolversTypes['Int64']>, ParentType, ContextType>
  labels?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  labelsEntry?: Resolver<
    Maybe<ResolversTypes['String']>,
    ParentType,
    ContextType,
    RequireFields<ObjectMetaLabelsEntryArgs, 'key'>
  >
  managedFields?: Resolver<
    ReadonlyArray<ResolversTypes['ManagedFieldsEntry']>,
    ParentType,
    ContextType
  >
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  namespace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  ownerReferences?: Resolver<
    ReadonlyArray<ResolversTypes['OwnerReference']>,
    ParentType,
    ContextType
  >
  resourceVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  uid?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>
}

export type OwnerReferenceResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['OwnerReference'] =
    ResolversParentTypes['OwnerReference'],
> = {
  apiVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  blockOwnerDeletion?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>
  controller?: Resolver<Maybe<ResolversTypes['Boolean']>, ParentType, ContextType>
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  uid?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
}

export type PackageFileResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PackageFile'] = ResolversParentTypes['PackageFile'],
> = {
  content?: Resolver<ResolversTypes['Base64'], ParentType, ContextType>
  path?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type PageInfoResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo'],
> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type PlatformConfigResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformConfig'] =
    ResolversParentTypes['PlatformConfig'],
> = {
  createdAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  data?: Resolver<Maybe<ResolversTypes['JSON']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  resourceVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type PlatformConfigPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformConfigPayload'] =
    ResolversParentTypes['PlatformConfigPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  config?: Resolver<Maybe<ResolversTypes['PlatformConfig']>, ParentType, ContextType>
}

export type PlatformMetricsResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformMetrics'] =
    ResolversParentTypes['PlatformMetrics'],
> = {
  clusters?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  installPlans?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  users?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  workspaces?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
}

export type PlatformRoleResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformRole'] = ResolversParentTypes['PlatformRole'],
  FederationReferenceType extends FederationReferenceTypes['PlatformRole'] =
    FederationReferenceTypes['PlatformRole'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['PlatformRole']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  labels?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  level?: Resolver<ResolversTypes['RoleLevel'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>
  rules?: Resolver<ReadonlyArray<ResolversTypes['PolicyRule']>, ParentType, ContextType>
  scope?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  subjects?: Resolver<ReadonlyArray<ResolversTypes['RoleSubject']>, ParentType, ContextType>
  templates?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  workspace?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type PlatformRoleConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformRoleConnection'] =
    ResolversParentTypes['PlatformRoleConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['PlatformRoleEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['PlatformRole']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type PlatformRoleEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformRoleEdge'] =
    ResolversParentTypes['PlatformRoleEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['PlatformRole'], ParentType, ContextType>
}

export type PlatformRolePayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformRolePayload'] =
    ResolversParentTypes['PlatformRolePayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  role?: Resolver<Maybe<ResolversTypes['PlatformRole']>, ParentType, ContextType>
}

export type PlatformVersionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PlatformVersion'] =
    ResolversParentTypes['PlatformVersion'],
> = {
  buildDate?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  commit?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  kubernetesVersion?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  platform?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type PolicyRuleResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['PolicyRule'] = ResolversParentTypes['PolicyRule'],
> = {
  apiGroups?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  nonResourceURLs?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  resourceNames?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  resources?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  verbs?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
}

export type ProjectResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Project'] = ResolversParentTypes['Project'],
> = {
  annotations?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  cluster?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  creator?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  labels?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  members?: Resolver<
    ResolversTypes['MembershipConnection'],
    ParentType,
    ContextType,
    Partial<ProjectMembersArgs>
  >
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  phase?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  roles?: Resolver<
    ResolversTypes['PlatformRoleConnection'],
    ParentType,
    ContextType,
    Partial<ProjectRolesArgs>
  >
  workspace?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>
  workspaceName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type ProjectConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ProjectConnection'] =
    ResolversParentTypes['ProjectConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ProjectEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Project']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type ProjectEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ProjectEdge'] = ResolversParentTypes['ProjectEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['Project'], ParentType, ContextType>
}

export type ProjectPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ProjectPayload'] =
    ResolversParentTypes['ProjectPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  project?: Resolver<Maybe<ResolversTypes['Project']>, ParentType, ContextType>
}

export interface QuantityScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['Quantity'],
  unknown
> {
  name: 'Quantity'
}

export type QueryResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query'],
> = {
  accessReview?: Resolver<
    ReadonlyArray<ResolversTypes['AccessVerdict']>,
    ParentType,
    ContextType,
    RequireFields<QueryAccessReviewArgs, 'attributes' | 'groups' | 'user'>
  >
  application?: Resolver<
    Maybe<ResolversTypes['Application']>,
    ParentType,
    ContextType,
    RequireFields<QueryApplicationArgs, 'name'>
  >
  applicationCategories?: Resolver<
    ResolversTypes['ApplicationCategoryConnection'],
    ParentType,
    ContextType,
    Partial<QueryApplicationCategoriesArgs>
  >
  applicationCategory?: Resolver<
    Maybe<ResolversTypes['ApplicationCategory']>,
    ParentType,
    ContextType,
    RequireFields<QueryApplicationCategoryArgs, 'name'>
  >
  applicationRelease?: Resolver<
    Maybe<ResolversTypes['ApplicationRelease']>,
    ParentType,
    ContextType,
    RequireFields<QueryApplicationReleaseArgs, 'name'>
  >
  applicationReleases?: Resolver<
    ResolversTypes['ApplicationReleaseConnection'],
    ParentType,
    ContextType,
    Partial<QueryApplicationReleasesArgs>
  >
  applicationReviews?: Resolver<
    ResolversTypes['ApplicationVersionConnection'],
    ParentType,
    ContextType,
    Partial<QueryApplicationReviewsArgs>
  >
  applications?: Resolver<
    ResolversTypes['ApplicationConnection'],
    ParentType,
    ContextType,
    Partial<QueryApplicationsArgs>
  >
  availableIngressClasses?: Resolver<
    ReadonlyArray<ResolversTypes['IngressClassScope']>,
    ParentType,
    ContextType,
    RequireFields<QueryAvailableIngressClassesArgs, 'namespace'>
  >
  can?: Resolver<
    ReadonlyArray<ResolversTypes['AccessVerdict']>,
    ParentType,
    ContextType,
    RequireFields<QueryCanArgs, 'attributes'>
  >
  chartRepositories?: Resolver<
    ResolversTypes['ChartRepositoryConnection'],
    ParentType,
    ContextType,
    Partial<QueryChartRepositoriesArgs>
  >
  chartRepository?: Resolver<
    Maybe<ResolversTypes['ChartRepository']>,
    ParentType,
    ContextType,
    RequireFields<QueryChartRepositoryArgs, 'name'>
  >
  cluster?: Resolver<
    Maybe<ResolversTypes['Cluster']>,
    ParentType,
    ContextType,
    RequireFields<QueryClusterArgs, 'name'>
  >
  clusterConnectionConfigs?: Resolver<
    ReadonlyArray<ResolversTypes['PlatformConfig']>,
    ParentType,
    ContextType
  >
  clusterLabels?: Resolver<ReadonlyArray<ResolversTypes['ClusterLabel']>, ParentType, ContextType>
  clusters?: Resolver<
    ResolversTypes['ClusterConnection'],
    ParentType,
    ContextType,
    Partial<QueryClustersArgs>
  >
  extensionFiles?: Resolver<
    Maybe<ReadonlyArray<ResolversTypes['PackageFile']>>,
    ParentType,
    ContextType,
    RequireFields<QueryExtensionFilesArgs, 'version'>
  >
  graphExtensions?: Resolver<
    ReadonlyArray<ResolversTypes['GraphExtension']>,
    ParentType,
    ContextType
  >
  kinds?: Resolver<
    ReadonlyArray<ResolversTypes['ResourceKind']>,
    ParentType,
    ContextType,
    Partial<QueryKindsArgs>
  >
  loginOptions?: Resolver<ResolversTypes['LoginOptions'], ParentType, ContextType>
  loginRecords?: Resolver<
    ResolversTypes['LoginRecordConnection'],
    ParentType,
    ContextType,
    RequireFields<QueryLoginRecordsArgs, 'user'>
  >
  me?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>
  multiclusterOptions?: Resolver<ResolversTypes['MulticlusterOptions'], ParentType, ContextType>
  node?: Resolver<
    Maybe<ResolversTypes['Node']>,
    ParentType,
    ContextType,
    RequireFields<QueryNodeArgs, 'id'>
  >
  nodes?: Resolver<
    ReadonlyArray<Maybe<ResolversTypes['Node']>>,
    ParentType,
    ContextType,
    RequireFields<QueryNodesArgs, 'ids'>
  >
  platformConfig?: Resolver<
    Maybe<ResolversTypes['PlatformConfig']>,
    ParentType,
    ContextType,
    RequireFields<QueryPlatformConfigArgs, 'name'>
  >
  platformMetrics?: Resolver<ResolversTypes['PlatformMetrics'], ParentType, ContextType>
  platformRole?: Resolver<
    Maybe<ResolversTypes['PlatformRole']>,
    ParentType,
    ContextType,
    RequireFields<QueryPlatformRoleArgs, 'level' | 'name'>
  >
  platformRoles?: Resolver<
    ResolversTypes['PlatformRoleConnection'],
    ParentType,
    ContextType,
    RequireFields<QueryPlatformRolesArgs, 'level'>
  >
  platformVersion?: Resolver<ResolversTypes['PlatformVersion'], ParentType, ContextType>
  resource?: Resolver<
    Maybe<ResolversTypes['KubernetesObject']>,
    ParentType,
    ContextType,
    RequireFields<QueryResourceArgs, 'ref'>
  >
  resources?: Resolver<
    ResolversTypes['KubernetesObjectConnection'],
    ParentType,
    ContextType,
    RequireFields<QueryResourcesArgs, 'accessibleOnly' | 'consistency' | 'kind'>
  >
  resourcesIn?: Resolver<
    ResolversTypes['KubernetesObjectConnection'],
    ParentType,
    ContextType,
    RequireFields<QueryResourcesInArgs, 'accessibleOnly' | 'category'>
  >
  roleTemplates?: Resolver<
    ResolversTypes['RoleTemplateConnection'],
    ParentType,
    ContextType,
    Partial<QueryRoleTemplatesArgs>
  >
  table?: Resolver<
    ResolversTypes['ResourceTable'],
    ParentType,
    ContextType,
    RequireFields<QueryTableArgs, 'kind'>
  >
  theme?: Resolver<Maybe<ResolversTypes['StringMap']>, ParentType, ContextType>
  user?: Resolver<
    Maybe<ResolversTypes['User']>,
    ParentType,
    ContextType,
    RequireFields<QueryUserArgs, 'name'>
  >
  users?: Resolver<
    ResolversTypes['UserConnection'],
    ParentType,
    ContextType,
    Partial<QueryUsersArgs>
  >
  workspace?: Resolver<
    Maybe<ResolversTypes['Workspace']>,
    ParentType,
    ContextType,
    RequireFields<QueryWorkspaceArgs, 'name'>
  >
  workspaces?: Resolver<
    ResolversTypes['WorkspaceConnection'],
    ParentType,
    ContextType,
    Partial<QueryWorkspacesArgs>
  >
}

export type RemovalPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['RemovalPayload'] =
    ResolversParentTypes['RemovalPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type RemoveMembersPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['RemoveMembersPayload'] =
    ResolversParentTypes['RemoveMembersPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  usernames?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
}

export type RenewSessionPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['RenewSessionPayload'] =
    ResolversParentTypes['RenewSessionPayload'],
> = {
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
}

export type ResourceCountResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ResourceCount'] = ResolversParentTypes['ResourceCount'],
> = {
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  count?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
  kind?: Resolver<ResolversTypes['ResourceKind'], ParentType, ContextType>
}

export type ResourceKindResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ResourceKind'] = ResolversParentTypes['ResourceKind'],
> = {
  allowed?: Resolver<
    ReadonlyArray<ResolversTypes['String']>,
    ParentType,
    ContextType,
    Partial<ResourceKindAllowedArgs>
  >
  categories?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  columns?: Resolver<
    Maybe<ReadonlyArray<ResolversTypes['TableColumn']>>,
    ParentType,
    ContextType,
    Partial<ResourceKindColumnsArgs>
  >
  getField?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  group?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  listField?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  namespaced?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  plural?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  preferred?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
  schemaError?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  shortNames?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  singular?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  subresources?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  typeName?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  verbs?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  version?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  watchField?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type ResourceTableResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ResourceTable'] = ResolversParentTypes['ResourceTable'],
> = {
  columns?: Resolver<ReadonlyArray<ResolversTypes['TableColumn']>, ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  resourceVersion?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  rows?: Resolver<ReadonlyArray<ResolversTypes['TableRow']>, ParentType, ContextType>
  totalCount?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>
}

export type RoleSubjectResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['RoleSubject'] = ResolversParentTypes['RoleSubject'],
> = {
  binding?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  namespace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>
}

export type RoleTemplateResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['RoleTemplate'] = ResolversParentTypes['RoleTemplate'],
> = {
  category?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  dependencies?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  description?: Resolver<
    Maybe<ResolversTypes['String']>,
    ParentType,
    ContextType,
    RequireFields<RoleTemplateDescriptionArgs, 'language'>
  >
  displayName?: Resolver<
    Maybe<ResolversTypes['String']>,
    ParentType,
    ContextType,
    RequireFields<RoleTemplateDisplayNameArgs, 'language'>
  >
  labels?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  level?: Resolver<Maybe<ResolversTypes['RoleLevel']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  rules?: Resolver<ReadonlyArray<ResolversTypes['PolicyRule']>, ParentType, ContextType>
}

export type RoleTemplateConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['RoleTemplateConnection'] =
    ResolversParentTypes['RoleTemplateConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['RoleTemplateEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['RoleTemplate']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type RoleTemplateEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['RoleTemplateEdge'] =
    ResolversParentTypes['RoleTemplateEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['RoleTemplate'], ParentType, ContextType>
}

export type ScaleResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Scale'] = ResolversParentTypes['Scale'],
> = {
  currentReplicas?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  replicas?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  selector?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
}

export type ScalePayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ScalePayload'] = ResolversParentTypes['ScalePayload'],
> = {
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  scale?: Resolver<ResolversTypes['Scale'], ParentType, ContextType>
  warnings?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
}

export type SchemaVersionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['SchemaVersion'] = ResolversParentTypes['SchemaVersion'],
> = {
  hash?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  kinds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export interface SelectorScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['Selector'],
  unknown
> {
  name: 'Selector'
}

export interface StringMapScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['StringMap'],
  unknown
> {
  name: 'StringMap'
}

export type SubscriptionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription'],
> = {
  clustersChanged?: SubscriptionResolver<
    ResolversTypes['ClusterChange'],
    'clustersChanged',
    ParentType,
    ContextType,
    RequireFields<SubscriptionClustersChangedArgs, 'initial' | 'onlySelected' | 'throttleMs'>
  >
  exec?: SubscriptionResolver<
    ResolversTypes['ExecEvent'],
    'exec',
    ParentType,
    ContextType,
    RequireFields<SubscriptionExecArgs, 'encoding' | 'target' | 'tty'>
  >
  podLogs?: SubscriptionResolver<
    ResolversTypes['LogChunk'],
    'podLogs',
    ParentType,
    ContextType,
    RequireFields<
      SubscriptionPodLogsArgs,
      'encoding' | 'follow' | 'pod' | 'previous' | 'timestamps'
    >
  >
  resourceCounts?: SubscriptionResolver<
    ReadonlyArray<ResolversTypes['ResourceCount']>,
    'resourceCounts',
    ParentType,
    ContextType,
    RequireFields<SubscriptionResourceCountsArgs, 'kinds'>
  >
  resourcesChanged?: SubscriptionResolver<
    ResolversTypes['KubernetesObjectChange'],
    'resourcesChanged',
    ParentType,
    ContextType,
    RequireFields<
      SubscriptionResourcesChangedArgs,
      'accessibleOnly' | 'initial' | 'kind' | 'mode' | 'onlySelected' | 'throttleMs'
    >
  >
  schemaChanged?: SubscriptionResolver<
    ResolversTypes['SchemaVersion'],
    'schemaChanged',
    ParentType,
    ContextType
  >
  usersChanged?: SubscriptionResolver<
    ResolversTypes['UserChange'],
    'usersChanged',
    ParentType,
    ContextType,
    RequireFields<SubscriptionUsersChangedArgs, 'initial' | 'onlySelected' | 'throttleMs'>
  >
  workloadLogs?: SubscriptionResolver<
    ResolversTypes['LogChunk'],
    'workloadLogs',
    ParentType,
    ContextType,
    RequireFields<SubscriptionWorkloadLogsArgs, 'encoding' | 'follow' | 'previous' | 'timestamps'>
  >
  workspacesChanged?: SubscriptionResolver<
    ResolversTypes['WorkspaceChange'],
    'workspacesChanged',
    ParentType,
    ContextType,
    RequireFields<SubscriptionWorkspacesChangedArgs, 'initial' | 'onlySelected' | 'throttleMs'>
  >
}

export type TableColumnResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['TableColumn'] = ResolversParentTypes['TableColumn'],
> = {
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  format?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  priority?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['String'], ParentType, ContextType>
}

export type TableRowResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['TableRow'] = ResolversParentTypes['TableRow'],
> = {
  cells?: Resolver<ReadonlyArray<Maybe<ResolversTypes['JSON']>>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  namespace?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
}

export type ThemePayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ThemePayload'] = ResolversParentTypes['ThemePayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  theme?: Resolver<Maybe<ResolversTypes['StringMap']>, ParentType, ContextType>
}

export type UploadApplicationPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['UploadApplicationPayload'] =
    ResolversParentTypes['UploadApplicationPayload'],
> = {
  application?: Resolver<Maybe<ResolversTypes['Application']>, ParentType, ContextType>
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  version?: Resolver<Maybe<ResolversTypes['ApplicationVersion']>, ParentType, ContextType>
}

export type UserResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'],
  FederationReferenceType extends FederationReferenceTypes['User'] =
    FederationReferenceTypes['User'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['User']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  can?: Resolver<
    ReadonlyArray<ResolversTypes['AccessVerdict']>,
    ParentType,
    ContextType,
    RequireFields<UserCanArgs, 'attributes'>
  >
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  email?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  globalRole?: Resolver<Maybe<ResolversTypes['PlatformRole']>, ParentType, ContextType>
  globalRoleName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  groups?: Resolver<ReadonlyArray<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  lang?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  lastLoginTime?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>
  loginRecords?: Resolver<
    ResolversTypes['LoginRecordConnection'],
    ParentType,
    ContextType,
    RequireFields<UserLoginRecordsArgs, 'first'>
  >
  memberships?: Resolver<
    ReadonlyArray<ResolversTypes['Membership']>,
    ParentType,
    ContextType,
    Partial<UserMembershipsArgs>
  >
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  roleTemplates?: Resolver<
    ReadonlyArray<ResolversTypes['RoleTemplate']>,
    ParentType,
    ContextType,
    RequireFields<UserRoleTemplatesArgs, 'level'>
  >
  status?: Resolver<ResolversTypes['UserStatus'], ParentType, ContextType>
  workspaces?: Resolver<
    ResolversTypes['WorkspaceConnection'],
    ParentType,
    ContextType,
    Partial<UserWorkspacesArgs>
  >
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type UserChangeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['UserChange'] = ResolversParentTypes['UserChange'],
> = {
  object?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>
  previous?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>
  resume?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>
}

export type UserConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['UserConnection'] =
    ResolversParentTypes['UserConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['UserEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['User']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type UserEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>
}

export type UserPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['UserPayload'] = ResolversParentTypes['UserPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>
}

export type ValidateClusterPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['ValidateClusterPayload'] =
    ResolversParentTypes['ValidateClusterPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  ok?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
}

export type VerifyChartRepositoryPayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['VerifyChartRepositoryPayload'] =
    ResolversParentTypes['VerifyChartRepositoryPayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  ok?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>
}

export type WorkspaceResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['Workspace'] = ResolversParentTypes['Workspace'],
  FederationReferenceType extends FederationReferenceTypes['Workspace'] =
    FederationReferenceTypes['Workspace'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Workspace']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >
  annotations?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  clusters?: Resolver<ReadonlyArray<ResolversTypes['Cluster']>, ParentType, ContextType>
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  displayName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>
  labels?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  manager?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>
  managerName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  member?: Resolver<
    Maybe<ResolversTypes['Membership']>,
    ParentType,
    ContextType,
    RequireFields<WorkspaceMemberArgs, 'username'>
  >
  members?: Resolver<
    ResolversTypes['MembershipConnection'],
    ParentType,
    ContextType,
    Partial<WorkspaceMembersArgs>
  >
  metrics?: Resolver<Maybe<ResolversTypes['WorkspaceMetrics']>, ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  object?: Resolver<Maybe<ResolversTypes['KubernetesObject']>, ParentType, ContextType>
  projects?: Resolver<
    ResolversTypes['ProjectConnection'],
    ParentType,
    ContextType,
    Partial<WorkspaceProjectsArgs>
  >
  quota?: Resolver<
    Maybe<ResolversTypes['WorkspaceQuota']>,
    ParentType,
    ContextType,
    Partial<WorkspaceQuotaArgs>
  >
  roles?: Resolver<
    ResolversTypes['PlatformRoleConnection'],
    ParentType,
    ContextType,
    Partial<WorkspaceRolesArgs>
  >
  __isTypeOf?: IsTypeOfResolverFn<ParentType, ContextType>
}

export type WorkspaceChangeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['WorkspaceChange'] =
    ResolversParentTypes['WorkspaceChange'],
> = {
  object?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>
  previous?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>
  resume?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  type?: Resolver<ResolversTypes['ChangeType'], ParentType, ContextType>
}

export type WorkspaceConnectionResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['WorkspaceConnection'] =
    ResolversParentTypes['WorkspaceConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['WorkspaceEdge']>, ParentType, ContextType>
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Workspace']>, ParentType, ContextType>
  pageCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type WorkspaceEdgeResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['WorkspaceEdge'] = ResolversParentTypes['WorkspaceEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  node?: Resolver<ResolversTypes['Workspace'], ParentType, ContextType>
}

export type WorkspaceMetricsResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['WorkspaceMetrics'] =
    ResolversParentTypes['WorkspaceMetrics'],
> = {
  projects?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  roleBindings?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
  roles?: Resolver<ResolversTypes['Int'], ParentType, ContextType>
}

export type WorkspacePayloadResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['WorkspacePayload'] =
    ResolversParentTypes['WorkspacePayload'],
> = {
  clientMutationId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>
  workspace?: Resolver<Maybe<ResolversTypes['Workspace']>, ParentType, ContextType>
}

export type WorkspaceQuotaResolvers<
  ContextType = GraphqlContext,
  ParentType extends ResolversParentTypes['WorkspaceQuota'] =
    ResolversParentTypes['WorkspaceQuota'],
> = {
  hard?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>
  used?: Resolver<ResolversTypes['StringMap'], ParentType, ContextType>
}

export type Resolvers<ContextType = GraphqlContext> = {
  AccessVerdict?: AccessVerdictResolvers<ContextType>
  Application?: ApplicationResolvers<ContextType>
  ApplicationCategory?: ApplicationCategoryResolvers<ContextType>
  ApplicationCategoryConnection?: ApplicationCategoryConnectionResolvers<ContextType>
  ApplicationCategoryEdge?: ApplicationCategoryEdgeResolvers<ContextType>
  ApplicationCategoryPayload?: ApplicationCategoryPayloadResolvers<ContextType>
  ApplicationConnection?: ApplicationConnectionResolvers<ContextType>
  ApplicationEdge?: ApplicationEdgeResolvers<ContextType>
  ApplicationMaintainer?: ApplicationMaintainerResolvers<ContextType>
  ApplicationPayload?: ApplicationPayloadResolvers<ContextType>
  ApplicationPreview?: ApplicationPreviewResolvers<ContextType>
  ApplicationRelease?: ApplicationReleaseResolvers<ContextType>
  ApplicationReleaseConnection?: ApplicationReleaseConnectionResolvers<ContextType>
  ApplicationReleaseEdge?: ApplicationReleaseEdgeResolvers<ContextType>
  ApplicationReleasePayload?: ApplicationReleasePayloadResolvers<ContextType>
  ApplicationResource?: ApplicationResourceResolvers<ContextType>
  ApplicationVersion?: ApplicationVersionResolvers<ContextType>
  ApplicationVersionConnection?: ApplicationVersionConnectionResolvers<ContextType>
  ApplicationVersionEdge?: ApplicationVersionEdgeResolvers<ContextType>
  ApplicationVersionPayload?: ApplicationVersionPayloadResolvers<ContextType>
  ApplyConflict?: ApplyConflictResolvers<ContextType>
  Base64?: GraphQLScalarType
  ChartRepository?: ChartRepositoryResolvers<ContextType>
  ChartRepositoryConnection?: ChartRepositoryConnectionResolvers<ContextType>
  ChartRepositoryEdge?: ChartRepositoryEdgeResolvers<ContextType>
  ChartRepositoryEvent?: ChartRepositoryEventResolvers<ContextType>
  ChartRepositoryEventConnection?: ChartRepositoryEventConnectionResolvers<ContextType>
  ChartRepositoryEventEdge?: ChartRepositoryEventEdgeResolvers<ContextType>
  ChartRepositoryPayload?: ChartRepositoryPayloadResolvers<ContextType>
  Cluster?: ClusterResolvers<ContextType>
  ClusterChange?: ClusterChangeResolvers<ContextType>
  ClusterConnection?: ClusterConnectionResolvers<ContextType>
  ClusterEdge?: ClusterEdgeResolvers<ContextType>
  ClusterLabel?: ClusterLabelResolvers<ContextType>
  ClusterLabelsPayload?: ClusterLabelsPayloadResolvers<ContextType>
  ClusterPayload?: ClusterPayloadResolvers<ContextType>
  ClusterResult?: ClusterResultResolvers<ContextType>
  Condition?: ConditionResolvers<ContextType>
  DateTime?: GraphQLScalarType
  DeleteClusterLabelsPayload?: DeleteClusterLabelsPayloadResolvers<ContextType>
  DeletePayload?: DeletePayloadResolvers<ContextType>
  DeletePlatformRolePayload?: DeletePlatformRolePayloadResolvers<ContextType>
  DeleteUserPayload?: DeleteUserPayloadResolvers<ContextType>
  Duration?: GraphQLScalarType
  ExecAck?: ExecAckResolvers<ContextType>
  ExecEvent?: ExecEventResolvers<ContextType>
  ExecExited?: ExecExitedResolvers<ContextType>
  ExecOutput?: ExecOutputResolvers<ContextType>
  ExecStarted?: ExecStartedResolvers<ContextType>
  GenericObject?: GenericObjectResolvers<ContextType>
  GraphExtension?: GraphExtensionResolvers<ContextType>
  IdentityProvider?: IdentityProviderResolvers<ContextType>
  IngressClassScope?: IngressClassScopeResolvers<ContextType>
  Int64?: GraphQLScalarType
  IntOrString?: GraphQLScalarType
  JSON?: GraphQLScalarType
  KubernetesObject?: KubernetesObjectResolvers<ContextType>
  KubernetesObjectChange?: KubernetesObjectChangeResolvers<ContextType>
  KubernetesObjectConnection?: KubernetesObjectConnectionResolvers<ContextType>
  KubernetesObjectEdge?: KubernetesObjectEdgeResolvers<ContextType>
  KubernetesObjectPayload?: KubernetesObjectPayloadResolvers<ContextType>
  LogChunk?: LogChunkResolvers<ContextType>
  LogLine?: LogLineResolvers<ContextType>
  LoginClient?: LoginClientResolvers<ContextType>
  LoginOptions?: LoginOptionsResolvers<ContextType>
  LoginRecord?: LoginRecordResolvers<ContextType>
  LoginRecordConnection?: LoginRecordConnectionResolvers<ContextType>
  LoginRecordEdge?: LoginRecordEdgeResolvers<ContextType>
  ManagedFieldsEntry?: ManagedFieldsEntryResolvers<ContextType>
  ManifestError?: ManifestErrorResolvers<ContextType>
  ManifestResult?: ManifestResultResolvers<ContextType>
  MembersPayload?: MembersPayloadResolvers<ContextType>
  Membership?: MembershipResolvers<ContextType>
  MembershipConnection?: MembershipConnectionResolvers<ContextType>
  MembershipEdge?: MembershipEdgeResolvers<ContextType>
  MulticlusterOptions?: MulticlusterOptionsResolvers<ContextType>
  Mutation?: MutationResolvers<ContextType>
  Node?: NodeResolvers<ContextType>
  ObjectMeta?: ObjectMetaResolvers<ContextType>
  OwnerReference?: OwnerReferenceResolvers<ContextType>
  PackageFile?: PackageFileResolvers<ContextType>
  PageInfo?: PageInfoResolvers<ContextType>
  PlatformConfig?: PlatformConfigResolvers<ContextType>
  PlatformConfigPayload?: PlatformConfigPayloadResolvers<ContextType>
  PlatformMetrics?: PlatformMetricsResolvers<ContextType>
  PlatformRole?: PlatformRoleResolvers<ContextType>
  PlatformRoleConnection?: PlatformRoleConnectionResolvers<ContextType>
  PlatformRoleEdge?: PlatformRoleEdgeResolvers<ContextType>
  PlatformRolePayload?: PlatformRolePayloadResolvers<ContextType>
  PlatformVersion?: PlatformVersionResolvers<ContextType>
  PolicyRule?: PolicyRuleResolvers<ContextType>
  Project?: ProjectResolvers<ContextType>
  ProjectConnection?: ProjectConnectionResolvers<ContextType>
  ProjectEdge?: ProjectEdgeResolvers<ContextType>
  ProjectPayload?: ProjectPayloadResolvers<ContextType>
  Quantity?: GraphQLScalarType
  Query?: QueryResolvers<ContextType>
  RemovalPayload?: RemovalPayloadResolvers<ContextType>
  RemoveMembersPayload?: RemoveMembersPayloadResolvers<ContextType>
  RenewSessionPayload?: RenewSessionPayloadResolvers<ContextType>
  ResourceCount?: ResourceCountResolvers<ContextType>
  ResourceKind?: ResourceKindResolvers<ContextType>
  ResourceTable?: ResourceTableResolvers<ContextType>
  RoleSubject?: RoleSubjectResolvers<ContextType>
  RoleTemplate?: RoleTemplateResolvers<ContextType>
  RoleTemplateConnection?: RoleTemplateConnectionResolvers<ContextType>
  RoleTemplateEdge?: RoleTemplateEdgeResolvers<ContextType>
  Scale?: ScaleResolvers<ContextType>
  ScalePayload?: ScalePayloadResolvers<ContextType>
  SchemaVersion?: SchemaVersionResolvers<ContextType>
  Selector?: GraphQLScalarType
  StringMap?: GraphQLScalarType
  Subscription?: SubscriptionResolvers<ContextType>
  TableColumn?: TableColumnResolvers<ContextType>
  TableRow?: TableRowResolvers<ContextType>
  ThemePayload?: ThemePayloadResolvers<ContextType>
  UploadApplicationPayload?: UploadApplicationPayloadResolvers<ContextType>
  User?: UserResolvers<ContextType>
  UserChange?: UserChangeResolvers<ContextType>
  UserConnection?: UserConnectionResolvers<ContextType>
  UserEdge?: UserEdgeResolvers<ContextType>
  UserPayload?: UserPayloadResolvers<ContextType>
  ValidateClusterPayload?: ValidateClusterPayloadResolvers<ContextType>
  VerifyChartRepositoryPayload?: VerifyChartRepositoryPayloadResolvers<ContextType>
  Workspace?: WorkspaceResolvers<ContextType>
  WorkspaceChange?: WorkspaceChangeResolvers<ContextType>
  WorkspaceConnection?: WorkspaceConnectionResolvers<ContextType>
  WorkspaceEdge?: WorkspaceEdgeResolvers<ContextType>
  WorkspaceMetrics?: WorkspaceMetricsResolvers<ContextType>
  WorkspacePayload?: WorkspacePayloadResolvers<ContextType>
  WorkspaceQuota?: WorkspaceQuotaResolvers<ContextType>
}
