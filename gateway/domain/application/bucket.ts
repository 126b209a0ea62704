import type { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import type { Config } from '../../config/index.ts'
import { readBytes } from '../../kube/body.ts'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { asking } from '../../telemetry/index.ts'
import type { PackageStore } from './packages.ts'

type Sdk = typeof import('@aws-sdk/client-s3')

/** The original has no bound; ours keeps one request from filling the memory. */
const LARGEST = 32 * 1024 * 1024
const DEADLINE_MS = 60_000
const ATTEMPTS = 3

/**
 * A bucket of an object store (configuration section `s3`, platform-apis.md §10.2 and §11). The bucket must exist. What
 * is not there is looked for in `before`, where packages were kept without a bucket. The SDK is loaded with the first
 * request. Throws TypeError for an endpoint that is no address; operations throw ApiError 502 for a store that fails.
 */
export function bucketPackages(s3: Config['s3'], before: PackageStore): PackageStore {
  const endpoint = endpointOf(s3)
  let opened: Promise<{ sdk: Sdk; client: S3Client }> | undefined
  const open = () => (opened ??= connect(s3, endpoint))

  /** Runs one request; `missing` is the answer where there is no such object. */
  const ask = async <T>(
    signal: AbortSignal,
    job: (of: { sdk: Sdk; client: S3Client; abortSignal: AbortSignal }) => Promise<T>,
    missing?: () => Promise<T>,
  ): Promise<T> => {
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
    try {
      const of = await open()
      return await asking('s3', new URL(endpoint).hostname, () => job({ ...of, abortSignal }))
    } catch (error) {
      if (signal.aborted || error instanceof ApiError) throw error
      const { name } = error as Error
      if (name === 'NoSuchKey' && missing) return missing()
      throw new ApiError(502, 'Unknown', `the object store failed: ${name}`, { cause: error })
    }
  }
  const at = (name: string) => ({ Bucket: s3.bucket, Key: name })
  const demandStorable = (bytes: Uint8Array): void => {
    if (bytes.length > LARGEST) throw badRequest(`the maximum file size is ${LARGEST}`)
  }
  return {
    largest: LARGEST,
    demandStorable,
    async put(name, bytes, signal) {
      demandStorable(bytes)
      await ask(signal, ({ sdk, client, abortSignal }) => {
        const ContentDisposition = `attachment; filename="${name}"`
        const object = { ...at(name), Body: bytes, ContentDisposition }
        return client.send(new sdk.PutObjectCommand(object), { abortSignal })
      })
    },
    get: (name, signal) =>
      ask<Uint8Array>(
        signal,
        async ({ sdk, client, abortSignal }) => {
          const { Body } = await client.send(new sdk.GetObjectCommand(at(name)), { abortSignal })
          return Body ? readBytes(Body as Readable, LARGEST) : Buffer.alloc(0)
        },
        () => before.get(name, signal),
      ),
    async remove(name, signal) {
      await ask(signal, ({ sdk, client, abortSignal }) =>
        client.send(new sdk.DeleteObjectCommand(at(name)), { abortSignal }),
      )
      await before.remove(name, signal)
    },
    async [Symbol.asyncDispose]() {
      const { client } = (await opened?.catch(() => undefined)) ?? {}
      client?.destroy()
    },
  }
}

function endpointOf({ endpoint, disableSSL }: Config['s3']): string {
  const text = /^https?:\/\//i.test(endpoint)
    ? endpoint
    : `${disableSSL ? 'http' : 'https'}://${endpoint}`
  if (!URL.canParse(text)) throw new TypeError('s3.endpoint is not the address of an object store')
  return text
}

async function connect(
  s3: Config['s3'],
  endpoint: string,
): Promise<{ sdk: Sdk; client: S3Client }> {
  const sdk = await import('@aws-sdk/client-s3')
  const { accessKeyID: accessKeyId, secretAccessKey, sessionToken } = s3
  const client = new sdk.S3Client({
    endpoint,
    region: s3.region,
    forcePathStyle: s3.forcePathStyle,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    maxAttempts: ATTEMPTS,
    // Stores other than Amazon's do not know the checksums that the SDK would add by itself.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 5000, requestTimeout: DEADLINE_MS },
  })
  return { sdk, client }
}
