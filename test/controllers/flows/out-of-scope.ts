const noWrite = 'the request is refused or writes nothing; the REST tests cover the answer'
const secondCluster = 'needs a second cluster that is not Ready, and the finalizers of the original'
const notReconciled = 'no controller acts on it; the write is the whole effect'
const later = 'a controller that embedded mode does not have yet'

/** Flows of the recording that the reconcilers are not compared with, each with its reason. */
export const outOfScope: Readonly<Record<string, string>> = {
  startup: 'starts on objects of the conformance seed; ours start on their own seeds',
  'user-change-globalrole-while-a-cluster-is-not-ready': secondCluster,
  'user-disable-while-old-binding-is-still-terminating': secondCluster,
  'user-enable-while-a-cluster-is-not-ready': secondCluster,
  'delete-cluster-not-ready': secondCluster,
  'user-login-disabled': noWrite,
  'user-login-while-limited': noWrite,
  'workspacetemplate-merge-patch-refused': noWrite,
  'workspacetemplate-delete-empty-body': noWrite,
  'jsbundle-create-raw': notReconciled,
  'jsbundle-create-configmap-ref': notReconciled,
  'apiservice-create': notReconciled,
  'reverseproxy-create': notReconciled,
  'create-namespace-extension-openpitrix': 'seeded in embedded mode',
  'resourcequota-create': later,
  'resourcequota-delete': later,
  'appcategory-create': 'adds only a finalizer, and ours set none',
  'appcategory-delete': 'as its creation',
  'app-create-yaml':
    'the write of the application service; nothing is reconciled but the finalizer',
  'app-delete': 'the finalizer has a test of its own',
  'kubesphere-serviceaccount-create': later,
  'kubesphere-serviceaccount-delete': later,
  'core-serviceaccount-with-role-annotation': later,
  'job-create': later,
}
