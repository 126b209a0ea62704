import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { attributesOf, requestInfo } from '../../gateway/context/index.ts'
import type { Attributes } from '../../gateway/context/index.ts'
import { externalEffects } from '../../gateway/domain/effects.ts'
import { createRegistry } from '../../gateway/domain/registry/index.ts'
import { createResources } from '../../gateway/domain/resources/index.ts'
import { operationRoutes } from '../../rest-compat/routes/operations/index.ts'
import type { RouteRow } from '../../rest-compat/routes/registry.ts'
import { resourcesV1alpha2Routes } from '../../rest-compat/routes/resources/v1alpha2.ts'
import { resourcesV1alpha3Routes } from '../../rest-compat/routes/resources/v1alpha3.ts'
import { workloadTemplateRoutes } from '../../rest-compat/routes/workloadtemplate/index.ts'

const resources = createResources({ effects: externalEffects })
const registry = createRegistry()
const here = { namespace: 'default' }
const { workloadTemplates: templates } = resources
const revision = (resource: 'daemonsets' | 'deployments' | 'statefulsets', name: string) =>
  resources.revision.needs({ ...here, resource, name, revision: '1' })

/** What the operation behind a route needs, for the arguments of the route's sample. */
const needed: Record<string, Attributes> = {
  'get-user-kubeconfig': resources.userKubeconfig.needs({ user: 'admin' }),
  'get-components-v1alpha3': resources.components.list.needs({}),
  'get-components-status-v1alpha3': resources.components.get.needs({ name: 'ks-apiserver' }),
  'get-system-health-status-v1alpha3': resources.components.health.needs({}),
  'get-cluster-quotas': resources.quotas.needs({}),
  'get-namespace-quotas': resources.quotas.needs(here),
  'verify-registry-credential': registry.verifyCredential.needs({
    username: '',
    password: '',
    server: '',
  }),
  'get-registry-entry': registry.blob.needs({ image: 'nginx', insecure: false }),
  'verify-git-credential': resources.verifyGit.needs({ remoteUrl: '' }),
  'get-daemonset-revision': revision('daemonsets', 'agent'),
  'get-deployment-revision': revision('deployments', 'web'),
  'get-statefulset-revision': revision('statefulsets', 'db'),
  'get-cluster-abnormal-workloads': resources.abnormalWorkloads.needs({}),
  'get-namespace-abnormal-workloads': resources.abnormalWorkloads.needs(here),
  'get-cluster-overview-v1alpha3': resources.overview.needs({}),
  'get-namespace-overview-v1alpha3': resources.overview.needs(here),
  'search-images-v1alpha3': registry.search.needs({ ...here, text: '' }),
  'get-image-config-v1alpha3': registry.image.needs({ ...here, image: 'nginx' }),
  'get-repository-tags-v1alpha3': registry.tags.needs({ ...here, repository: 'nginx' }),
  JobReRun: resources.rerunJob.needs({ ...here, name: 'migrate', resourceVersion: '' }),
  'list-workload-templates': templates.list.needs({ query: {} }),
  'list-workspace-workload-templates': templates.list.needs({ workspace: 'demo', query: {} }),
  'list-namespace-workload-templates': templates.list.needs({ ...here, query: {} }),
  'create-workload-template': templates.create.needs({ ...here, template: {} }),
}

/**
 * Routes with no operation to compare: lists and reads by plural name, whose operations ask for the kind itself, and the
 * older names of the components.
 */
const apart = /^(?:list|get)-(?:cluster|namespaced)-resources?-v1alpha3$|-v1alpha2$/

function judgedByPath({ method, sample }: RouteRow): Attributes {
  return attributesOf(requestInfo({ method, url: sample, headers: {}, remoteAddress: '' }))
}

describe('an operation needs what the path of its route is judged by', () => {
  const rows = [
    ...resourcesV1alpha2Routes,
    ...resourcesV1alpha3Routes,
    ...operationRoutes,
    ...workloadTemplateRoutes,
  ]
  for (const row of rows.filter(({ operation }) => !apart.test(operation))) {
    it(`${row.method} ${row.sample}`, () => {
      const wanted = judgedByPath(row)
      const asked = needed[row.operation] ?? byName(row, wanted.name)
      assert.deepEqual({ ...asked, path: '' }, { ...wanted, path: '' })
    })
  }
})

/** Operations whose sample names an object that only the table of routes knows. */
function byName({ operation }: RouteRow, name: string): Attributes {
  if (operation === 'verify-registry-secret-v1alpha3') {
    return { ...registry.verifySecret.needs({ ...here, secret: {} }), name }
  }
  if (operation.startsWith('update')) return templates.update.needs({ ...here, name, template: {} })
  return operation.startsWith('delete')
    ? templates.delete.needs({ ...here, name })
    : templates.get.needs({ ...here, name })
}
