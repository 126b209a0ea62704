import type { CrdKind } from '../crd.ts'
import {
  atom,
  atoms,
  bool,
  bytes,
  empty,
  free,
  int,
  labelSelector,
  list,
  listMap,
  map,
  obj,
  quantity,
  str,
  time,
  type Fields,
} from '../schema.ts'

const placement = obj({
  clusters: listMap('name', obj({ 'name*': str })),
  clusterSelector: labelSelector,
})

const formerTemplate: Fields = {
  spec: obj({
    'template*': obj({ metadata: empty, spec: obj({ manager: str }) }),
    'placement*': placement,
    overrides: list(
      obj({
        'clusterName*': str,
        clusterOverrides: list(obj({ op: str, 'path*': str, value: free })),
      }),
    ),
  }),
}

const template: Fields = {
  spec: obj({
    'template*': obj({
      metadata: obj({ labels: map(str), annotations: map(str) }),
      spec: obj({ manager: str }),
    }),
    'placement*': placement,
  }),
}

const cluster: Fields = {
  spec: obj({
    provider: str,
    connection: obj({
      type: str,
      kubeconfig: bytes,
      token: str,
      kubernetesAPIEndpoint: str,
      kubesphereAPIEndpoint: str,
      externalKubernetesAPIEndpoint: str,
      kubernetesAPIServerPort: int,
      kubesphereAPIServerPort: int,
    }),
    config: bytes,
    externalKubeAPIEnabled: bool,
    enable: bool,
    joinFederation: bool,
  }),
  status: obj({
    conditions: list(
      obj({
        'type*': str,
        'status*': str,
        lastUpdateTime: time,
        lastTransitionTime: time,
        reason: str,
        message: str,
      }),
    ),
    kubernetesVersion: str,
    kubeSphereVersion: str,
    nodeCount: int,
    zones: list(str),
    region: str,
    uid: str,
    configz: map(bool),
  }),
}

const usage = { hard: map(quantity), used: map(quantity) }

const quota: Fields = {
  'spec*': obj({
    'selector*': map(str),
    'quota*': obj({
      hard: map(quantity),
      scopes: atoms(str),
      scopeSelector: atom({
        matchExpressions: atoms(obj({ 'scopeName*': str, 'operator*': str, values: atoms(str) })),
      }),
    }),
  }),
  status: obj({
    'total*': obj(usage),
    'namespaces*': list(obj({ 'namespace*': str, ...usage })),
  }),
}

const features = obj({
  'snapshot*': obj({ 'create*': bool, 'list*': bool }),
  'topology*': bool,
  'volume*': obj({
    'attach*': bool,
    'clone*': bool,
    'create*': bool,
    'expandMode*': str,
    'list*': bool,
    'stats*': bool,
  }),
})

const expand = ['Expand', '.spec.features.volume.expandMode'] as const
const age = ['Age', '.metadata.creationTimestamp', 'date'] as const

/** tenant, cluster, quota, gateway and storage groups of kubesphere.io. */
export const tenancyKinds: readonly CrdKind[] = [
  {
    group: 'tenant.kubesphere.io',
    kind: 'WorkspaceTemplate',
    plural: 'workspacetemplates',
    categories: ['tenant'],
    about: 'A workspace and the clusters it spans.',
    versions: [
      { name: 'v1alpha2', fields: formerTemplate, old: true },
      { name: 'v1beta1', fields: template },
    ],
  },
  {
    group: 'tenant.kubesphere.io',
    kind: 'Workspace',
    plural: 'workspaces',
    categories: ['tenant'],
    about: 'A workspace in one of its clusters.',
    versions: [
      {
        name: 'v1alpha1',
        fields: { spec: obj({ manager: str, networkIsolation: bool }), status: empty },
        old: true,
      },
      { name: 'v1beta1', fields: { spec: obj({ manager: str }), status: empty } },
    ],
  },
  {
    group: 'cluster.kubesphere.io',
    kind: 'Cluster',
    plural: 'clusters',
    about: 'A Kubernetes cluster that the platform manages.',
    versions: [
      {
        name: 'v1alpha1',
        fields: cluster,
        columns: [
          ['Provider', '.spec.provider'],
          ['Version', '.status.kubernetesVersion'],
        ],
      },
    ],
  },
  {
    group: 'cluster.kubesphere.io',
    kind: 'Label',
    plural: 'labels',
    about: 'A key and value that clusters can be marked with.',
    versions: [
      {
        name: 'v1alpha1',
        fields: {
          'spec*': obj({ 'key*': str, 'value*': str, backgroundColor: str, clusters: list(str) }),
        },
        columns: [
          ['Key', '.spec.key'],
          ['Value', '.spec.value'],
        ],
      },
    ],
  },
  {
    group: 'quota.kubesphere.io',
    kind: 'ResourceQuota',
    plural: 'resourcequotas',
    categories: ['quota'],
    status: true,
    about: 'A quota over all namespaces that carry the labels of its selector.',
    versions: [{ name: 'v1alpha2', fields: quota }],
  },
  {
    group: 'gateway.kubesphere.io',
    kind: 'IngressClassScope',
    plural: 'ingressclassscopes',
    about: 'The namespaces that may use an ingress class.',
    versions: [
      {
        name: 'v1alpha2',
        fields: {
          spec: obj({
            scope: obj({ namespaces: list(str), namespaceSelector: str }),
            ingressClass: obj({ name: str, default: bool }),
          }),
          status: free,
        },
      },
    ],
  },
  {
    group: 'storage.kubesphere.io',
    kind: 'ProvisionerCapability',
    plural: 'provisionercapabilities',
    about: 'What a storage provisioner can do.',
    versions: [
      {
        name: 'v1alpha1',
        fields: {
          'spec*': obj({
            'pluginInfo*': obj({ 'name*': str, 'version*': str }),
            'features*': features,
          }),
        },
        columns: [['Provisioner', '.spec.pluginInfo.name'], expand, age],
      },
    ],
  },
  {
    group: 'storage.kubesphere.io',
    kind: 'StorageClassCapability',
    plural: 'storageclasscapabilities',
    about: 'What the volumes of a storage class can do.',
    versions: [
      {
        name: 'v1alpha1',
        fields: { 'spec*': obj({ 'provisioner*': str, 'features*': features }) },
        columns: [
          ['Provisioner', '.spec.provisioner'],
          ['Volume', '.spec.features.volume.create', 'boolean'],
          expand,
          ['Clone', '.spec.features.volume.clone', 'boolean'],
          ['Snapshot', '.spec.features.snapshot.create', 'boolean'],
          age,
        ],
      },
    ],
  },
]
