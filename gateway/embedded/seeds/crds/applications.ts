import { age, labelColumn, type Column, type CrdKind } from '../crd.ts'
import {
  bool,
  bytes,
  int,
  int32,
  labelSelector,
  list,
  obj,
  objectReference,
  str,
  time,
  type Fields,
} from '../schema.ts'

const contact = obj({ name: str, email: str, url: str })

const application: Fields = {
  spec: obj({
    abstraction: str,
    appHome: str,
    appType: str,
    icon: str,
    attachments: list(str),
    resources: list(
      obj({ Group: str, Version: str, Resource: str, Name: str, Desc: str, ParentNode: str }),
    ),
  }),
  status: obj({ state: str, 'updateTime*': time }),
}

const applicationVersion: Fields = {
  spec: obj({
    'versionName*': str,
    appHome: str,
    appType: str,
    icon: str,
    created: time,
    digest: str,
    maintainer: list(contact),
    pullUrl: str,
  }),
  status: obj({ state: str, message: str, userName: str, updated: time }),
}

const applicationRelease: Fields = {
  spec: obj({ 'appID*': str, 'appVersionID*': str, values: bytes, appType: str, icon: str }),
  status: obj({
    'state*': str,
    message: str,
    specHash: str,
    installJobName: str,
    uninstallJobName: str,
    lastUpdate: time,
    realTimeResources: list(bytes),
  }),
}

const repo: Fields = {
  spec: obj({
    'url*': str,
    'syncPeriod*': int,
    description: str,
    credential: obj({
      username: str,
      password: str,
      caFile: str,
      certFile: str,
      keyFile: str,
      insecureSkipTLSVerify: bool,
    }),
  }),
  status: obj({ state: str, lastUpdateTime: time }),
}

const ofRepo = labelColumn('repo', 'application.kubesphere.io/repo-name')
const ofWorkspace = labelColumn('workspace', 'kubesphere.io/workspace')
const ofApp = labelColumn('app', 'application.kubesphere.io/app-id')
const type: Column = ['appType', '.spec.appType']
const state: Column = ['State', '.status.state']

type Row = readonly [
  kind: string,
  plural: string,
  shortName: string,
  about: string,
  fields: Fields,
  columns: readonly Column[],
]

const rows: Row[] = [
  [
    'Application',
    'applications',
    'app',
    'An application of the store, in one or more versions.',
    application,
    [ofRepo, ofWorkspace, type, state, age],
  ],
  [
    'ApplicationVersion',
    'applicationversions',
    'appver',
    'One version of an application.',
    applicationVersion,
    [ofRepo, ofWorkspace, ofApp, type, state, age],
  ],
  [
    'ApplicationRelease',
    'applicationreleases',
    'apprls',
    'An application version installed in a namespace.',
    applicationRelease,
    [
      ofWorkspace,
      ofApp,
      labelColumn('appversion', 'application.kubesphere.io/appversion-id'),
      type,
      labelColumn('Cluster', 'kubesphere.io/cluster'),
      labelColumn('Namespace', 'kubesphere.io/namespace'),
      state,
      age,
    ],
  ],
  [
    'Category',
    'categories',
    'appctg',
    'A heading of the application store.',
    { spec: obj({ icon: str }), status: obj({ 'total*': int }) },
    [['total', '.status.total'], age],
  ],
  [
    'Repo',
    'repos',
    'repo',
    'A Helm repository whose charts become applications.',
    repo,
    [labelColumn('Workspace', 'kubesphere.io/workspace'), ['url', '.spec.url'], state, age],
  ],
]

const reference = (fields: Fields) => obj({ ...objectReference, ...fields })

const composedApplication: Fields = {
  spec: obj({
    addOwnerRef: bool,
    assemblyPhase: str,
    componentKinds: list(obj({ 'group*': str, 'kind*': str })),
    descriptor: obj({
      type: str,
      version: str,
      description: str,
      notes: str,
      keywords: list(str),
      icons: list(obj({ 'src*': str, size: str, type: str })),
      links: list(obj({ description: str, url: str })),
      maintainers: list(contact),
      owners: list(contact),
    }),
    info: list(
      obj({
        name: str,
        type: str,
        value: str,
        valueFrom: obj({
          type: str,
          configMapKeyRef: reference({ key: str }),
          secretKeyRef: reference({ key: str }),
          ingressRef: reference({ host: str, path: str, protocol: str }),
          serviceRef: reference({ path: str, port: int32, protocol: str }),
        }),
      }),
    ),
    selector: labelSelector,
  }),
  status: obj({
    components: list(obj({ group: str, kind: str, link: str, name: str, status: str })),
    componentsReady: str,
    conditions: list(
      obj({
        'type*': str,
        'status*': str,
        reason: str,
        message: str,
        lastTransitionTime: time,
        lastUpdateTime: time,
      }),
    ),
    observedGeneration: { type: 'integer', format: 'int64' },
  }),
}

/** Groups application.kubesphere.io and app.k8s.io. */
export const applicationKinds: readonly CrdKind[] = [
  ...rows.map(([kind, plural, shortName, about, fields, columns]) => ({
    group: 'application.kubesphere.io',
    kind,
    plural,
    about,
    shortNames: [shortName],
    status: true,
    versions: [{ name: 'v2', fields, columns }],
  })),
  {
    group: 'app.k8s.io',
    kind: 'Application',
    plural: 'applications',
    namespaced: true,
    status: true,
    shortNames: ['app'],
    categories: ['all'],
    labels: { 'kubesphere.io/resource-served': 'true' },
    annotations: { 'api-approved.kubernetes.io': 'unapproved, kept for composed applications' },
    about: 'Workloads of one namespace that are shown as one application.',
    versions: [
      {
        name: 'v1beta1',
        fields: composedApplication,
        columns: [
          ['Type', '.spec.descriptor.type'],
          ['Version', '.spec.descriptor.version'],
          ['Owner', '.spec.addOwnerRef', 'boolean'],
          ['Ready', '.status.componentsReady'],
          age,
        ],
      },
    ],
  },
]
