import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRouter } from '../../rest-compat/router.ts'
import { allRoutes } from '../../rest-compat/routes/index.ts'

/** What the original's 405 says of paths with several methods, in its order. */
const allowed: readonly (readonly [path: string, allow: string])[] = [
  ['application.kubesphere.io/v2/applications', 'GET, POST'],
  ['application.kubesphere.io/v2/applications/{application}', 'POST, GET, DELETE'],
  ['application.kubesphere.io/v2/applications/{application}/cr', 'GET, POST'],
  ['application.kubesphere.io/v2/applications/{application}/cr/{crname}', 'GET, DELETE'],
  ['application.kubesphere.io/v2/apps', 'POST, GET'],
  ['application.kubesphere.io/v2/apps/{app}', 'POST, PATCH, GET, DELETE'],
  ['application.kubesphere.io/v2/apps/{app}/versions', 'POST, GET'],
  ['application.kubesphere.io/v2/apps/{app}/versions/{version}', 'DELETE, GET, POST'],
  ['application.kubesphere.io/v2/attachments/{attachment}', 'GET, DELETE'],
  ['application.kubesphere.io/v2/categories', 'POST, GET'],
  ['application.kubesphere.io/v2/categories/{category}', 'DELETE, POST, GET'],
  ['application.kubesphere.io/v2/namespaces/{namespace}/applications', 'GET, POST'],
  [
    'application.kubesphere.io/v2/namespaces/{namespace}/applications/{application}',
    'POST, GET, DELETE',
  ],
  [
    'application.kubesphere.io/v2/namespaces/{namespace}/applications/{application}/cr',
    'GET, POST',
  ],
  [
    'application.kubesphere.io/v2/namespaces/{namespace}/applications/{application}/cr/{crname}',
    'GET, DELETE',
  ],
  ['application.kubesphere.io/v2/repos', 'GET, POST'],
  ['application.kubesphere.io/v2/repos/{repo}', 'PATCH, DELETE, GET'],
  ['application.kubesphere.io/v2/workspaces/{workspace}/applications', 'GET, POST'],
  [
    'application.kubesphere.io/v2/workspaces/{workspace}/applications/{application}/cr',
    'GET, POST',
  ],
  [
    'application.kubesphere.io/v2/workspaces/{workspace}/applications/{application}/cr/{crname}',
    'GET, DELETE',
  ],
  ['application.kubesphere.io/v2/workspaces/{workspace}/apps', 'POST, GET'],
  ['application.kubesphere.io/v2/workspaces/{workspace}/apps/{app}', 'POST, PATCH, GET, DELETE'],
  ['application.kubesphere.io/v2/workspaces/{workspace}/apps/{app}/versions', 'POST, GET'],
  [
    'application.kubesphere.io/v2/workspaces/{workspace}/apps/{app}/versions/{version}',
    'DELETE, GET, POST',
  ],
  ['application.kubesphere.io/v2/workspaces/{workspace}/attachments/{attachment}', 'GET, DELETE'],
  ['application.kubesphere.io/v2/workspaces/{workspace}/repos', 'GET, POST'],
  ['application.kubesphere.io/v2/workspaces/{workspace}/repos/{repo}', 'PATCH, DELETE, GET'],
  ['cluster.kubesphere.io/v1alpha1/labels', 'POST, DELETE, GET'],
  ['config.kubesphere.io/v1alpha2/configs/theme', 'GET, PUT'],
  ['config.kubesphere.io/v1alpha2/platformconfigs/{config}', 'DELETE, PUT, PATCH, GET'],
  ['iam.kubesphere.io/v1beta1/clustermembers', 'GET, POST'],
  ['iam.kubesphere.io/v1beta1/clustermembers/{clustermember}', 'DELETE, PUT'],
  ['iam.kubesphere.io/v1beta1/namespaces/{namespace}/namespacemembers', 'GET, POST'],
  [
    'iam.kubesphere.io/v1beta1/namespaces/{namespace}/namespacemembers/{namespacemember}',
    'PUT, DELETE',
  ],
  ['iam.kubesphere.io/v1beta1/users', 'POST, GET'],
  ['iam.kubesphere.io/v1beta1/users/{user}', 'PUT, DELETE, GET'],
  ['iam.kubesphere.io/v1beta1/workspaces/{workspace}/workspacemembers', 'GET, POST'],
  [
    'iam.kubesphere.io/v1beta1/workspaces/{workspace}/workspacemembers/{workspacemember}',
    'PUT, DELETE, GET',
  ],
  ['tenant.kubesphere.io/v1beta1/workspaces', 'GET, POST'],
  ['tenant.kubesphere.io/v1beta1/workspaces/{workspace}', 'GET, DELETE, PUT, PATCH'],
  ['tenant.kubesphere.io/v1beta1/workspaces/{workspace}/namespaces', 'GET, POST'],
  [
    'tenant.kubesphere.io/v1beta1/workspaces/{workspace}/namespaces/{namespace}',
    'GET, DELETE, PUT, PATCH',
  ],
  [
    'tenant.kubesphere.io/v1beta1/workspaces/{workspace}/resourcequotas/{resourcequota}',
    'DELETE, PUT, GET',
  ],
  ['tenant.kubesphere.io/v1beta1/workspacetemplates', 'POST, GET'],
  ['tenant.kubesphere.io/v1beta1/workspacetemplates/{workspace}', 'DELETE, PUT, PATCH, GET'],
  ['terminal.kubesphere.io/v1alpha2/namespaces/{namespace}/pods/{pod}/file', 'POST, GET'],
  ['workloadtemplate.kubesphere.io/v1alpha1/namespaces/{namespace}/workloadtemplates', 'GET, POST'],
  [
    'workloadtemplate.kubesphere.io/v1alpha1/namespaces/{namespace}/workloadtemplates/{workloadtemplate}',
    'PUT, DELETE, GET',
  ],
]

test('the methods that a path has are named in the order of the original', () => {
  const router = createRouter(allRoutes)
  for (const [path, allow] of allowed) {
    const found = router.match('TRACE', `/kapis/${path.replaceAll(/[{}]/g, '')}`, {})
    assert.ok(found.kind === 'reply', path)
    assert.equal(found.reply.headers?.['allow'], allow, path)
  }
})
