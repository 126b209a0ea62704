import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { connect, ConnectionOptions } from 'node:tls'
import {
  AndFilter,
  Client,
  EqualityFilter,
  FilterParser,
  InvalidCredentialsError,
  ResultCodeError,
  type Entry,
  type Filter,
} from 'ldapts'
import { asking } from '../../../telemetry/index.ts'
import { createLimiter } from '../limiter.ts'
import { dial, upgrade, type DirectoryAddress } from './ldap-socket.ts'
import { readOptions } from './options.ts'
import { WrongPassword, type PasswordProvider, type ProviderFactory } from './types.ts'

interface LdapOptions {
  readonly address: Omit<DirectoryAddress, 'tls'>
  readonly tls: ConnectionOptions
  readonly startTLS: boolean
  readonly readTimeoutMs: number
  readonly managerDN: string
  readonly managerPassword: string
  readonly userSearchBase: string
  readonly userSearchFilter: Filter | undefined
  readonly loginAttribute: string
  readonly mailAttribute: string
}

const DEFAULT_READ_TIMEOUT_MS = 15_000
/** Logins at the directory at once, and waiting. */
const WIDTH = 16
const DEPTH = 500

async function ldapOptions(raw: unknown): Promise<LdapOptions> {
  const of = readOptions(raw)
  const address = addressOf(of.required('host'))
  const [rootCA, rootCAData] = [of.text('rootCA'), of.text('rootCAData')]
  const ca = rootCAData
    ? Buffer.from(rootCAData, 'base64').toString('utf8')
    : rootCA && (await readFile(rootCA, 'utf8'))
  if (ca && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    throw new Error('provider.rootCAData must be base64 of certificates in PEM')
  }
  const timeout = of.integer('readTimeout')
  return {
    address,
    tls: {
      rejectUnauthorized: !of.flag('insecureSkipVerify'),
      ...(isIP(address.host) === 0 ? { servername: address.host } : { host: address.host }),
      ...(ca ? { ca } : {}),
    },
    startTLS: of.flag('startTLS'),
    readTimeoutMs: timeout > 0 ? timeout : DEFAULT_READ_TIMEOUT_MS,
    managerDN: of.text('managerDN'),
    managerPassword: of.text('managerPassword'),
    userSearchBase: of.text('userSearchBase'),
    userSearchFilter: filterOf(of.text('userSearchFilter')),
    loginAttribute: of.required('loginAttribute'),
    mailAttribute: of.text('mailAttribute'),
  }
}

/** `host[:port]`, with `ldap://` or `ldaps://` before it or not. */
function addressOf(text: string): Omit<DirectoryAddress, 'tls'> {
  const url = URL.parse(text.includes('://') ? text : `ldap://${text}`)
  if (!url?.hostname || !/^ldaps?:$/.test(url.protocol)) {
    throw new Error('provider.host must be host[:port], with ldap:// or ldaps:// or without')
  }
  const secure = url.protocol === 'ldaps:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { host, port: Number(url.port) || (secure ? 636 : 389), secure }
}

function filterOf(text: string): Filter | undefined {
  if (text.trim() === '') return undefined
  try {
    return FilterParser.parseString(text.startsWith('(') ? text : `(${text})`)
  } catch (cause) {
    throw new Error('provider.userSearchFilter must be a filter of RFC 4515', { cause })
  }
}

/**
 * A directory: the manager looks up the one entry whose login attribute is the name, then its password is tried by a
 * bind. Source: RFC 4511, RFC 4513 §5.1; iam-oauth.md §11.
 */
export const createLdap: ProviderFactory = async (raw): Promise<PasswordProvider> => {
  const options = await ldapOptions(raw)
  const limited = createLimiter(WIDTH, DEPTH)
  return {
    kind: 'password',
    async authenticate(username, password, signal) {
      // A bind without a password succeeds as nobody (RFC 4513 §5.1.2).
      if (username === '' || password === '') throw new WrongPassword('incorrect password')
      const ask = () =>
        asking('ldap', options.address.host, () => login(options, username, password, signal))
      return limited(ask, signal)
    },
    async [Symbol.asyncDispose]() {},
  }
}

async function login(
  options: LdapOptions,
  username: string,
  password: string,
  signal: AbortSignal,
): ReturnType<PasswordProvider['authenticate']> {
  const { address, tls, readTimeoutMs } = options
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(readTimeoutMs)])
  const socket = await dial({ ...address, tls }, deadline)
  let handedOut = false
  const client = new Client({
    url: 'ldap://directory',
    timeout: readTimeoutMs,
    // One connection and no other: the client would dial anew on its own, without TLS and as nobody.
    createConnection: () => {
      if (handedOut) throw new Error('the directory closed the connection')
      handedOut = true
      return socket
    },
    createSecureConnection: ((upgraded: ConnectionOptions) => upgrade(upgraded)) as typeof connect,
  })
  try {
    if (options.startTLS && !address.secure) await client.startTLS({ ...tls })
    if (options.managerDN) await managerBind(client, options)
    const entry = await find(client, options, username)
    if (!entry) return await refuseNobody(client, options, password)
    await bindAs(client, entry.dn, password)
    const userId = first(entry, options.loginAttribute)
    return { userId, username: userId, email: first(entry, options.mailAttribute) }
  } finally {
    await client.unbind().catch(() => {})
    socket.destroy()
  }
}

async function managerBind(client: Client, options: LdapOptions): Promise<void> {
  try {
    await client.bind(options.managerDN, options.managerPassword)
  } catch (cause) {
    throw new Error('the directory refused the manager', { cause })
  }
}

async function find(
  client: Client,
  options: LdapOptions,
  username: string,
): Promise<Entry | undefined> {
  const { loginAttribute, mailAttribute, userSearchFilter, userSearchBase } = options
  const named = new EqualityFilter({ attribute: loginAttribute, value: username })
  const { searchEntries } = await client.search(userSearchBase, {
    scope: 'sub',
    filter: userSearchFilter ? new AndFilter({ filters: [named, userSearchFilter] }) : named,
    sizeLimit: 2,
    attributes: [loginAttribute, mailAttribute].filter((name) => name !== ''),
  })
  const [entry, ...others] = searchEntries
  if (others.length > 0) throw new Error('the directory knows more than one of the name')
  return entry
}

/** Whom the directory does not know is refused after as many questions as whom it does. Always throws WrongPassword. */
async function refuseNobody(
  client: Client,
  { userSearchBase }: LdapOptions,
  password: string,
): Promise<never> {
  const nobody = [`cn=${randomUUID()}`, userSearchBase].filter((part) => part !== '').join(',')
  try {
    await client.bind(nobody, password)
  } catch (error) {
    // A directory that fails does so for everybody.
    if (!(error instanceof ResultCodeError)) throw error
  }
  throw new WrongPassword('incorrect password')
}

async function bindAs(client: Client, dn: string, password: string): Promise<void> {
  try {
    await client.bind(dn, password)
  } catch (error) {
    if (error instanceof InvalidCredentialsError) throw new WrongPassword('incorrect password')
    throw error
  }
}

/** The first value of an attribute, whose name the directory may spell in another case. */
function first(entry: Entry, attribute: string): string {
  const name = Object.keys(entry).find((key) => key.toLowerCase() === attribute.toLowerCase())
  const value = name === undefined ? undefined : entry[name]
  const one = Array.isArray(value) ? value[0] : value
  return one === undefined ? '' : one.toString()
}
