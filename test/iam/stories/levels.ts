import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { IAM, TENANT, account, project, workspace, type World } from '../world.ts'

interface Binding {
  metadata: {
    name: string
    uid: string
    labels?: Record<string, string>
    ownerReferences?: { uid: string }[]
  }
  subjects?: object[]
  roleRef: object
}

interface Level {
  readonly name: string
  /** Members of the place that the story is about, and of one beside it. */
  readonly members: string
  readonly beside: string
  readonly roles: readonly [low: string, high: string]
  readonly roleOfBeside: string
  readonly parameter: string
  readonly kind: string
  readonly bindings: string
  readonly labels: Readonly<Record<string, string>>
  /** Whether bindings name the account's ServiceAccount, for Kubernetes' own RBAC. */
  readonly native: boolean
  /** Where Kubernetes' own binding stands, and what only a member may read. */
  readonly mirror: string
  readonly readable: string
  /** Who manages the place, and who holds the high role there from the start. */
  readonly manager: string
}

const levels: readonly Level[] = [
  {
    name: 'a workspace',
    members: `${IAM}/workspaces/lvl/workspacemembers`,
    beside: `${IAM}/workspaces/lvl-two/workspacemembers`,
    roles: ['lvl-viewer', 'lvl-regular'],
    roleOfBeside: 'lvl-two-viewer',
    parameter: 'workspacerole',
    kind: 'WorkspaceRole',
    bindings: '/apis/iam.kubesphere.io/v1beta1/workspacerolebindings',
    labels: { 'kubesphere.io/workspace': 'lvl' },
    native: false,
    mirror: '',
    readable: `${IAM}/workspaces/lvl/workspaceroles`,
    manager: 'lia',
  },
  {
    name: 'the cluster',
    members: `${IAM}/clustermembers`,
    beside: '',
    roles: ['cluster-viewer', 'cluster-admin'],
    roleOfBeside: '',
    parameter: 'clusterrole',
    kind: 'ClusterRole',
    bindings: '/apis/iam.kubesphere.io/v1beta1/clusterrolebindings',
    labels: {},
    native: true,
    mirror: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
    readable: '/api/v1/persistentvolumes',
    manager: 'admin',
  },
  {
    name: 'a namespace',
    members: `${IAM}/namespaces/lvl-app/namespacemembers`,
    beside: `${IAM}/namespaces/lvl-two-app/namespacemembers`,
    roles: ['viewer', 'operator'],
    roleOfBeside: '',
    parameter: 'role',
    kind: 'Role',
    bindings: '/apis/iam.kubesphere.io/v1beta1/namespaces/lvl-app/rolebindings',
    labels: {},
    native: true,
    mirror: '/apis/rbac.authorization.k8s.io/v1/namespaces/lvl-app/rolebindings',
    readable: '/api/v1/namespaces/lvl-app/configmaps',
    manager: 'lia',
  },
]

/** Members of workspaces, of the cluster and of namespaces, by the same rules (iam-oauth.md §17). */
export function memberLevels(world: () => World): void {
  describe('members at every level', () => {
    it('make ready: two workspaces with a project each', async () => {
      const admin = await world().as('admin')
      for (const name of ['lia', 'max', 'nia', 'oli']) {
        const made = await admin.post(`${IAM}/users`, account(name, 'platform-regular'))
        assert.equal(made.status, 200, made.text)
      }
      for (const [name, manager] of [
        ['lvl', 'lia'],
        ['lvl-two', 'nia'],
      ] as const) {
        await admin.post(`${TENANT}/workspacetemplates`, workspace(name, manager))
        const made = await admin.post(
          `${TENANT}/workspaces/${name}/namespaces`,
          project(`${name}-app`, manager),
        )
        assert.equal(made.status, 200, made.text)
      }
      await world().settled()
    })
  })

  for (const level of levels) story(world, level)
}

function story(world: () => World, level: Level): void {
  const { members, roles, bindings } = level
  const [low, high] = roles
  const manager = () => world().as(level.manager)

  /** Bindings of an account, as the API server has them. */
  async function bindingsOf(username: string): Promise<Binding[]> {
    const { items } = await world().kube.json<{ items: Binding[] }>({ path: bindings })
    const own = items.filter(({ metadata: { labels } }) =>
      Object.entries({ ...level.labels, 'iam.kubesphere.io/user-ref': username }).every(
        ([key, value]) => labels?.[key] === value,
      ),
    )
    return own
  }

  describe(`members of ${level.name}`, () => {
    it('are added by one binding each, as often as one likes, and the body comes back', async () => {
      const body = [
        { username: 'max', roleRef: low },
        { username: 'oli', roleRef: low },
      ]
      for (let round = 0; round < 2; round++) {
        const added = await (await manager()).post(members, body)
        assert.deepEqual([added.status, JSON.parse(added.text)], [200, body])
        const [binding, ...more] = await bindingsOf('max')
        assert.deepEqual(more, [])
        const { metadata, subjects, roleRef } = binding ?? assert.fail('no binding')
        assert.equal(metadata.name, `max-${low}`)
        assert.equal(metadata.labels?.['iam.kubesphere.io/role-ref'], low)
        const serviceAccount = {
          kind: 'ServiceAccount',
          name: 'kubesphere.users.max',
          namespace: 'kubesphere-system',
        }
        assert.deepEqual(subjects, [
          { kind: 'User', apiGroup: 'iam.kubesphere.io', name: 'max' },
          ...(level.native ? [serviceAccount] : []),
        ])
        const wanted = { apiGroup: 'iam.kubesphere.io', kind: level.kind, name: low }
        assert.deepEqual(roleRef, wanted)
      }
      const none = await (await manager()).post(members, null)
      assert.deepEqual([none.status, none.text], [200, 'null'])
    })

    it('are listed as bare accounts, by role too, newest name first', async () => {
      const caller = await manager()
      const all = await caller.get(members)
      const found = all.names.filter((name) => ['max', 'oli'].includes(name))
      assert.deepEqual(found, ['oli', 'max'])
      const max = all.json.items?.find(({ metadata }) => metadata.name === 'max')
      assert.deepEqual(max, {
        metadata: {
          name: 'max',
          creationTimestamp: null,
          annotations: { [`iam.kubesphere.io/${level.parameter}`]: low },
        },
        spec: { email: '' },
        status: {},
      })
      const named = await caller.get(`${members}?${level.parameter}=${low}&limit=1`)
      assert.equal(named.json.totalItems >= 2, true)
      assert.equal(named.names.length, 1)
      for (const nothing of [`${level.parameter}=none`, `${level.parameter}=a@b`, 'name=zzz']) {
        const { json } = await caller.get(`${members}?${nothing}`)
        assert.deepEqual([json.items, json.totalItems], [null, 0], nothing)
      }
      const beyond = await caller.get(`${members}?limit=10&page=9`)
      assert.deepEqual(beyond.json.items, [])
    })

    it('have the rights of their role at once', async () => {
      const max = await world().as('max')
      const read = await max.get(level.readable)
      assert.equal(read.status, 200, read.text)
      if (!level.mirror) return
      await world().settled()
      const { items } = await world().kube.json<{ items: Binding[] }>({ path: level.mirror })
      const mirrored = items.find(({ metadata }) => metadata.name === `kubesphere:iam:max-${low}`)
      assert.ok(mirrored, 'Kubernetes itself knows them, for their kubeconfig')
      const [binding] = await bindingsOf('max')
      assert.equal(
        mirrored.metadata.ownerReferences?.[0]?.uid,
        binding?.metadata.uid,
        'and no longer',
      )
    })

    it('get another role in place of the one they have', async () => {
      const caller = await manager()
      const change = { username: 'max', roleRef: high }
      for (let round = 0; round < 2; round++) {
        const changed = await caller.put(`${members}/max`, change)
        assert.deepEqual([changed.status, changed.json['message']], [200, 'success'])
        const now = await bindingsOf('max')
        assert.deepEqual(
          now.map(({ metadata }) => metadata.name),
          [`max-${high}`],
        )
      }
      const added = await caller.post(members, [{ username: 'max', roleRef: low }])
      assert.equal(added.status, 200)
      assert.equal((await bindingsOf('max')).length, 1, 'adding replaces, too')
    })

    it('are refused by a name that no label can hold, and such a name never matches anybody', async () => {
      const caller = await manager()
      const before = (await caller.get(members)).json.totalItems
      for (const name of ['a@b.c', 'a b', '-', 'x'.repeat(64), '']) {
        const member = { username: name, roleRef: low }
        const path = `${members}/${encodeURIComponent(name || ' ')}`
        assert.equal((await caller.post(members, [member])).status, 400, name)
        assert.equal((await caller.put(path, member)).status, 400, name)
        const removed = await caller.delete(path)
        assert.equal(removed.status, 200, `${name}: ${removed.text}`)
      }
      // The whole body is looked at first.
      const mixed = [
        { username: 'nia', roleRef: low },
        { username: 'a@b.c', roleRef: low },
      ]
      assert.equal((await caller.post(members, mixed)).status, 400)
      assert.equal((await caller.get(members)).json.totalItems, before)
      assert.deepEqual(await bindingsOf('nia'), [])
    })

    it('are refused for a role that is not there, and for whom is no member', async () => {
      const caller = await manager()
      const add = (username: string, roleRef: string) =>
        caller.post(members, [{ username, roleRef }])
      const missing = await add('max', 'nope')
      assert.deepEqual(
        [missing.status, missing.text],
        [404, `${level.kind}.iam.kubesphere.io "nope" not found\n`],
      )
      assert.equal((await add('max', 'a@b')).status, 404)
      assert.equal((await bindingsOf('max')).length, 1, 'what they had they keep')
      if (level.roleOfBeside) {
        const foreign = await add('max', level.roleOfBeside)
        assert.equal(foreign.status, 404, foreign.text)
      }
      const other = await caller.put(`${members}/max`, { username: 'oli', roleRef: low })
      assert.deepEqual(
        [other.status, other.text],
        [400, 'incorrect username max, the username must equal to the member\n'],
      )
      const ghost = await caller.put(`${members}/ghost`, { username: 'ghost', roleRef: low })
      assert.deepEqual([ghost.status, ghost.text], [400, 'member ghost not exist\n'])
      for (const bad of ['{', '[{"username": 1}]', 'x']) {
        const { status } = await fetch(world().url + members, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${await world().login(level.manager)}`,
            'content-type': 'application/json',
          },
          body: bad,
        })
        assert.equal(status, 400, bad)
      }
    })

    it('are written by those who may, here and not beside', async () => {
      const body = [{ username: 'oli', roleRef: high }]
      const plain = await world().as('oli')
      for (const refused of [
        await plain.post(members, body),
        await plain.put(`${members}/oli`, body[0]),
        await plain.delete(`${members}/max`),
      ]) {
        assert.equal(refused.status, 403, refused.text)
        assert.equal(refused.json['reason'], 'Forbidden')
      }
      assert.deepEqual(
        (await bindingsOf('oli')).map(({ metadata }) => metadata.name),
        [`oli-${low}`],
      )
      if (!level.beside) return
      const caller = await manager()
      const role = level.roleOfBeside || high
      const escalated = await caller.post(level.beside, [{ username: 'lia', roleRef: role }])
      assert.equal(escalated.status, 403, escalated.text)
    })

    it('that were removed a moment ago are added again, and stay', async () => {
      const caller = await manager()
      const body = [{ username: 'max', roleRef: low }]
      assert.equal((await caller.delete(`${members}/max`)).status, 200)
      assert.equal((await caller.post(members, body)).status, 200)
      await world().settled()
      assert.deepEqual(
        (await bindingsOf('max')).map(({ metadata }) => metadata.name),
        [`max-${low}`],
      )
      assert.equal((await (await world().as('max')).get(level.readable)).status, 200)
    })

    it('go, as often as one likes, and with them what they could see', async () => {
      const caller = await manager()
      for (let round = 0; round < 2; round++) {
        const removed = await caller.delete(`${members}/max`)
        assert.deepEqual([removed.status, removed.json['message']], [200, 'success'])
        const left = (await caller.get(members)).names
        assert.ok(!left.includes('max') && left.includes('oli'), 'nobody else goes')
      }
      const max = await world().as('max')
      assert.equal((await max.get(level.readable)).status, 403)
      assert.equal((await caller.delete(`${members}/oli`)).status, 200)
    })

    it('have the methods of the original and no others', async () => {
      const caller = await manager()
      const one = await caller.get(`${members}/max`)
      assert.equal(one.status, level.parameter === 'workspacerole' ? 400 : 405, one.text)
      assert.equal((await caller.patch(`${members}/max`, {})).status, 405)
      assert.equal((await caller.delete(members)).status, 405)
    })
  })
}
