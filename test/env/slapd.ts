import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAuthority, issue } from '../../gateway/embedded/certs.ts'
import { ensureDebianPackages } from './packages.ts'
import { freePort, onFreePort } from './ports.ts'
import { run } from './run.ts'

export interface Person {
  readonly uid: string
  readonly password: string
  readonly mail?: string
  readonly objectClass?: string
}

export interface Slapd extends AsyncDisposable {
  readonly port: number
  readonly securePort: number
  readonly base: string
  readonly managerDN: string
  readonly managerPassword: string
  /** PEM of the authority that its certificate comes from; the certificate is for 127.0.0.1 and localhost. */
  readonly authority: string
}

/** What the configuration of an LDAP identity provider says of a server, as it is reached at `host`. */
export function providerOf(slapd: Slapd, host = `127.0.0.1:${slapd.port}`) {
  return {
    host,
    managerDN: slapd.managerDN,
    managerPassword: slapd.managerPassword,
    userSearchBase: slapd.base,
    loginAttribute: 'uid',
    mailAttribute: 'mail',
  }
}

const BASE = 'dc=example,dc=org'
const MANAGER_PASSWORD = 'manager-of-the-tests'
/** Where Debian keeps them. */
const SERVERS = '/usr/sbin'
const MODULES = '/usr/lib/ldap'
const SCHEMA = '/etc/ldap/schema'

/** A private OpenLDAP server on free loopback ports, gone when disposed. Installs Debian's package where it is missing. */
export async function startSlapd(people: readonly Person[]): Promise<Slapd> {
  await ensureDebianPackages(['slapd'])
  await using stack = new AsyncDisposableStack()
  const dir = await mkdtemp(join(tmpdir(), 'ks-facade-slapd-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  const authority = await configure(dir)
  const config = join(dir, 'slapd.conf')
  await writeFile(join(dir, 'people.ldif'), ldif(people))
  await run(`${SERVERS}/slapadd`, ['-q', '-f', config, '-l', join(dir, 'people.ldif')])
  const { child, ...ports } = await onFreePort((port) => serve(config, port))
  stack.defer(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const owned = stack.move()
  return {
    ...ports,
    base: BASE,
    managerDN: `cn=manager,${BASE}`,
    managerPassword: MANAGER_PASSWORD,
    authority,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

async function serve(config: string, port: number) {
  const securePort = await freePort()
  const urls = `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${securePort}`
  const child = spawn(`${SERVERS}/slapd`, ['-f', config, '-h', urls, '-d', 'stats'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`slapd ended with ${code}:\n${said}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      if (said.length < 10_000) said += chunk.toString()
      if (said.includes('slapd starting')) resolve()
    })
  })
  return { child, port, securePort }
}

async function configure(dir: string): Promise<string> {
  const name = 'authority of the tests'
  const now = new Date()
  const authority = createAuthority(name, now)
  const hosts = ['127.0.0.1', 'localhost']
  const server = issue(authority, name, { commonName: 'directory', hosts, now })
  await mkdir(join(dir, 'data'))
  await writeFile(join(dir, 'ca.crt'), authority.cert)
  await writeFile(join(dir, 'server.crt'), server.cert)
  await writeFile(join(dir, 'server.key'), server.key, { mode: 0o600 })
  const lines = [
    ...['core', 'cosine', 'inetorgperson'].map((schema) => `include ${SCHEMA}/${schema}.schema`),
    `modulepath ${MODULES}`,
    'moduleload back_mdb',
    `TLSCACertificateFile ${dir}/ca.crt`,
    `TLSCertificateFile ${dir}/server.crt`,
    `TLSCertificateKeyFile ${dir}/server.key`,
    'database mdb',
    `suffix "${BASE}"`,
    `rootdn "cn=manager,${BASE}"`,
    `rootpw ${MANAGER_PASSWORD}`,
    `directory ${dir}/data`,
    'access to attrs=userPassword by anonymous auth by * none',
    'access to * by dn.exact="cn=manager,dc=example,dc=org" read by * none',
  ]
  await writeFile(join(dir, 'slapd.conf'), `${lines.join('\n')}\n`)
  return authority.cert
}

function ldif(people: readonly Person[]): string {
  const entry = (lines: readonly string[]) => `${lines.join('\n')}\n`
  const root = entry([
    `dn: ${BASE}`,
    'objectClass: dcObject',
    'objectClass: organization',
    'o: Example',
    'dc: example',
  ])
  const all = people.map(({ uid, password, mail, objectClass = 'inetOrgPerson' }, index) =>
    entry([
      `dn: cn=person-${index},${BASE}`,
      `objectClass: ${objectClass}`,
      ...(objectClass === 'inetOrgPerson' ? [] : ['objectClass: uidObject']),
      `cn: person-${index}`,
      `sn: ${uid}`,
      `uid: ${uid}`,
      ...(mail ? [`mail: ${mail}`] : []),
      `userPassword: ${password}`,
    ]),
  )
  return [root, ...all].join('\n')
}
