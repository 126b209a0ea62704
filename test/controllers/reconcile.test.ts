import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { verify } from '@node-rs/bcrypt'
import {
  CLUSTERS,
  GLOBAL_ROLE_BINDINGS,
  LOGIN_RECORDS,
  NAMESPACES,
  ROLES,
  ROLE_BINDINGS,
  USERS,
  WORKSPACES,
  WORKSPACE_ROLES,
  WORKSPACE_TEMPLATES,
} from '../../gateway/domain/names.ts'
import {
  APPLICATION_VERSIONS,
  CONFIG_MAPS,
  SECRETS,
} from '../../gateway/embedded/controllers/names.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { GVR, KubeObject } from '../../gateway/kube/types.ts'
import { ApiError, isNotFound } from '../../gateway/lib/errors.ts'
import { snapshot } from './flows/recording.ts'
import { binding, login } from './flows/writes.ts'
import { startStage, type EmbeddedStage } from './stage.ts'

type User = KubeObject & {
  spec: { password: string }
  status?: { state?: string; reason?: string; lastLoginTime?: string }
}

const password = 'Passw0rd1'
const flow = { flow: '', added: [], changed: [], removed: [] }

function account(name: string, spec: object = {}): KubeObject {
  return {
    apiVersion: 'iam.kubesphere.io/v1beta1',
    kind: 'User',
    metadata: { name },
    spec: { email: `${name}@example.com`, password, ...spec },
  }
}

function template(name: string, manager = 'admin'): KubeObject {
  return {
    apiVersion: 'tenant.kubesphere.io/v1beta1',
    kind: 'WorkspaceTemplate',
    metadata: { name },
    spec: { placement: { clusterSelector: {} }, template: { spec: { manager } } },
  }
}

function project(name: string, workspace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { 'kubesphere.io/workspace': workspace, 'kubesphere.io/managed': 'true' },
      annotations: { 'kubesphere.io/creator': 'admin' },
    },
  }
}

describe('embedded mode', () => {
  let stage: EmbeddedStage
  let ahead = 0

  before(async () => {
    stage = await startStage(() => Date.now() + ahead)
  })
  after(() => stage?.[Symbol.asyncDispose]())

  const get = <T extends KubeObject>(gvr: GVR, name: string, namespace?: string) =>
    stage.cluster.client.get<T>(gvr, name, { namespace })
  const make = async (gvr: GVR, object: KubeObject) => {
    await stage.cluster.client.create(gvr, object, { namespace: object.metadata.namespace })
    await stage.controllers.settled()
  }
  /** What the garbage collector and the namespace controller do, they do when they get to it. */
  const untilGone = async (gvr: GVR, name: string) => {
    const store = await stage.cluster.caches.store(gvr)
    if (!store.get('', name)) return
    await new Promise<void>((done) => {
      const stop = store.subscribe(({ type, entry }) => {
        if (type !== 'DELETED' || entry.name !== name) return
        stop()
        done()
      })
    })
  }
  const exists = async (gvr: GVR, name: string, namespace?: string) => {
    try {
      await get(gvr, name, namespace)
      return true
    } catch (error) {
      if (isNotFound(error)) return false
      throw error
    }
  }

  it('is seeded once: what an operator has changed or relabelled stays', async () => {
    const { client } = stage.cluster
    const rules: object[] = []
    await client.patch(ROLES, 'viewer', { rules }, { type: 'merge', namespace: 'default' })
    await client.patch(
      NAMESPACES,
      'default',
      { metadata: { labels: { 'kubesphere.io/protected-resource': null } } },
      { type: 'merge' },
    )
    const report = await seed(client, { demo: false, adminPassword: 'Another-one1' })
    assert.deepEqual(report.created, [])
    assert.equal(report.adminCreated, false)
    const namespace = await get(NAMESPACES, 'default')
    assert.equal(namespace.metadata.labels?.['kubesphere.io/protected-resource'], undefined)
    const admin = await get<User>(USERS, 'admin')
    assert.equal(await verify('Admin-of-tests1', admin.spec.password), true)
  })

  it('has a host cluster that is Ready and knows its version', async () => {
    const cluster = await get<
      KubeObject & {
        status: {
          conditions: { type: string; status: string }[]
          kubernetesVersion: string
          uid: string
        }
      }
    >(CLUSTERS, 'host')
    const [ready] = cluster.status.conditions
    assert.deepEqual([ready?.type, ready?.status], ['Ready', 'True'])
    assert.match(cluster.status.kubernetesVersion, /^v1\.\d+/)
    assert.equal(cluster.status.uid, (await get(NAMESPACES, 'kube-system')).metadata.uid)
    await stage.cluster.client.delete(CLUSTERS, 'host')
    await stage.controllers.settled()
    assert.equal(await exists(CLUSTERS, 'host'), true)
  })

  it('hashes a password wherever it comes from, and drops the copy that kubectl keeps', async () => {
    const applied = account('frank')
    applied.metadata.annotations = {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(applied),
    }
    await make(USERS, applied)
    const frank = await get<User>(USERS, 'frank')
    assert.equal(await verify(password, frank.spec.password), true)
    assert.equal(frank.status?.state, 'Active')
    assert.ok(!JSON.stringify(frank).includes(password))
  })

  it('refuses a weak password in the words of kube-apiserver before it is hashed', async () => {
    const weak = (text: string) =>
      stage.effects.userToWrite(account('weak', { password: text }), undefined)
    await assert.rejects(weak('Short1'), (error) => {
      assert.ok(error instanceof ApiError)
      assert.equal(error.code, 422)
      assert.equal(error.reason, 'Invalid')
      assert.match(error.message, /^User\.iam\.kubesphere\.io "weak" is invalid: spec\.password: /)
      return true
    })
    await assert.rejects(weak('nodigitsorcapitals'), /should match/)
    await assert.rejects(weak(`Aa1${'é'.repeat(40)}`), /longer than 72 bytes/)
    assert.equal(await exists(USERS, 'weak'), false)
    const strong = (await stage.effects.userToWrite(account('strong'), undefined)) as User
    assert.equal(await verify(password, strong.spec.password), true)
    assert.equal(strong.status?.state, 'Active')
  })

  it('gives every account a kubeconfig', async () => {
    await stage.controllers.settled()
    const secret = await get<KubeObject & { type: string }>(
      SECRETS,
      'kubeconfig-frank',
      'kubesphere-system',
    )
    assert.equal(secret.type, 'config.kubesphere.io/kubeconfig')
  })

  it('locks an account after ten wrong passwords and opens it when the time is over', async () => {
    await make(USERS, account('hasty'))
    await stage.cluster.client.patch(
      USERS,
      'hasty',
      { status: { lastTransitionTime: '2020-01-01T00:00:00Z' } },
      { type: 'merge' },
    )
    await login('hasty', false, 10)(stage, flow)
    await stage.controllers.settled()
    const locked = await get<User>(USERS, 'hasty')
    assert.equal(locked.status?.state, 'AuthLimitExceeded')
    assert.equal(locked.status?.reason, 'Failed login attempts exceed 10 in last 10m0s')
    assert.ok(locked.status?.lastLoginTime)
    ahead = 601_000
    // Any change makes it look again; otherwise its timer does.
    await stage.cluster.client.patch(USERS, 'hasty', { spec: { lang: 'en' } }, { type: 'merge' })
    await stage.controllers.settled()
    ahead = 0
    assert.equal((await get<User>(USERS, 'hasty')).status?.state, 'Active')
  })

  it('lets a new account of a deleted one’s name start afresh', async () => {
    await make(USERS, account('twice'))
    await make(GLOBAL_ROLE_BINDINGS, binding('GlobalRole', 'twice', 'platform-admin'))
    await login('twice', true)(stage, flow)
    await stage.cluster.client.delete(USERS, 'twice')
    await stage.controllers.settled()
    assert.equal(await exists(GLOBAL_ROLE_BINDINGS, 'twice-platform-admin'), false)
    assert.equal(await exists(SECRETS, 'kubeconfig-twice', 'kubesphere-system'), false)
    const { items } = await stage.cluster.client.list(LOGIN_RECORDS, {
      labelSelector: 'iam.kubesphere.io/user-ref=twice',
    })
    assert.deepEqual(items, [])
  })

  it('answers a template with everything in place that follows from it', async () => {
    const created = await stage.cluster.client.create<KubeObject>(
      WORKSPACE_TEMPLATES,
      template('inline'),
    )
    await stage.effects.workspaceTemplateWritten(created)
    const names = ['admin', 'regular', 'self-provisioner', 'viewer'].map((role) => `inline-${role}`)
    for (const name of names) assert.equal(await exists(WORKSPACE_ROLES, name), true, name)
    assert.equal(await exists(WORKSPACES, 'inline'), true)
    const namespace = await stage.cluster.client.create<KubeObject>(
      NAMESPACES,
      project('inline-a', 'inline'),
    )
    await stage.effects.namespaceWritten(namespace)
    for (const role of ['admin', 'operator', 'viewer']) {
      assert.equal(await exists(ROLES, role, 'inline-a'), true, role)
    }
    assert.equal(await exists(ROLE_BINDINGS, 'admin-admin', 'inline-a'), true)
  })

  it('does not give back what somebody took away', async () => {
    const { client } = stage.cluster
    await client.delete(ROLE_BINDINGS, 'admin-admin', { namespace: 'inline-a' })
    await client.delete(WORKSPACE_ROLES, 'inline-viewer')
    const label = { metadata: { labels: { touched: 'yes' } } }
    await client.patch(NAMESPACES, 'inline-a', label, { type: 'merge' })
    await client.patch(WORKSPACE_TEMPLATES, 'inline', label, { type: 'merge' })
    await stage.controllers.settled()
    assert.equal(await exists(ROLE_BINDINGS, 'admin-admin', 'inline-a'), false)
    assert.equal(await exists(WORKSPACE_ROLES, 'inline-viewer'), false)
  })

  it('never deletes a protected namespace with its workspace', async () => {
    const { client } = stage.cluster
    await make(WORKSPACE_TEMPLATES, template('doomed'))
    const kept = project('doomed-kept', 'doomed')
    kept.metadata.labels = { ...kept.metadata.labels, 'kubesphere.io/protected-resource': 'true' }
    await make(NAMESPACES, kept)
    await make(NAMESPACES, project('doomed-gone', 'doomed'))
    const stored = await get(WORKSPACE_TEMPLATES, 'doomed')
    await stage.effects.workspaceTemplateDeleting(stored, 'Background')
    await client.delete(WORKSPACE_TEMPLATES, 'doomed')
    await stage.controllers.settled()
    const { metadata } = await get(NAMESPACES, 'doomed-kept')
    assert.equal(metadata.deletionTimestamp, undefined)
    assert.equal(metadata.labels?.['kubesphere.io/workspace'], undefined)
    assert.equal(await exists(WORKSPACES, 'doomed'), false)
    const gone = await get(NAMESPACES, 'doomed-gone').catch(() => undefined)
    assert.ok(!gone || gone.metadata.deletionTimestamp)
  })

  it('changes nothing when it starts again on what it has settled', async () => {
    await stage.controllers.settled()
    await untilGone(NAMESPACES, 'doomed-gone')
    const settled = await snapshot(stage.cluster)
    await using again = await stage.restart()
    await again.settled()
    const after = await snapshot(stage.cluster)
    const version = (object: KubeObject | undefined) => object?.metadata.resourceVersion
    const touched = [...after].filter(
      ([uid, object]) => version(settled.get(uid)) !== version(object),
    )
    assert.deepEqual(
      touched.map(([, { kind, metadata }]) => `${kind} ${metadata.name}`),
      [],
    )
    // The garbage collector takes what lost its owner when it gets to it; nobody else takes anything.
    const taken = [...settled].filter(([uid]) => !after.has(uid))
    const owned = taken.filter(([, { metadata }]) => {
      const owners = metadata.ownerReferences ?? []
      return owners.length === 0 || owners.some(({ uid }) => after.has(uid))
    })
    assert.deepEqual(
      owned.map(([, { kind, metadata }]) => `${kind} ${metadata.name}`),
      [],
    )
  })

  it('removes the package of an application version that waits for it', async () => {
    const namespace = 'extension-openpitrix'
    await make(CONFIG_MAPS, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'app-1', namespace },
    })
    await make(APPLICATION_VERSIONS, {
      apiVersion: 'application.kubesphere.io/v2',
      kind: 'ApplicationVersion',
      metadata: { name: 'app-1', finalizers: ['application.kubesphere.io/cleanup'] },
      spec: { versionName: '1' },
    })
    await stage.cluster.client.delete(APPLICATION_VERSIONS, 'app-1')
    await stage.controllers.settled()
    assert.equal(await exists(APPLICATION_VERSIONS, 'app-1'), false)
    assert.equal(await exists(CONFIG_MAPS, 'app-1', namespace), false)
  })
})
