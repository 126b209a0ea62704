import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { userDraft, publicUser } from '../../gateway/domain/iam/shapes.ts'
import {
  demandMayGrant,
  demandOwnFieldsOnly,
  registration,
} from '../../gateway/domain/iam/user-guards.ts'
import type { User } from '../../gateway/domain/iam/index.ts'
import type { Attributes, OperationScope } from '../../gateway/domain/operation.ts'

const LINK = 'iam.kubesphere.io/identity-provider.gh'

function user(of: { groups?: string[]; state?: string; link?: string } = {}): User {
  return userDraft({
    metadata: { name: 'eve', ...(of.link ? { annotations: { [LINK]: of.link } } : {}) },
    spec: { email: '', ...(of.groups ? { groups: of.groups } : {}) },
    status: of.state ? { state: of.state } : {},
  })
}

function scope(may: (asked: Attributes) => boolean, extra = {}): OperationScope {
  return {
    user: { name: 'caller', uid: '', groups: [], extra },
    may: async (asked: Attributes) => may(asked),
  } as Partial<OperationScope> as OperationScope
}

describe('whoever does not manage accounts', () => {
  it('cannot join a group', () => {
    assert.throws(() => demandOwnFieldsOnly(user({ groups: ['g'] }), user()), { code: 403 })
  })

  it('may send back the groups that are there, or fewer', () => {
    demandOwnFieldsOnly(user({ groups: ['a'] }), user({ groups: ['a', 'b'] }))
    demandOwnFieldsOnly(user(), user({ groups: ['a'] }))
  })

  it('cannot claim an external identity, nor turn one into another', () => {
    assert.throws(() => demandOwnFieldsOnly(user({ link: 'x' }), user()), { code: 403 })
    assert.throws(() => demandOwnFieldsOnly(user({ link: 'y' }), user({ link: 'x' })), {
      code: 403,
    })
    demandOwnFieldsOnly(user({ link: 'x' }), user({ link: 'x' }))
  })

  it('cannot lift a lock', () => {
    const locked = user({ state: 'AuthLimitExceeded' })
    assert.throws(() => demandOwnFieldsOnly(user({ state: 'Active' }), locked), { code: 403 })
    demandOwnFieldsOnly(user({ state: 'AuthLimitExceeded' }), locked)
  })

  it('cannot make an account that is in a group from the start', () => {
    assert.throws(() => demandOwnFieldsOnly(user({ groups: ['g'] }), undefined), { code: 403 })
  })
})

describe('granting a global role', () => {
  const viewer = { metadata: { name: 'viewer' }, rules: [{ verbs: ['get'], resources: ['users'] }] }
  const everything = {
    metadata: { name: 'platform-admin' },
    rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  }
  const manager = (asked: Attributes): boolean => asked.resource === 'users'

  it('needs the right to update all accounts in API group ""', async () => {
    await demandMayGrant(scope(manager), 'u', viewer)
    const narrow = scope((asked) => manager(asked) && asked.apiGroup === 'iam.kubesphere.io')
    await assert.rejects(demandMayGrant(narrow, 'u', viewer), {
      code: 403,
      message: 'user.iam.kubesphere.io "u" is forbidden: update global role binding is not allowed',
    })
  })

  it('is asked without a name, so that the right to oneself does not count', async () => {
    const self = scope((asked) => manager(asked) && asked.name === 'caller')
    await assert.rejects(demandMayGrant(self, 'caller', viewer), { code: 403 })
  })

  it('gives everything only to those who have everything', async () => {
    await assert.rejects(demandMayGrant(scope(manager), 'u', everything), { code: 403 })
    await demandMayGrant(
      scope(() => true),
      'u',
      everything,
    )
  })
})

describe('a registration', () => {
  const token = { idp: ['gh'], uid: ['42'] }

  it('takes the link from the token and drops role and groups', () => {
    const draft = user({ groups: ['g'], link: 'someone-else' })
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      'iam.kubesphere.io/globalrole': 'platform-admin',
      'kubesphere.io/alias-name': 'E',
    }
    const registered = registration(
      scope(() => false, token),
      draft,
    )
    assert.deepEqual(registered.metadata.annotations, {
      [LINK]: '42',
      'kubesphere.io/alias-name': 'E',
    })
    assert.equal(registered.spec.groups, undefined)
  })

  it('is refused for a token without exactly one provider and id', () => {
    for (const extra of [
      {},
      { idp: ['gh'] },
      { idp: ['gh', 'x'], uid: ['1'] },
      { idp: [''], uid: ['1'] },
    ]) {
      assert.throws(
        () =>
          registration(
            scope(() => false, extra),
            user(),
          ),
        {
          code: 400,
          message: 'invalid registration token',
        },
      )
    }
  })
})

describe('an account in an answer', () => {
  it('has no password, and spec and status always', () => {
    const stored = { metadata: { name: 'a' }, spec: { email: 'a@b.c', password: 'hash' } }
    assert.deepEqual(publicUser(stored), {
      metadata: { name: 'a' },
      spec: { email: 'a@b.c' },
      status: {},
    })
    assert.equal(stored.spec.password, 'hash', 'the stored object is left as it is')
  })
})
