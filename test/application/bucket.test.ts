import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3'
import { bucketPackages } from '../../gateway/domain/application/bucket.ts'
import { configMapPackages } from '../../gateway/domain/application/packages.ts'
import { keys, startObjectStore, type ObjectStore } from '../env/object-store.ts'
import { eventually, startWorld, type Caller, type World } from '../iam/world.ts'
import { archive, tarEntry } from './archives.ts'

const STORE = '/kapis/application.kubesphere.io/v2'
const BUCKET = 'packages-of-tests'
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

let objects: ObjectStore
let world: World
let admin: Caller
let token: string

const s3 = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  bucket: BUCKET,
  accessKeyID: keys.accessKeyId,
  secretAccessKey: keys.secretAccessKey,
  sessionToken: '',
  disableSSL: true,
  forcePathStyle: true,
})

before(async () => {
  objects = await startObjectStore()
  await objects.client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  // Without a scheme: `disableSSL` says which.
  world = await startWorld({ config: { s3: s3(objects.url.replace('http://', '')) } })
  token = await world.login('admin')
  admin = world.withToken(token)
})
after(async () => {
  await world[Symbol.asyncDispose]()
  await objects[Symbol.asyncDispose]()
})

async function keysInBucket(): Promise<string[]> {
  const { Contents } = await objects.client.send(new ListObjectsV2Command({ Bucket: BUCKET }))
  return (Contents ?? []).map(({ Key = '' }) => Key)
}

/** More than a ConfigMap or one small request holds. */
function largeChart(): Buffer {
  return archive(
    tarEntry('c/Chart.yaml', 'name: large\nversion: 1.0.0\n'),
    tarEntry('c/noise.bin', randomBytes(5 * 1024 * 1024)),
    tarEntry('c/more.bin', randomBytes(2 * 1024 * 1024)),
  )
}

describe('a bucket', () => {
  const version = `${STORE}/apps/large/versions/large-1.0.0`

  it('keeps packages that a ConfigMap cannot, sent as JSON or as a form', async () => {
    const chart = largeChart()
    const app = { appType: 'helm', appName: 'large', package: base64(chart) }
    const made = await admin.post(`${STORE}/apps`, app)
    assert.equal(made.status, 200, made.text)
    assert.equal((await admin.get(`${version}/package`)).json['package'], base64(chart))
    assert.deepEqual(await keysInBucket(), ['large-1.0.0'])
    const { ContentDisposition } = await objects.client.send(
      new HeadObjectCommand({ Bucket: BUCKET, Key: 'large-1.0.0' }),
    )
    assert.equal(ContentDisposition, 'attachment; filename="large-1.0.0"')

    const again = largeChart()
    const form = new FormData()
    form.append('jsonData', JSON.stringify({ appType: 'helm', appName: 'large' }))
    form.append('file', new File([new Uint8Array(again)], 'large.tgz'))
    const replaced = await fetch(`${world.url}${version}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    })
    assert.equal(replaced.status, 200, await replaced.text())
    const { Body } = await objects.client.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: 'large-1.0.0' }),
    )
    assert.deepEqual(Buffer.from((await Body?.transformToByteArray()) ?? []), again)
  })

  it('keeps attachments, and lets them go', async () => {
    const form = new FormData()
    form.append('shot', new File(['pixels'], 'a.png'))
    const response = await fetch(`${world.url}${STORE}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: form,
    })
    const { attachment_id: id } = (await response.json()) as { attachment_id: string }
    assert.ok((await keysInBucket()).includes(id))
    const { json } = await admin.get(`${STORE}/attachments/${id}`)
    assert.deepEqual(json['attachment_content'], { raw: base64(Buffer.from('pixels')) })
    assert.equal((await admin.delete(`${STORE}/attachments/${id}`)).status, 200)
    assert.ok(!(await keysInBucket()).includes(id))
    assert.equal((await admin.get(`${STORE}/attachments/${id}`)).status, 404)
  })

  it('still gives what was kept in ConfigMaps before', async () => {
    const maps = configMapPackages({ client: world.kube })
    const bytes = Buffer.from('kept before')
    const signal = AbortSignal.timeout(30_000)
    await maps.put('early-att-abcde', bytes, signal)
    const { json } = await admin.get(`${STORE}/attachments/early-att-abcde`)
    assert.deepEqual(json['attachment_content'], { raw: base64(bytes) })
  })

  it('loses a package with its version', async () => {
    assert.equal((await admin.delete(version)).status, 200)
    await world.settled()
    assert.deepEqual(await eventually(keysInBucket, (keys) => keys.length === 0), [])
  })

  it('that is gone is a failure that names no key, and a caller’s abort is its own', async () => {
    await objects.client.send(new DeleteBucketCommand({ Bucket: BUCKET }))
    const { status, text } = await admin.get(`${STORE}/attachments/late-att-abcde`)
    assert.equal(status, 500)
    assert.equal(text, 'the object store failed: NoSuchBucket\n')
    await using packages = bucketPackages(
      s3(objects.url),
      configMapPackages({ client: world.kube }),
    )
    await assert.rejects(packages.get('x', AbortSignal.abort(new Error('left'))), /left|abort/i)
  })

  it('needs an address', () => {
    assert.throws(
      () => bucketPackages(s3('http://['), configMapPackages({ client: world.kube })),
      TypeError,
    )
  })
})
