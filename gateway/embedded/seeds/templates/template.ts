import type { KubeObject } from '../../../kube/types.ts'
import type { PolicyRule } from '../rules.ts'
import { words } from '../rules.ts'

export type Scope = 'global' | 'cluster' | 'workspace' | 'namespace'
type Action = 'view' | 'manage' | 'create' | 'delete'

/** One role template. `menu` and `needs` are comma lists: console menus it opens, templates it builds on. */
export interface TemplateRow {
  readonly name: string
  readonly category: string
  readonly action: Action
  /** What it is about, in English and Chinese. */
  readonly noun: readonly [en: string, zh: string]
  readonly menu: string
  /** The action that the console reads for `menu`, where it is not `action`. */
  readonly menuAction?: Action
  /** Built-in roles that take it in. */
  readonly to?: string
  readonly needs?: string
  readonly hidden?: boolean
  readonly basic?: boolean
  readonly rego?: string
  readonly rules?: readonly PolicyRule[]
}

const verbs: Record<Action, readonly [en: string, zh: string, aboutEn: string, aboutZh: string]> = {
  view: ['View', '查看', 'Read without changing', '只读访问'],
  manage: ['Manage', '管理', 'Read, create, change and delete', '读取、创建、修改和删除'],
  create: ['Create', '创建', 'Add', '新建'],
  delete: ['Delete', '删除', 'Remove', '移除'],
}

/** The RoleTemplate (iam.kubesphere.io/v1beta1) of one row. */
export function roleTemplate(scope: Scope, row: TemplateRow): KubeObject {
  const [en, zh, aboutEn, aboutZh] = verbs[row.action]
  const [nounEn, nounZh] = row.noun
  const menu = words(row.menu).map((item) => [item, row.menuAction ?? row.action])
  const labels: Record<string, string> = {
    'iam.kubesphere.io/scope': scope,
    'iam.kubesphere.io/category': row.category,
    'kubesphere.io/managed': 'true',
    ...(row.hidden && { 'iam.kubesphere.io/hidden-role-template': 'true' }),
    ...(row.basic && { 'iam.kubesphere.io/basic-role-template': 'true' }),
  }
  for (const role of row.to ? words(row.to) : [])
    labels[`iam.kubesphere.io/aggregate-to-${role}`] = ''
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'RoleTemplate',
    metadata: {
      name: row.name,
      labels,
      annotations: {
        'iam.kubesphere.io/role-template-rules': JSON.stringify(Object.fromEntries(menu)),
        ...(row.needs && {
          'iam.kubesphere.io/dependencies': JSON.stringify(words(row.needs)),
        }),
        ...(row.rego && { 'iam.kubesphere.io/rego-override': row.rego }),
      },
    },
    spec: {
      displayName: { en: `${en} ${nounEn}`, zh: `${zh}${nounZh}` },
      description: { en: `${aboutEn}: ${nounEn}.`, zh: `${aboutZh}：${nounZh}。` },
      rules: row.rules ?? [],
    },
  }
}
