import type { RouteRow } from '../registry.ts'
import { componentHealth, getComponent, listComponents } from './overview.ts'

/** The platform's own services: the same three routes in both versions of resources.kubesphere.io. */
export function componentRoutes(version: 'v1alpha2' | 'v1alpha3'): readonly RouteRow[] {
  const base = `/kapis/resources.kubesphere.io/${version}`
  const common = { method: 'GET', tags: ['Resources'], deprecated: true } as const
  return [
    {
      ...common,
      path: `${base}/components`,
      operation: `get-components-${version}`,
      summary: "The platform's own services and how they are",
      sample: `${base}/components`,
      handler: listComponents,
    },
    {
      ...common,
      path: `${base}/components/{component}`,
      operation: `get-components-status-${version}`,
      summary: 'One of the services of the platform',
      sample: `${base}/components/ks-apiserver`,
      handler: getComponent,
    },
    {
      ...common,
      path: `${base}/componenthealth`,
      operation: `get-system-health-status-${version}`,
      summary: 'Services of the platform and nodes',
      sample: `${base}/componenthealth`,
      handler: componentHealth,
    },
  ]
}
