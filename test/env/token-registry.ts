import { X509Certificate } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { importPKCS8, SignJWT } from 'jose'
import { createAuthority, issue, type KeyPair } from '../../gateway/embedded/certs.ts'
import { close, listen } from '../rest/support.ts'
import { startRegistry, type Registry } from './registry.ts'

export interface TokenRegistry extends AsyncDisposable {
  readonly registry: Registry
  /** PEM of the authority of its certificates. */
  readonly authority: string
  readonly service: string
  /** What the token service was asked. */
  readonly asked: readonly IncomingMessage[]
  /** A header that may push to a repository. */
  mayPush(repository: string): Promise<string>
}

/**
 * A registry with TLS whose tokens another server gives out: with the one login for everything that is asked for, without
 * one for nothing.
 */
export async function startTokenRegistry(login: {
  readonly username: string
  readonly password: string
}): Promise<TokenRegistry> {
  const name = 'authority of the tests'
  const service = 'registry of the tests'
  const now = new Date()
  const authority = createAuthority(name, now)
  const signer = issue(authority, name, { commonName: 'tokens', now })
  const hosts = ['127.0.0.1', 'localhost']
  const tls = issue(authority, name, { commonName: 'registry', hosts, now })
  const basic = `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  const asked: IncomingMessage[] = []
  const answer: RequestListener = (req, res) => {
    asked.push(req)
    const { authorization } = req.headers
    if (authorization !== undefined && authorization !== basic) return res.writeHead(401).end()
    const url = new URL(req.url ?? '', 'http://any')
    const [type = '', of, actions] = (url.searchParams.get('scope') ?? '').split(':')
    const may = authorization !== undefined && type !== ''
    const access = may ? [{ type, name: of, actions: actions?.split(',') }] : []
    void token(signer, service, access).then((text) => res.end(JSON.stringify({ token: text })))
    return undefined
  }
  await using stack = new AsyncDisposableStack()
  const tokens = createServer(tls, answer)
  const realm = `${(await listen(tokens)).replace('http:', 'https:')}/token`
  stack.defer(() => close(tokens))
  const source = { realm, service, issuer: 'tests', authority: authority.cert }
  const registry = stack.use(await startRegistry({ tls, token: source }))
  const owned = stack.move()
  return {
    registry,
    authority: authority.cert,
    service,
    asked,
    async mayPush(repository) {
      const access = [{ type: 'repository', name: repository, actions: ['pull', 'push'] }]
      return `Bearer ${await token(signer, service, access)}`
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/** A token as the registry's documentation wants it, its certificate inside. */
async function token(signer: KeyPair, service: string, access: object[]): Promise<string> {
  const der = new X509Certificate(signer.cert).raw.toString('base64')
  return new SignJWT({ access })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', x5c: [der] })
    .setIssuer('tests')
    .setSubject('robot')
    .setAudience(service)
    .setJti('any')
    .setIssuedAt()
    .setNotBefore('-1m')
    .setExpirationTime('5m')
    .sign(await importPKCS8(signer.key, 'ES256'))
}
