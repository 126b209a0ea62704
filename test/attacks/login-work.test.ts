import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { hash } from '@node-rs/bcrypt'
import type { Account } from '../../gateway/domain/identity/accounts.ts'
import { createLoginRecords } from '../../gateway/domain/identity/login-records.ts'
import { basicLogin, passwordLogin, type LocalLogin } from '../../gateway/domain/identity/login.ts'
import { createPasswords } from '../../gateway/domain/identity/passwords.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'

const PASSWORD = 'P@88w0rd'
const ORIGIN = { sourceIP: '192.0.2.7', userAgent: 'tests' }

describe('a login that fails', () => {
  const passwords = createPasswords()
  after(() => passwords[Symbol.asyncDispose]())

  it('costs one comparison, whether there is such an account or not, and whatever its state', async () => {
    const stored = '$2a$10$of-no-matter'
    const account = (name: string, of: Partial<Account>): Account =>
      ({ name, groups: [], state: 'Active', password: stored, ...of }) as Account
    const accounts = new Map(
      [
        account('eve', {}),
        account('disabled', { state: 'Disabled' }),
        account('fresh', { state: '' }),
        account('bare', { password: '' }),
        account('broken', { password: 'no hash' }),
      ].map((one) => [one.name, one]),
    )
    const compared: boolean[] = []
    const deps: LocalLogin = {
      accounts: { find: async (login) => accounts.get(login) },
      passwords: {
        // That each of them is work is the next promise.
        async compare() {
          compared.push(false)
          return false
        },
      },
      records: { write: () => {} },
    }
    const names = ['eve', 'ghost', '', 'disabled', 'fresh', 'bare', 'broken', '__proto__']
    for (const login of [passwordLogin, basicLogin]) {
      const said = new Set<string>()
      for (const name of names) {
        compared.length = 0
        await assert.rejects(login(deps, name, 'wrong', ORIGIN), (error: Error) => {
          said.add(error.message)
          return true
        })
        assert.deepEqual(compared, [false], name)
      }
      assert.equal(said.size, 1, 'all are told the same')
    }
  })

  it('is answered before the record of it is written, which only accounts have', async () => {
    const done: string[] = []
    const client = {
      async create() {
        done.push('record')
      },
    }
    const host = { client } as unknown as Parameters<typeof createLoginRecords>[0]
    {
      await using records = createLoginRecords(host, createLogger({ level: 'fatal' }))
      const accounts = { find: async () => ({ name: 'eve', state: 'Active' }) as Account }
      const compared = { compare: async () => false }
      const deps = { accounts, passwords: compared, records }
      await assert.rejects(passwordLogin(deps, 'eve', 'wrong', ORIGIN))
      // What a server does with the refusal takes no turn of the event loop.
      await Promise.resolve()
      done.push('answer')
    }
    assert.deepEqual(done, ['answer', 'record'])
  })

  it('costs a comparison of bcrypt where there is no hash to compare with', async () => {
    const stored = await hash(PASSWORD, 10)
    const cpu = async (of: string | undefined): Promise<number> => {
      const before = process.cpuUsage()
      await passwords.compare(of, 'wrong')
      const { user, system } = process.cpuUsage(before)
      return user + system
    }
    await cpu(stored)
    const known = await cpu(stored)
    for (const none of [undefined, 'no hash', stored.replace('$10$', '$31$')]) {
      // Work, not time: a comparison that was left out would cost next to nothing.
      assert.ok((await cpu(none)) > known / 4, String(none))
    }
  })
})
