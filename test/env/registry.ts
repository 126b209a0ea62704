import { hash } from '@node-rs/bcrypt'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Agent, fetch } from 'undici'
import { stringify } from 'yaml'
import type { KeyPair } from '../../gateway/embedded/certs.ts'
import { ensureDebianPackages } from './packages.ts'
import { onFreePort } from './ports.ts'

/** Where Debian keeps it. */
const SERVER = '/usr/bin/docker-registry'

export interface RegistryOptions {
  /** One account; with none anybody may push and pull. */
  readonly basic?: { readonly username: string; readonly password: string }
  /** A token service, and the PEM of the authority that its certificate comes from. */
  readonly token?: {
    readonly realm: string
    readonly service: string
    readonly issuer: string
    readonly authority: string
  }
  readonly tls?: KeyPair
}

export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:<port>`. */
  readonly host: string
  /** Stores bytes in a repository; returns their digest. */
  blob(repository: string, bytes: string | Buffer, authorization?: string): Promise<string>
  /** Stores a manifest under a tag or its digest; returns its digest. */
  manifest(of: Manifest): Promise<string>
}

export interface Manifest {
  readonly repository: string
  /** By its digest only where it is absent. */
  readonly tag?: string
  readonly mediaType: string
  readonly document: object
  readonly authorization?: string | undefined
}

export function digestOf(bytes: string | Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/**
 * A private registry of the CNCF (distribution) on a free loopback port, gone when disposed. Installs Debian's package
 * where it is missing.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  await ensureDebianPackages(['docker-registry'])
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'ks-facade-registry-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const { child, host } = await onFreePort((port) => serve(dir, `127.0.0.1:${port}`, options))
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } })
  stack.defer(() => dispatcher.destroy())
  const base = `${options.tls ? 'https' : 'http'}://${host}`
  const send = async (url: string, method: string, { body, type, authorization }: Sent) => {
    const headers = {
      ...(type ? { 'content-type': type } : {}),
      ...(authorization ? { authorization } : {}),
    }
    const answer = await fetch(url, { method, headers, body: body ?? null, dispatcher })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`)
    return answer.headers
  }
  const owned = stack.move()
  return {
    host,
    async blob(repository, bytes, authorization) {
      const digest = digestOf(bytes)
      const started = await send(`${base}/v2/${repository}/blobs/uploads/`, 'POST', {
        authorization,
      })
      const place = new URL(started.get('location') ?? '', base)
      place.searchParams.set('digest', digest)
      const type = 'application/octet-stream'
      await send(place.href, 'PUT', { body: bytes, type, authorization })
      return digest
    },
    async manifest({ repository, tag, mediaType, document, authorization }) {
      const body = JSON.stringify(document)
      const url = `${base}/v2/${repository}/manifests/${tag ?? digestOf(body)}`
      await send(url, 'PUT', { body, type: mediaType, authorization })
      return digestOf(body)
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

interface Sent {
  readonly body?: string | Buffer
  readonly type?: string
  readonly authorization?: string | undefined
}

/** The program on an address, once it listens. */
async function serve(dir: string, host: string, options: RegistryOptions) {
  const config = join(dir, 'config.yml')
  await writeFile(config, stringify(await configuration(dir, host, options)))
  const child = spawn(SERVER, ['serve', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the registry ended with ${code}:\n${said}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 20_000) said += chunk.toString()
      if (said.includes('listening on')) resolve()
    })
  })
  return { child, host }
}

async function configuration(
  dir: string,
  host: string,
  { basic, token, tls }: RegistryOptions,
): Promise<object> {
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(dir, name), text, { mode: 0o600 })
    return join(dir, name)
  }
  const users = basic && `${basic.username}:${await hash(basic.password, 4)}\n`
  return {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(dir, 'data') } },
    http: {
      addr: host,
      ...(tls
        ? { tls: { certificate: await file('crt', tls.cert), key: await file('key', tls.key) } }
        : {}),
    },
    ...(users ? { auth: { htpasswd: { realm: 'tests', path: await file('users', users) } } } : {}),
    ...(token
      ? {
          auth: {
            token: {
              realm: token.realm,
              service: token.service,
              issuer: token.issuer,
              rootcertbundle: await file('authority', token.authority),
            },
          },
        }
      : {}),
  }
}
