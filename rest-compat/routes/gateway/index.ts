import { json } from '../../wire/json.ts'
import { defineRoutes } from '../registry.ts'

const PATH =
  '/kapis/gateway.kubesphere.io/v1alpha2/namespaces/{namespace}/availableingressclassscopes'

/** gateway.kubesphere.io/v1alpha2: platform-apis.md §7. */
export const gatewayRoutes = defineRoutes([
  {
    method: 'GET',
    path: PATH,
    operation: 'listAvailableIngressClassScopes',
    summary: 'Ingress classes that a project may use',
    tags: ['Namespaced Resources'],
    sample: PATH.replace('{namespace}', 'alpha-prod'),
    async handler({ app, ctx, params }) {
      const scopes = await app.platform.ingressScopes(params['namespace'] ?? '', ctx.signal)
      if (scopes.length > 0) return json(scopes)
      // @NOTE Go's nil slice.
      return { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' }
    },
  },
])
