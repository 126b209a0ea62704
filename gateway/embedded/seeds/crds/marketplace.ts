import type { CrdKind } from '../crd.ts'
import {
  atom,
  bool,
  conditions,
  int,
  labelSelector,
  list,
  locales,
  map,
  obj,
  objectReference,
  set,
  str,
  time,
  type Fields,
} from '../schema.ts'

const group = 'kubesphere.io'
const version = 'v1alpha1'

const provider = map(obj({ name: str, email: str, url: str }))

/** How an extension fares in one cluster; an install plan has the same fields for the host. */
const installation: Fields = {
  conditions,
  configHash: str,
  jobName: str,
  releaseName: str,
  state: str,
  stateHistory: list(obj({ 'state*': str, 'lastTransitionTime*': time })),
  targetNamespace: str,
  version: str,
}
const perCluster = { clusterSchedulingStatuses: map(obj(installation)) }

const extension: Fields = {
  spec: obj({
    displayName: locales,
    description: locales,
    icon: str,
    provider,
    created: time,
  }),
  status: obj({
    state: str,
    enabled: bool,
    plannedInstallVersion: str,
    installedVersion: str,
    recommendedVersion: str,
    versions: list(obj({ 'version*': str, creationTimestamp: time })),
    conditions,
    ...perCluster,
  }),
}

const extensionVersion: Fields = {
  spec: obj({
    version: str,
    displayName: locales,
    description: locales,
    icon: str,
    provider,
    created: time,
    keywords: list(str),
    sources: list(str),
    repository: str,
    category: str,
    kubeVersion: str,
    ksVersion: str,
    home: str,
    docs: str,
    digest: str,
    screenshots: list(str),
    chartDataRef: atom({
      name: { ...str, default: '' },
      'key*': str,
      'namespace*': str,
      optional: bool,
    }),
    chartURL: str,
    namespace: str,
    installationMode: { ...str, default: 'HostOnly', enum: ['HostOnly', 'Multicluster'] },
    externalDependencies: list(
      obj({ 'name*': str, type: str, 'version*': str, 'required*': bool }),
    ),
  }),
}

const installPlan: Fields = {
  spec: obj({
    'extension*': obj({ 'name*': str, 'version*': str }),
    'enabled*': bool,
    upgradeStrategy: { ...str, default: 'Manual' },
    config: str,
    clusterScheduling: obj({
      placement: obj({ clusters: set(str), clusterSelector: labelSelector }),
      overrides: map(str),
    }),
  }),
  status: obj({ ...installation, enabled: bool, ...perCluster }),
}

const repository: Fields = {
  spec: obj({
    url: str,
    description: str,
    basicAuth: obj({ username: str, password: str }),
    caBundle: str,
    insecure: bool,
    depth: int,
    updateStrategy: obj({ registryPoll: obj({ 'interval*': str }), 'timeout*': str }),
  }),
  status: obj({ lastSyncTime: time }),
}

type Row = Omit<CrdKind, 'group' | 'versions'> & { fields: Fields; state?: boolean }

const rows: Row[] = [
  {
    kind: 'Extension',
    plural: 'extensions',
    about: 'A product of the extension marketplace.',
    fields: extension,
    state: true,
  },
  {
    kind: 'ExtensionVersion',
    plural: 'extensionversions',
    about: 'One release of an extension and its chart.',
    fields: extensionVersion,
  },
  {
    kind: 'InstallPlan',
    plural: 'installplans',
    about: 'The wish to have an extension installed.',
    fields: installPlan,
    state: true,
  },
  {
    kind: 'Repository',
    plural: 'repositories',
    about: 'A source of extension charts.',
    fields: repository,
  },
  {
    kind: 'Category',
    plural: 'categories',
    about: 'A heading of the extension marketplace.',
    fields: { spec: obj({ displayName: locales, description: locales, icon: str }) },
  },
]

/** Group kubesphere.io: the extension marketplace, and accounts for programs. */
export const marketplaceKinds: readonly CrdKind[] = [
  ...rows.map(({ fields, state, ...row }) => ({
    group,
    categories: ['extensions'],
    ...row,
    versions: [
      { name: version, fields, ...(state && { columns: [['State', '.status.state'] as const] }) },
    ],
  })),
  {
    group,
    kind: 'ServiceAccount',
    plural: 'serviceaccounts',
    namespaced: true,
    about: 'An account of the platform for programs.',
    versions: [{ name: version, fields: { secrets: list(atom(objectReference)) } }],
  },
]
