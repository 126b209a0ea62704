import { age, labelColumn, type CrdKind, type CrdVersion } from '../crd.ts'
import {
  atom,
  atoms,
  bool,
  embedded,
  empty,
  labelSelector,
  list,
  locales,
  obj,
  set,
  str,
  time,
  type Fields,
} from '../schema.ts'

const group = 'iam.kubesphere.io'
const current = 'v1beta1'
const former = 'v1alpha2'

const rules = list(
  obj({
    apiGroups: atoms(str),
    resources: atoms(str),
    resourceNames: atoms(str),
    nonResourceURLs: atoms(str),
    'verbs*': atoms(str),
  }),
)

const aggregation: Fields = {
  aggregationRoleTemplates: obj({ templateNames: set(str), roleSelector: labelSelector }),
}

const binding: Fields = {
  'roleRef*': atom({ 'apiGroup*': str, 'kind*': str, 'name*': str }),
  subjects: list(atom({ apiGroup: str, 'kind*': str, 'name*': str, namespace: str })),
}

const groupBinding: Fields = {
  groupRef: obj({ apiGroup: str, kind: str, name: str }),
  users: list(str),
}

/**
 * Plain text of 8 to 64 characters with a lower-case letter, an upper-case letter and a digit, or a bcrypt hash.
 * RE2 has no look-ahead, hence one branch for each order in which the three can first appear.
 */
export const passwordSchema = {
  type: 'string',
  minLength: 8,
  maxLength: 64,
  pattern: [
    ...['aA0', 'a0A', 'Aa0', 'A0a', '0aA', '0Aa'].map((order) => `^(${anyOrder(order)})$`),
    '^(\\$2[ayb]\\$.{56})$',
  ].join('|'),
} as const

function anyOrder(order: string): string {
  const classes: Record<string, string> = { a: '[a-z]', A: '[A-Z]', '0': '[0-9]' }
  return `.*${Array.from(order, (letter) => classes[letter]).join('.*')}.*`
}

const user: Fields = {
  'spec*': obj({
    'email*': str,
    password: passwordSchema,
    displayName: str,
    description: str,
    lang: str,
    groups: list(str),
  }),
  status: obj({ state: str, reason: str, lastTransitionTime: time, lastLoginTime: time }),
}

const loginRecord: Fields = {
  'spec*': obj({
    'type*': str,
    'provider*': str,
    'sourceIP*': str,
    'success*': bool,
    'reason*': str,
    userAgent: str,
  }),
}

const ofWorkspace = labelColumn('Workspace', 'kubesphere.io/workspace')
const alias = ['Alias', '.metadata.annotations.kubesphere\\.io/alias-name'] as const

type Columns = NonNullable<CrdVersion['columns']>

function both(fields: Fields, columns: Columns = [], formerFields = fields): CrdVersion[] {
  return [
    { name: former, fields: formerFields, columns, old: true },
    { name: current, fields, columns },
  ]
}

function one(fields: Fields): CrdVersion[] {
  return [{ name: current, fields }]
}

type Row = Omit<CrdKind, 'group' | 'categories'> & { categories?: readonly string[] }

const rows: Row[] = [
  {
    kind: 'User',
    plural: 'users',
    about: 'An account of the platform.',
    versions: both(user, [
      ['Email', '.spec.email'],
      ['Status', '.status.state'],
    ]),
  },
  {
    kind: 'LoginRecord',
    plural: 'loginrecords',
    about: 'One attempt of an account to log in.',
    versions: both(loginRecord, [
      ['Type', '.spec.type'],
      ['Provider', '.spec.provider'],
      ['From', '.spec.sourceIP'],
      ['Success', '.spec.success'],
      ['Reason', '.spec.reason'],
      age,
    ]),
  },
  {
    kind: 'GlobalRole',
    plural: 'globalroles',
    about: 'Rules that hold in the whole platform.',
    versions: both({ 'rules*': rules, ...aggregation }, [], { rules }),
  },
  {
    kind: 'GlobalRoleBinding',
    plural: 'globalrolebindings',
    about: 'Gives a GlobalRole to its subjects.',
    versions: both(binding),
  },
  {
    kind: 'WorkspaceRole',
    plural: 'workspaceroles',
    about: 'Rules that hold in one workspace, named by a label.',
    versions: both({ rules, ...aggregation }, [ofWorkspace, alias], { rules }),
  },
  {
    kind: 'WorkspaceRoleBinding',
    plural: 'workspacerolebindings',
    about: 'Gives a WorkspaceRole to its subjects.',
    versions: both(binding, [ofWorkspace]),
  },
  {
    kind: 'ClusterRole',
    plural: 'clusterroles',
    about: 'Rules that hold in this cluster.',
    versions: one({ rules, ...aggregation }),
  },
  {
    kind: 'ClusterRoleBinding',
    plural: 'clusterrolebindings',
    about: 'Gives a ClusterRole to its subjects.',
    versions: one(binding),
  },
  {
    kind: 'Role',
    plural: 'roles',
    namespaced: true,
    about: 'Rules that hold in the namespace of the role.',
    versions: one({ rules, ...aggregation }),
  },
  {
    kind: 'RoleBinding',
    plural: 'rolebindings',
    namespaced: true,
    about: 'Gives a Role of the same namespace to its subjects.',
    versions: one(binding),
  },
  {
    kind: 'RoleTemplate',
    plural: 'roletemplates',
    about: 'A named piece of rules that roles are put together from.',
    versions: one({
      spec: obj({ displayName: locales, description: locales, 'rules*': rules }),
    }),
  },
  {
    kind: 'BuiltinRole',
    plural: 'builtinroles',
    about: 'A role that every matching workspace or namespace gets.',
    versions: one({ targetSelector: labelSelector, 'role*': embedded }),
  },
  {
    kind: 'Category',
    plural: 'categories',
    about: 'A heading under which role templates are shown.',
    versions: one({ spec: obj({ displayName: locales, description: locales, icon: str }) }),
  },
  {
    kind: 'Group',
    plural: 'groups',
    categories: ['group'],
    about: 'A group of accounts inside a workspace.',
    versions: both({ spec: empty, status: empty }, [ofWorkspace]),
  },
  {
    kind: 'GroupBinding',
    plural: 'groupbindings',
    categories: ['group'],
    about: 'Members of a Group.',
    versions: both(groupBinding, [
      ['Group', '.groupRef.name'],
      ['Users', '.users'],
    ]),
  },
]

export const iamKinds: readonly CrdKind[] = rows.map((row) => ({
  group,
  categories: ['iam'],
  ...row,
}))
