import { request } from 'undici'
import { ApiError, badRequest } from '../../lib/errors.ts'
import { asking } from '../../telemetry/index.ts'
import { attributes, type Operation, type OperationScope } from '../operation.ts'
import { readableSecret } from '../readable-secret.ts'
import { textAt } from './kind.ts'
import type { OutsideHosts } from './outside-host.ts'

export interface GitArgs {
  readonly remoteUrl: string
  /** A Secret with `username` and `password`; the caller must be allowed to read it. */
  readonly secretRef?: { readonly name: string; readonly namespace: string } | undefined
}

/** Milliseconds for one listing of references. */
const DEADLINE = 10_000
/** Most bytes of it that are looked at. */
const LONGEST = 64 * 1024

/**
 * Whether a git repository can be listed with these credentials, over http or https (gitprotocol-http). Throws ApiError
 * 400 for any other URL, 403 and 404 for the Secret, 502 for what the host answered; nothing that it sent is repeated.
 */
export function verifyGit(hosts: OutsideHosts): Operation<GitArgs, void> {
  return {
    name: 'resources.git.verify',
    needs: () =>
      attributes({
        verb: 'create',
        apiGroup: 'resources.kubesphere.io',
        apiVersion: 'v1alpha2',
        resource: 'git',
        name: 'verify',
      }),
    async run(scope, { remoteUrl, secretRef }) {
      const url = hosts.url(remoteUrl)
      const credentials = secretRef?.name ? await secretOf(scope, secretRef) : undefined
      const authorization = credentials ?? basic(url.username, url.password)
      url.username = ''
      url.password = ''
      url.hash = ''
      url.search = '?service=git-upload-pack'
      url.pathname = `${url.pathname.replace(/\/$/, '')}/info/refs`
      const signal = AbortSignal.any([scope.signal, AbortSignal.timeout(DEADLINE)])
      const { statusCode, text } = await ask(hosts, url, authorization, signal)
      if (statusCode === 200 && /^[0-9a-f]{4}# service=git-upload-pack/.test(text)) {
        if (/\b0{40} capabilities\^\{\}/.test(text)) throw failed('remote repository is empty')
        return
      }
      if (statusCode === 401) throw failed('authentication required')
      if (statusCode === 403) throw failed('authorization failed')
      if (statusCode === 404) throw failed('repository not found')
      throw failed(`unexpected status code: ${statusCode}`)
    },
  }
}

function failed(message: string, cause?: unknown): ApiError {
  return new ApiError(502, 'Unknown', message, { cause })
}

function basic(username: string, password: string): string | undefined {
  if (username === '' && password === '') return undefined
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

async function secretOf(
  scope: OperationScope,
  ref: { readonly name: string; readonly namespace: string },
): Promise<string> {
  const secret = await readableSecret(scope, ref)
  const values = ['username', 'password'].map((key) => {
    const encoded = textAt(secret, 'data', key)
    if (encoded === '') throw badRequest(`could not get ${key} in secret ${ref.name}`)
    return Buffer.from(encoded, 'base64').toString()
  })
  return `Basic ${Buffer.from(values.join(':')).toString('base64')}`
}

async function ask(
  hosts: OutsideHosts,
  url: URL,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<{ statusCode: number; text: string }> {
  const dispatcher = hosts.dispatcher()
  try {
    const headers: Record<string, string> = { 'user-agent': 'git/2' }
    if (authorization !== undefined) headers['authorization'] = authorization
    const { statusCode, body } = await asking('git', url.hostname, () =>
      request(url, { dispatcher, headers, signal }),
    )
    let text = ''
    for await (const chunk of body as AsyncIterable<Buffer>) {
      text += chunk.toString('latin1')
      if (text.length > LONGEST) break
    }
    return { statusCode, text }
  } catch (error) {
    throw failed('the repository could not be reached', error)
  } finally {
    await dispatcher.destroy()
  }
}
