import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { integer, oid, time } from '../../gateway/embedded/der.ts'
import { preparePki } from '../../gateway/embedded/pki.ts'

const now = new Date('2026-07-01T12:00:00Z')

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ks-facade-test-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('certificates are signed by the authority, for the names and times that they need', async (t) => {
  const dir = await folder(t)
  const pki = await preparePki(dir, now)
  const authority = new X509Certificate(pki.ca)
  assert.ok(authority.ca)
  const server = new X509Certificate(await readFile(pki.file('apiserver.crt')))
  assert.ok(server.checkIssued(authority) && server.verify(authority.publicKey))
  assert.ok(server.checkIP('127.0.0.1') && server.checkHost('localhost'))
  assert.equal(server.checkHost('example.com'), undefined)
  assert.deepEqual(server.validFromDate, new Date('2026-07-01T11:00:00Z'))
  assert.deepEqual(server.validToDate, new Date('2027-07-01T12:00:00Z'))
  const admin = new X509Certificate(pki.admin.cert)
  assert.equal(admin.subject, 'O=system:masters\nCN=kubernetes-admin')
  assert.equal((await stat(pki.file('ca.key'))).mode & 0o777, 0o600)
})

test('a second start keeps the authority and the key of the tokens; a broken authority is replaced', async (t) => {
  const dir = await folder(t)
  const first = await preparePki(dir, now)
  const key = await readFile(first.file('sa.key'), 'utf8')
  const second = await preparePki(dir, now)
  assert.equal(second.ca, first.ca)
  assert.equal(await readFile(second.file('sa.key'), 'utf8'), key)
  await writeFile(first.file('ca.crt'), first.ca.slice(0, 200))
  assert.notEqual((await preparePki(dir, now)).ca, first.ca)
})

test('DER keeps integers positive, packs identifiers in base 128, and writes years from 2050 with four digits', () => {
  assert.equal(integer(Buffer.from([0x80])).toString('hex'), '02020080')
  assert.equal(integer(Buffer.from([0, 0, 1])).toString('hex'), '020101')
  assert.equal(oid('1.2.840.10045.4.3.2').toString('hex'), '06082a8648ce3d040302')
  assert.equal(time(new Date('2049-12-31T23:59:59Z')).subarray(2).toString(), '491231235959Z')
  assert.equal(time(new Date('2050-01-01T00:00:00Z')).subarray(2).toString(), '20500101000000Z')
})
