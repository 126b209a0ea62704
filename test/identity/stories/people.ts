import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { account, eventually, IAM } from '../../iam/world.ts'
import { tokenOf, type Strangers } from '../strangers.ts'

const USERS = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'users' }

/** People whom a directory or an OpenID provider knows. */
export function people(stage: () => Strangers): void {
  describe('people of a directory', () => {
    test('get an account on their first login, and the same one on the next', async () => {
      const first = await stage().byDirectory('Ann', 'ann-secret')
      assert.equal(first.status, 200)
      const ann = stage().world.withToken(first.json.access_token ?? '')
      const own = await ann.get(`${IAM}/users/ann`)
      assert.equal(own.status, 200, own.text)
      const { state } = own.json.status as { state: string }
      assert.deepEqual([own.json.spec.email, state], ['ann@x.org', 'Active'])
      assert.equal(
        own.json.metadata.annotations?.['iam.kubesphere.io/identity-provider.corp'],
        'Ann',
      )
      assert.equal((await ann.get(`${IAM}/users/admin`)).status, 403, 'they have no role')
      assert.equal((await stage().byDirectory('ann', 'ann-secret')).status, 200)
      assert.equal((await stage().byDirectory('ann', 'wrong')).status, 400)
      const admin = await stage().world.as('admin')
      const records = await eventually(
        () => admin.get(`${IAM}/users/ann/loginrecords`),
        ({ json }) => json.totalItems === 3,
      )
      assert.deepEqual(
        (records.json.items ?? []).map(({ spec }) => (spec as { provider: string }).provider),
        ['corp', 'corp', 'corp'],
      )
    })
  })

  describe('people of an OpenID provider', () => {
    test('get an account on their first login, and the same one on the next', async () => {
      const first = await stage().byProvider('sso', 'u-1')
      assert.equal(first.status, 200, first.text)
      const { access_token = '', token_type } = tokenOf(first.text)
      assert.equal(token_type, 'Bearer')
      const { uid } = (await stage().world.withToken(access_token).get(`${IAM}/users/bob`)).json
        .metadata as unknown as { uid: string }
      const second = await stage().byProvider('sso', 'u-1')
      const again = await stage()
        .world.withToken(tokenOf(second.text).access_token ?? '')
        .get(`${IAM}/users/bob`)
      assert.equal((again.json.metadata as unknown as { uid: string }).uid, uid)
    })

    test('never become the administrator by being called so', async () => {
      const { status, text } = await stage().byProvider('sso', 'u-2')
      assert.equal(status, 401)
      assert.equal(
        text,
        'Unauthorized: user admin exists and is not linked to identity provider sso\n',
      )
      const admin = await stage().world.kube.get(USERS, 'admin')
      assert.ok(
        !Object.keys(admin.metadata.annotations ?? {}).some((key) =>
          key.includes('identity-provider'),
        ),
      )
    })

    test('register once where accounts are made by hand, then go on with the session they have', async () => {
      const first = tokenOf((await stage().byProvider('invited', 'u-3')).text)
      const nobody = stage().world.withToken(first.access_token ?? '')
      assert.equal((await nobody.get(`${IAM}/users/admin`)).status, 403)
      const body = account('cleopatra', 'platform-admin')
      const made = await nobody.post(`${IAM}/users`, body)
      assert.equal(made.status, 200, made.text)
      await stage().world.settled()
      const stored = await stage().world.kube.get(USERS, 'cleopatra')
      const annotations = stored.metadata.annotations ?? {}
      assert.equal(annotations['iam.kubesphere.io/identity-provider.invited'], 'u-3')
      assert.ok(!annotations['iam.kubesphere.io/globalrole'])
      const second = await nobody.post(`${IAM}/users`, account('second-try'))
      assert.deepEqual([second.status, second.text], [400, 'invalid registration token\n'])
      const form = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'kubesphere',
        client_secret: 'kubesphere',
        refresh_token: first.refresh_token ?? '',
      })
      const renewed = await fetch(`${stage().world.url}/oauth/token`, {
        method: 'POST',
        body: form,
      })
      const { access_token = '' } = tokenOf(await renewed.text())
      assert.equal(
        (await stage().world.withToken(access_token).get(`${IAM}/users/cleopatra`)).status,
        200,
      )
      const again = tokenOf((await stage().byProvider('invited', 'u-3')).text)
      const same = stage().world.withToken(again.access_token ?? '')
      assert.equal((await same.get(`${IAM}/users/cleopatra`)).status, 200)
    })
  })
}
