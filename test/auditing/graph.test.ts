import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { AuditEvent } from '../../gateway/domain/auditing/types.ts'
import { startGraphWorld, type Graph, type GraphWorld } from '../graphql/graph.ts'
import { account, IAM, PASSWORD } from '../iam/world.ts'

const OPERATION = 'graph.ks-facade/operation'

describe('the audit trail of the graph', () => {
  let folder: string
  let world: GraphWorld
  let admin: Graph
  let ann: Graph

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-'))
    const auditing = {
      enable: true,
      auditLevel: 'RequestResponse',
      eventBatchSize: 1,
      logOptions: { path: join(folder, 'audit.log') },
    }
    world = await startGraphWorld({ config: { auditing } })
    await (await world.as('admin')).post(`${IAM}/users`, account('ann', 'platform-regular'))
    await world.settled()
    admin = await world.graph('admin')
    ann = await world.graph('ann')
  })
  after(async () => {
    await world[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  it('has who wrote what where and how it went, and none of what was written', async () => {
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'key', namespace: 'default' },
      stringData: { k: 'text-of-the-secret' },
    }
    const create = `mutation ($object: JSON!, $dry: Boolean) {
      createResource(object: $object, options: { dryRun: $dry }) { warnings } }`
    await admin.data(create, { object: secret, dry: true })
    await admin.data(create, { object: secret })
    assert.deepEqual(await admin.codes(create, { object: secret }), ['ALREADY_EXISTS'])
    assert.deepEqual(await ann.codes(create, { object: secret }), ['FORBIDDEN'])
    const change = `mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { name } } }`
    await ann.data(change, { input: { name: 'ann', lang: 'zh' } })
    const password = `mutation ($input: SetPasswordInput!) { setPassword(input: $input) { user { name } } }`
    const input = { name: 'ann', password: 'An0ther-Pa55', currentPassword: PASSWORD }
    await ann.answer(password, { input })
    await admin.data('{ users { nodes { name } } }')
    // What waits is delivered at the end.
    await world.app.auditor?.[Symbol.asyncDispose]()
    const text = await readFile(join(folder, 'audit.log'), 'utf8')
    for (const word of ['text-of-the-secret', 'An0ther-Pa55', PASSWORD]) {
      assert.ok(!text.includes(word), word)
    }
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ Annotations }) => Annotations?.[OPERATION])
    for (const { Annotations } of events) {
      assert.match(Annotations?.['ks-facade/request-id'] ?? '', /^[\da-f-]{36}$/)
    }
    assert.deepEqual(
      events.map(({ User, Verb, ObjectRef, ResponseStatus, Annotations, RequestURI }) => [
        User.username,
        Verb,
        `${ObjectRef.Resource} ${ObjectRef.Namespace} ${ObjectRef.Name} ${ObjectRef.Subresource}`.trim(),
        ResponseStatus.code,
        Annotations?.[OPERATION],
        RequestURI,
      ]),
      [
        ['admin', 'create', 'secrets default key', 200, 'objects.create', '/graphql'],
        ['admin', 'create', 'secrets default key', 409, 'objects.create', '/graphql'],
        ['ann', 'update', 'users  ann', 200, 'iam.users.change', '/graphql'],
        ['ann', 'update', 'users  ann password', 200, 'iam.users.setPassword', '/graphql'],
      ],
    )
  })
})
