import type { KubeObject } from '../../kube/types.ts'

/** Scope, name, English and Chinese title, icon of a heading over role templates. */
const iam: readonly (readonly [string, string, string, string, string])[] = [
  ['global', 'global-platform-settings', 'Platform Settings', '平台设置', 'cogwheel'],
  ['global', 'global-access-control', 'Access Control', '访问控制', 'key'],
  ['global', 'global-workspace-management', 'Workspace', '企业空间', 'enterprise'],
  ['global', 'global-cluster-management', 'Cluster Management', '集群管理', 'cluster'],
  ['global', 'manage-app', 'AppStore Manage', '应用商店管理', 'appcenter'],
  ['cluster', 'cluster-access-control', 'Access Control', '访问控制', 'key'],
  ['cluster', 'cluster-resource-management', 'Cluster Resources', '集群资源', 'nodes'],
  ['cluster', 'cluster-settings', 'Cluster Settings', '集群设置', 'cogwheel'],
  ['cluster', 'cluster-app-workloads-management', 'Application Workloads', '应用负载', 'backup'],
  ['cluster', 'cluster-project-management', 'Project', '项目', 'project'],
  ['cluster', 'cluster-storage-management', 'Storage', '存储', 'storage'],
  ['workspace', 'workspace-settings', 'Workspace Settings', '企业空间设置', 'cogwheel'],
  ['workspace', 'workspace-project-management', 'Projects', '项目', 'project'],
  ['workspace', 'workspace-access-control', 'Access Control', '访问控制', 'key'],
  ['workspace', 'workspace-app', 'Workspace Apps', '应用管理', 'appcenter'],
  ['namespace', 'namespace-access-control', 'Access Control', '访问控制', 'key'],
  ['namespace', 'namespace-configuration-management', 'Configuration', '配置', 'hammer'],
  ['namespace', 'namespace-storage-management', 'Storage', '存储', 'storage'],
  ['namespace', 'namespace-application-workloads', 'Application Workloads', '应用负载', 'backup'],
  ['namespace', 'namespace-settings', 'Project Settings', '项目设置', 'cogwheel'],
  ['namespace', 'namespace-app', 'App Releases', '应用实例', 'appcenter'],
]

/** Name, English and Chinese title of a heading of the extension marketplace. */
const marketplace: readonly (readonly [string, string, string])[] = [
  ['ai-machine-learning', 'AI and Machine Learning', '人工智能与机器学习'],
  ['deepseek', 'DeepSeek', 'DeepSeek'],
  ['database', 'Databases', '数据库'],
  ['integration-delivery', 'Integration and Delivery', '集成与交付'],
  ['observability', 'Observability', '可观测性'],
  ['networking', 'Networking', '网络'],
  ['security', 'Security', '安全'],
  ['storage', 'Storage', '存储'],
  ['streaming-messaging', 'Streaming and Messaging', '流与消息'],
  ['dev-tools', 'Developer Tools', '开发者工具'],
  ['computing', 'Computing', '计算'],
]

/** Headings over role templates (21, iam.kubesphere.io). */
export function iamCategories(): KubeObject[] {
  return iam.map(([scope, name, en, zh, icon]) => ({
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'Category',
    metadata: {
      name,
      labels: { 'iam.kubesphere.io/scope': scope, 'kubesphere.io/managed': 'true' },
    },
    spec: { displayName: { en, zh }, icon },
  }))
}

/** Headings of the extension marketplace (11, kubesphere.io). */
export function extensionCategories(): KubeObject[] {
  return marketplace.map(([name, en, zh]) => ({
    apiVersion: 'kubesphere.io/v1alpha1',
    kind: 'Category',
    metadata: { name },
    spec: { displayName: { en, zh } },
  }))
}
