import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { S3Client } from '@aws-sdk/client-s3'
import { ensurePython } from './python.ts'

export interface ObjectStore extends AsyncDisposable {
  readonly url: string
  /** A client that may do everything there. */
  readonly client: S3Client
}

export const keys = { accessKeyId: 'key-of-tests', secretAccessKey: 'secret-of-tests' }

/** An S3 server on a free loopback port with nothing in it: moto of PyPI, installed on first use. */
export async function startObjectStore(): Promise<ObjectStore> {
  const python = await ensurePython('moto')
  const args = ['-u', '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0']
  const child = spawn(python, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`moto ended with ${code}: ${said}`)))
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4000)
        const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1]
        if (found) resolve(found)
      })
    }
  })
  const client = new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: keys,
  })
  return {
    url,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy()
      if (child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
