import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  ConfigError,
  defaultConfig,
  helpText,
  KEYS,
  loadConfig,
  wantsHelp,
} from '../../gateway/config/index.ts'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-test-'))
})
after(() => rm(folder, { recursive: true }))

async function file(text: string, name = 'kubesphere.yaml'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

const MINIMAL = 'authentication: {issuer: {jwtSecret: s}}\n'

async function load(text: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  return loadConfig({ file: await file(text), args, env })
}

async function refusal(text: string, args: string[] = []): Promise<string> {
  try {
    await load(text, args)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.doesNotMatch(error.message, /\n/)
    return error.message
  }
  return 'accepted'
}

describe('the file', () => {
  test('gives every value its type, keys in any case', async () => {
    const config = await load(`
authentication:
  MULTIPLELOGIN: true
  authenticateRateLimiterDuration: 10m0s
  loginHistoryRetentionPeriod: 3600000000000
  issuer: {jwtSecret: 12345, accessTokenMaxAge: 0s, URL: "http://c"}
multicluster: {clusterrole: host}
cache: {type: redis, options: {Host: r, PORT: 6380, dB: 2}}
`)
    assert.equal(config.authentication.multipleLogin, true)
    assert.equal(config.authentication.authenticateRateLimiterDurationMs, 600_000)
    assert.equal(config.authentication.loginHistoryRetentionPeriodMs, 3_600_000)
    assert.equal(config.authentication.issuer.jwtSecret, '12345')
    assert.equal(config.authentication.issuer.accessTokenMaxAgeMs, 0)
    assert.equal(config.authentication.issuer.url, 'http://c')
    assert.equal(config.multicluster.clusterRole, 'host')
    assert.deepEqual(config.cache.options, { host: 'r', port: 6380, db: 2 })
  })

  test('leaves defaults where it says nothing, and keeps what it does not know', async () => {
    const config = await load(
      `${MINIMAL}servicemesh: {istioPilotHost: x}\nauditing: {enable: false, extra: 1}\n`,
    )
    assert.deepEqual(config.raw, { servicemesh: { istioPilotHost: 'x' }, auditing: { extra: 1 } })
    const plain = defaultConfig({ kubernetes: { kubeconfig: config.kubernetes.kubeconfig } })
    assert.deepEqual({ ...config, raw: {}, authentication: plain.authentication }, plain)
  })

  test('may be JSON, and is found by its name in the search path', async () => {
    await file(
      JSON.stringify({
        authorization: { mode: 'AlwaysAllow' },
        authentication: { issuer: { jwtSecret: 's' } },
      }),
      'kubesphere.json',
    )
    const config = await loadConfig({ folders: [join(folder, 'none'), folder], args: [], env: {} })
    assert.equal(config.authorization.mode, 'AlwaysAllow')
    await rm(join(folder, 'kubesphere.json'))
  })

  test('that is missing, broken or of the wrong shape is one clear line', async () => {
    await assert.rejects(loadConfig({ args: ['--config', '/nowhere/k.yaml'] }), {
      name: 'ConfigError',
      message: 'Failed to load configuration from disk: /nowhere/k.yaml: no such file',
    })
    await assert.rejects(loadConfig({ folders: [join(folder, 'none')] }), /no kubesphere\.\{/)
    assert.match(
      await refusal('a: [1'),
      /^Failed to load configuration from disk: .*kubesphere\.yaml: /,
    )
    assert.match(await refusal('- 1'), /not a mapping/)
    assert.match(await refusal('authentication: 7'), /^authentication: a mapping is wanted here/)
    assert.match(
      await refusal('authentication: {issuer: {accessTokenMaxAge: 2 hours}}'),
      /^authentication\.issuer\.accessTokenMaxAge: "2 hours" is not a duration/,
    )
    assert.match(
      await refusal('terminal: {node: {timeout: soon}}'),
      /^terminal\.node\.timeout: "soon" is not a whole number/,
    )
    assert.match(
      await refusal('auditing: {enable: maybe}'),
      /^auditing\.enable: "maybe" is not true or false/,
    )
  })
})

describe('environment and flags', () => {
  test('the environment overrides keys that stand in the file, and only those', async () => {
    const text = `${MINIMAL}cache: {type: InMemoryCache, options: {password: old}}\n`
    const config = await load(text, [], {
      KUBESPHERE_CACHE_OPTIONS_PASSWORD: 'new',
      KUBESPHERE_AUTHENTICATION_ISSUER_JWTSECRET: 'other',
      KUBESPHERE_MULTICLUSTER_CLUSTERROLE: 'host',
    })
    assert.equal(config.cache.options.password, 'new')
    assert.equal(config.authentication.issuer.jwtSecret, 'other')
    assert.equal(config.multicluster.clusterRole, '')
  })

  test('flags override both, in every spelling of pflag', async () => {
    const args = [
      '--insecure-port=9999',
      '--authorization',
      'AlwaysDeny',
      '--multiple-login',
      '--access-token-max-age',
      '1h',
      '--host_cluster_name=h',
      '--auditing-enabled=false',
      '--trusted-proxies',
      '10.0.0.0/8, ::1',
    ]
    const config = await load(`${MINIMAL}authorization: {mode: RBAC}\n`, args)
    assert.equal(config.server.insecurePort, 9999)
    assert.equal(config.authorization.mode, 'AlwaysDeny')
    assert.equal(config.authentication.multipleLogin, true)
    assert.equal(config.authentication.issuer.accessTokenMaxAgeMs, 3_600_000)
    assert.equal(config.multicluster.hostClusterName, 'h')
    assert.equal(config.auditing.enable, false)
    assert.deepEqual(config.facade.trustedProxies, ['10.0.0.0/8', '::1'])
  })

  test('klog flags set nothing but are known, verbosity apart', async () => {
    const config = await load(MINIMAL, [
      '--logtostderr=true',
      '-v=4',
      '--vmodule',
      'a=1',
      '--skip_headers',
      '--stderrthreshold=2',
    ])
    assert.equal(config.log.level, 'debug')
  })

  test('an unknown flag, a stray word or a missing value is refused by name', async () => {
    assert.match(await refusal(MINIMAL, ['--nope']), /^unknown flag --nope/)
    assert.match(await refusal(MINIMAL, ['serve']), /^unknown argument serve/)
    assert.match(await refusal(MINIMAL, ['--insecure-port']), /^--insecure-port needs a value/)
    assert.match(
      await refusal(MINIMAL, ['--insecure-port', 'x']),
      /^--insecure-port: "x" is not a whole number/,
    )
  })

  test('every flag of the table is in the help, which needs no file', () => {
    assert.ok(wantsHelp(['--help']))
    const text = helpText()
    for (const { flag } of KEYS) if (flag) assert.match(text, new RegExp(`--${flag} `))
  })
})

test('what the original refuses at start is refused in its words', async () => {
  const cases: [string, string[], string][] = [
    ['authorization: {mode: RBAC}', [], 'JWT secret MUST not be empty'],
    [
      'authentication: {authenticateRateLimiterMaxTries: 101, issuer: {jwtSecret: s}}',
      [],
      'authenticateRateLimiterMaxTries MUST not be greater than loginHistoryMaximumEntries',
    ],
    [`${MINIMAL}authorization: {mode: Magic}`, [], 'authorization mode Magic not support'],
    [
      MINIMAL,
      ['--insecure-port=0'],
      'insecure and secure port can not be disabled at the same time',
    ],
    [
      MINIMAL,
      ['--secure-port=443', '--tls-private-key=/dev/null'],
      'tls cert file is empty while secure serving',
    ],
    [
      MINIMAL,
      ['--secure-port=443', '--tls-cert-file=/dev/null'],
      'tls private key file is empty while secure serving',
    ],
    [
      MINIMAL,
      ['--kubeconfig', '/nowhere/kc'],
      'kubernetes.kubeconfig: stat /nowhere/kc: no such file or directory',
    ],
    [
      MINIMAL,
      ['--trusted-proxies=10.0.0.0/99'],
      'facade.trustedProxies: 10.0.0.0/99 is neither an address nor a CIDR',
    ],
    [
      `${MINIMAL}facade: {openHosts: [localhost], cors: {allowedOrigins: ['*', 'https://a.example/']}}`,
      [],
      'facade.cors.allowedOrigins: https://a.example/ is neither an origin nor *; ' +
        'facade.openHosts: localhost is neither an address nor a CIDR',
    ],
    [
      `${MINIMAL}facade: {headers: {a b: c, x-a: 1, x-b: "c\\r\\nd: e", content-length: "1"}}`,
      [],
      'facade.headers.a b: no header of HTTP; facade.headers.x-a: not a text; ' +
        'facade.headers.x-b: no header of HTTP; facade.headers.content-length: belongs to each answer alone',
    ],
    [MINIMAL, ['--caches=v1/pods,pods'], 'facade.caches: pods is not [group/]version/resource'],
    [
      `${MINIMAL}facade: {graphql: {limits: {byRole: {reader: {depth: 0, deep: 1}, writer: 2}}}}`,
      [],
      'facade.graphql.limits.byRole.reader.depth: 0 is no such number; ' +
        'facade.graphql.limits.byRole.reader.deep: none of depth, aliases, rootFields, directives, cost, batch, requests, subscriptions; ' +
        'facade.graphql.limits.byRole.writer: not a mapping of limits',
    ],
    [MINIMAL, ['--insecure-port=70000'], 'server.insecurePort: 70000 is not a port (0 to 65535)'],
  ]
  for (const [text, args, message] of cases) assert.equal(await refusal(text, args), message)
})

test('overrides are laid over the checked configuration', async () => {
  const config = await loadConfig({
    file: await file(MINIMAL),
    overrides: { server: { insecurePort: 0 } },
  })
  assert.equal(config.server.insecurePort, 0)
  assert.equal(config.server.bindAddress, '0.0.0.0')
})
