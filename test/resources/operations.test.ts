import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createResources } from '../../gateway/domain/resources/index.ts'
import { copyOf } from '../../gateway/domain/resources/job-copy.ts'
import { rerunJob } from '../../gateway/domain/resources/jobs.ts'
import { externalEffects } from '../../gateway/domain/effects.ts'
import type { DeleteOptions, KindInfo, KubeObject } from '../../gateway/kube/api.ts'
import { alreadyExists, ApiError } from '../../gateway/lib/errors.ts'
import { fakeCluster, scopeOf } from './support.ts'

const resources = createResources({ effects: externalEffects })
const JOBS = { group: 'batch', version: 'v1', resource: 'jobs' }
const SECRETS = { group: '', version: 'v1', resource: 'secrets' }

function info(
  group: string,
  version: string,
  resource: string,
  kind: string,
  namespaced: boolean,
): KindInfo {
  const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']
  const names = { singular: '', shortNames: [], categories: [] }
  return { group, version, resource, kind, namespaced, verbs, ...names, preferred: true }
}

const ROLES = info('iam.kubesphere.io', 'v1beta1', 'workspaceroles', 'WorkspaceRole', false)
const GLOBAL = info(
  'iam.kubesphere.io',
  'v1beta1',
  'globalrolebindings',
  'GlobalRoleBinding',
  false,
)
const USERS = info('iam.kubesphere.io', 'v1beta1', 'users', 'User', false)
const CLUSTER_BINDINGS = info(
  'rbac.authorization.k8s.io',
  'v1',
  'clusterrolebindings',
  'ClusterRoleBinding',
  false,
)
const SECRET_KIND = info('', 'v1', 'secrets', 'Secret', true)

const inWorkspace = (name: string, workspace: string): KubeObject => ({
  metadata: {
    name,
    uid: name,
    resourceVersion: '5',
    labels: { 'kubesphere.io/workspace': workspace },
  },
})

const job: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', namespace: 'a', uid: 'u1', resourceVersion: '7' },
  spec: {
    selector: { matchLabels: { 'controller-uid': 'u1', keep: 'me' } },
    template: { metadata: { labels: { 'job-name': 'migrate', 'controller-uid': 'u1', app: 'x' } } },
  },
  status: { succeeded: 1 },
}

describe('a job run again', () => {
  const args = { namespace: 'a', name: 'migrate', resourceVersion: '7' }
  const again = rerunJob({ deadline: 20_000, pause: 1 })

  it('hole 61: needs no annotations, and leaves out what the cluster added', () => {
    const copy = copyOf(job)
    assert.deepEqual(copy.metadata.annotations, { revisions: '' })
    assert.deepEqual(copy['spec'], {
      selector: { matchLabels: { keep: 'me' } },
      template: { metadata: { labels: { app: 'x' } } },
    })
    assert.equal(copy.metadata.uid, undefined)
    assert.equal(copy['status'], undefined)
  })

  it('is tried before it is deleted: what is refused leaves the old one alone', async () => {
    const cluster = fakeCluster()
    const store = cluster.seed(JOBS, 'Job', [job])
    cluster.answer = ({ verb }) =>
      verb === 'create' ? new ApiError(403, 'Forbidden', 'quota exceeded') : undefined
    await assert.rejects(again.run(scopeOf(cluster), args), {
      code: 500,
      message: 'failed to rerun job migrate',
    })
    assert.deepEqual(
      cluster.calls.map(({ verb }) => verb),
      ['create'],
    )
    assert.equal(store.size, 1)
  })

  it('waits until the old one has gone', async () => {
    const cluster = fakeCluster()
    const store = cluster.seed(JOBS, 'Job', [job])
    let taken = 3
    cluster.answer = ({ verb, path, options }) => {
      if (!path.endsWith('/jobs')) return undefined
      const dry = (options as { dryRun?: boolean }).dryRun === true
      return verb === 'create' && !dry && taken-- > 0
        ? alreadyExists('batch', 'jobs', 'migrate')
        : undefined
    }
    await again.run(scopeOf(cluster), args)
    assert.notEqual(store.get('a', 'migrate')?.uid, 'u1')
    const deletion = cluster.calls.find(({ verb }) => verb === 'delete')
    assert.ok(deletion)
    const { namespace, preconditions } = deletion.options as DeleteOptions
    assert.equal(namespace, 'a')
    assert.deepEqual(preconditions, { uid: 'u1', resourceVersion: '7' })
  })

  it('is refused for a version that is not the current one, and for no job', async () => {
    const cluster = fakeCluster()
    cluster.seed(JOBS, 'Job', [job])
    await assert.rejects(again.run(scopeOf(cluster), { ...args, resourceVersion: '' }), {
      code: 409,
    })
    await assert.rejects(again.run(scopeOf(cluster), { ...args, name: 'nope' }), {
      message: 'Job.batch "nope" not found',
    })
    assert.equal(cluster.calls.length, 0)
  })
})

describe('objects of any kind', () => {
  const query = { labelSelector: '!x' }

  it('of a workspace are those with its label, whatever the caller selects', async () => {
    const cluster = fakeCluster()
    cluster.seed(ROLES, 'WorkspaceRole', [
      inWorkspace('a-viewer', 'a'),
      inWorkspace('b-viewer', 'b'),
    ])
    const place = { info: ROLES, namespace: '', workspace: 'a' }
    for (const labelSelector of ['!x', 'x notin (y)', '==bad', '']) {
      const page = await resources.any.list.run(scopeOf(cluster), {
        ...place,
        query: { labelSelector },
      })
      assert.deepEqual(
        page.items.map(({ entry }) => entry.name),
        ['a-viewer'],
      )
    }
    await assert.rejects(resources.any.get.run(scopeOf(cluster), { ...place, name: 'b-viewer' }), {
      message: 'workspaceroles.iam.kubesphere.io "b-viewer" not found',
    })
  })

  it('are never written or deleted in another workspace', async () => {
    const cluster = fakeCluster()
    cluster.seed(ROLES, 'WorkspaceRole', [inWorkspace('b-admin', 'b')])
    const place = { info: ROLES, namespace: '', workspace: 'a' }
    const object = { ...inWorkspace('b-admin', 'b'), apiVersion: 'iam.kubesphere.io/v1beta1' }
    const update = resources.any.update.run.bind(resources.any.update)
    await assert.rejects(update(scopeOf(cluster), { ...place, name: 'a-viewer', object }), {
      code: 400,
    })
    await assert.rejects(
      update(scopeOf(cluster), { ...place, name: 'b-admin', object, overwrite: true }),
      {
        code: 404,
      },
    )
    await assert.rejects(
      resources.any.delete.run(scopeOf(cluster), { ...place, name: 'b-admin' }),
      {
        code: 404,
      },
    )
    assert.equal(cluster.calls.length, 0)
    await resources.any.create.run(scopeOf(cluster), { ...place, object: inWorkspace('new', 'b') })
    assert.deepEqual(cluster.calls[0]?.body?.metadata.labels, { 'kubesphere.io/workspace': 'a' })
  })

  it('replace what a reconciler writes at the same time, but not in another workspace', async () => {
    const cluster = fakeCluster()
    const store = cluster.seed(ROLES, 'WorkspaceRole', [inWorkspace('mine', 'a')])
    const place = { info: ROLES, namespace: '', workspace: 'a', name: 'mine' }
    const metadata = { name: 'mine' }
    const object = { apiVersion: 'iam.kubesphere.io/v1beta1', metadata }
    let theirs = [6, 7]
    const meets = (workspace: string) => {
      cluster.answer = ({ verb }) => {
        const version = verb === 'update' ? theirs.shift() : undefined
        if (version === undefined) return undefined
        const moved = inWorkspace('mine', workspace)
        store.apply('MODIFIED', { metadata: { ...moved.metadata, resourceVersion: `${version}` } })
        return new ApiError(409, 'Conflict', 'the object has been modified')
      }
    }
    const update = (more: object) =>
      resources.any.update.run(scopeOf(cluster), { ...place, object, ...more })
    meets('a')
    await update({ overwrite: true })
    const sent = cluster.calls.flatMap(({ verb, body }) =>
      verb === 'update' ? [body?.metadata.resourceVersion] : [],
    )
    assert.deepEqual(sent, ['5', '6', '7'])
    theirs = [2000]
    const pinned = { ...object, metadata: { ...metadata, resourceVersion: '5' } }
    await assert.rejects(update({ overwrite: true, object: pinned }), { code: 409 })
    theirs = [2001]
    await assert.rejects(update({}), { code: 409 })
    theirs = [2002]
    meets('b')
    await assert.rejects(update({ overwrite: true }), { code: 404 })
  })

  it('are written in the namespace of the address only', async () => {
    const cluster = fakeCluster()
    const place = { info: SECRET_KIND, namespace: 'alpha', workspace: '' }
    const object = { metadata: { name: 's', namespace: 'beta' } }
    await assert.rejects(resources.any.create.run(scopeOf(cluster), { ...place, object }), {
      code: 400,
    })
    await assert.rejects(
      resources.any.create.run(scopeOf(cluster), { ...place, namespace: '', object }),
      { code: 400 },
    )
    await assert.rejects(
      resources.any.update.run(scopeOf(cluster), { ...place, name: 's', object, overwrite: true }),
      { code: 400 },
    )
    assert.equal(cluster.calls.length, 0)
  })

  it('of the platform are not written by way of a workspace or a namespace', async () => {
    const cluster = fakeCluster()
    const own = ({ scope }: { scope: string }) => scope === 'Workspace'
    const object = { metadata: { name: 'grab' } }
    for (const kind of [GLOBAL, CLUSTER_BINDINGS, USERS]) {
      const place = { info: kind, namespace: '', workspace: 'a', object }
      await assert.rejects(resources.any.create.run(scopeOf(cluster, own), place), { code: 403 })
    }
    for (const kind of [GLOBAL, CLUSTER_BINDINGS, USERS]) {
      const place = { info: kind, namespace: 'alpha', workspace: '', object }
      await assert.rejects(resources.any.create.run(scopeOf(cluster), place), { code: 404 })
    }
    assert.equal(cluster.calls.length, 0)
  })

  it('show no password hash, in lists, reads and filters', async () => {
    const cluster = fakeCluster()
    const applied = { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"hash"}' }
    cluster.seed(USERS, 'User', [
      { metadata: { name: 'u', annotations: applied }, spec: { email: 'u@x', password: 'hash' } },
    ])
    const place = { info: USERS, namespace: '', workspace: '' }
    const texts: string[] = []
    for (const { json } of (await resources.any.list.run(scopeOf(cluster), { ...place, query }))
      .items) {
      texts.push(json)
    }
    texts.push((await resources.any.get.run(scopeOf(cluster), { ...place, name: 'u' })).json)
    const list = await resources.list.run(scopeOf(cluster), { resource: 'users', query: {} })
    texts.push(...list.items.map(({ json }) => json))
    texts.push((await resources.get.run(scopeOf(cluster), { resource: 'users', name: 'u' })).json)
    assert.equal(texts.length, 4)
    for (const text of texts) assert.doesNotMatch(text, /hash/)
    const filters = { fieldSelector: 'spec.password=hash' }
    const found = await resources.any.list.run(scopeOf(cluster), { ...place, query: { filters } })
    assert.equal(found.totalItems, 0)
  })

  it('show no credentials of clusters', async () => {
    const cluster = fakeCluster()
    const gvr = { group: 'cluster.kubesphere.io', version: 'v1alpha1', resource: 'clusters' }
    const connection = { type: 'proxy', token: 'secret', kubeconfig: 'secret' }
    cluster.seed(gvr, 'Cluster', [{ metadata: { name: 'm' }, spec: { connection } }])
    const list = await resources.list.run(scopeOf(cluster), { resource: 'clusters', query: {} })
    const one = await resources.get.run(scopeOf(cluster), { resource: 'clusters', name: 'm' })
    assert.doesNotMatch(list.items[0]?.json ?? '', /secret/)
    assert.doesNotMatch(one.json, /secret/)
  })
})

describe('workload templates', () => {
  const templates = resources.workloadTemplates
  const label = { 'workloadtemplate.kubesphere.io': 'true' }
  const plain: KubeObject = {
    metadata: { name: 'plain', namespace: 'a', uid: 'p' },
    type: 'Opaque',
  }
  const template: KubeObject = {
    metadata: {
      name: 't',
      namespace: 'a',
      uid: 't',
      resourceVersion: '3',
      labels: label,
      managedFields: [{}],
    },
    type: 'workloadtemplate.kubesphere.io/workloadtemplate',
  }

  it('are Secrets with the label; other Secrets cannot be read, replaced or deleted', async () => {
    const cluster = fakeCluster()
    cluster.seed(SECRETS, 'Secret', [plain, template])
    const scope = scopeOf(cluster)
    const list = await templates.list.run(scope, { query: {} })
    assert.deepEqual(
      list.items.map(({ entry }) => entry.name),
      ['t'],
    )
    assert.doesNotMatch(list.items[0]?.json ?? '', /managedFields/)
    const at = { namespace: 'a', name: 'plain' }
    const gone = { code: 404, message: 'Secret "plain" not found' }
    await assert.rejects(templates.get.run(scope, at), gone)
    await assert.rejects(templates.delete.run(scope, at), gone)
    await assert.rejects(
      templates.update.run(scope, { ...at, template: { metadata: { name: 'plain' } } }),
      gone,
    )
    await assert.rejects(
      templates.create.run(scope, { namespace: 'a', template: { metadata: { name: 'plain' } } }),
      {
        code: 409,
      },
    )
    assert.equal(cluster.calls.length, 0)
  })

  it('are not written when nothing changes, nor under another name than the address has', async () => {
    const cluster = fakeCluster()
    cluster.seed(SECRETS, 'Secret', [template])
    const at = { namespace: 'a', name: 't' }
    await templates.update.run(scopeOf(cluster), { ...at, template: { metadata: { name: 't' } } })
    await assert.rejects(
      templates.update.run(scopeOf(cluster), { ...at, template: { metadata: { name: 'other' } } }),
      { code: 400 },
    )
    assert.equal(cluster.calls.length, 0)
  })

  it('of a workspace are those of the namespaces that the caller may list', async () => {
    const cluster = fakeCluster()
    const other = { ...template, metadata: { ...template.metadata, namespace: 'b', uid: 'o' } }
    cluster.seed(SECRETS, 'Secret', [template, other])
    const ofWorkspace = { 'kubesphere.io/workspace': 'w' }
    cluster.seed(
      { group: '', version: 'v1', resource: 'namespaces' },
      'Namespace',
      ['a', 'b'].map((name) => ({ metadata: { name, labels: ofWorkspace } })),
    )
    const args = { workspace: 'w', query: {} }
    const only = await templates.list.run(
      scopeOf(cluster, ({ resource, namespace }) => resource === 'namespaces' || namespace === 'b'),
      args,
    )
    assert.deepEqual(
      only.items.map(({ entry }) => entry.namespace),
      ['b'],
    )
    const closed = await templates.list.run(
      scopeOf(cluster, () => false),
      args,
    )
    assert.equal(closed.totalItems, 0)
  })
})
