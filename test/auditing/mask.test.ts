import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { maskSecrets } from '../../gateway/domain/auditing/mask.ts'

const HASH = '$2a$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----'

describe('the audit log', () => {
  test('hole 34: holds no password, of an account or of a change', () => {
    assert.deepEqual(
      maskSecrets({
        kind: 'User',
        metadata: { name: 'eve' },
        spec: { email: 'e@x.io', password: 'Clear-Text1' },
      }),
      {
        kind: 'User',
        metadata: { name: 'eve' },
        spec: { email: 'e@x.io', password: '***' },
      },
    )
    assert.deepEqual(maskSecrets({ currentPassword: 'a', password: 'b' }), {
      currentPassword: '***',
      password: '***',
    })
  })

  test('holds no data of a Secret, alone, in a list, in a patch', () => {
    const secret = { kind: 'Secret', metadata: { name: 's' }, data: { a: 'QQ==' } }
    assert.deepEqual(maskSecrets(secret), { ...secret, data: { a: '***' } })
    const list = { kind: 'SecretList', items: [{ metadata: { name: 's' }, data: { a: 'QQ==' } }] }
    assert.doesNotMatch(JSON.stringify(maskSecrets(list)), /QQ==/)
    const other = { items: [{ metadata: {}, type: 'Opaque', data: { a: 'QQ==' } }] }
    assert.doesNotMatch(JSON.stringify(maskSecrets(other)), /QQ==/)
    assert.doesNotMatch(JSON.stringify(maskSecrets({ data: { a: 'QQ==' } }, true)), /QQ==/)
    const patch = [{ op: 'add', path: '/data/a', value: 'QQ==' }]
    assert.doesNotMatch(JSON.stringify(maskSecrets(patch, true)), /QQ==/)
    assert.deepEqual(maskSecrets(patch), patch)
  })

  test('holds no token, key or hash, wherever it stands', () => {
    const shown = JSON.stringify(
      maskSecrets({
        access_token: 'abc',
        refresh_token: ['abc'],
        note: `see ${JWT}`,
        found: HASH,
        pem: KEY,
        env: [
          { name: 'DB_PASSWORD', value: 'abc' },
          { name: 'PLAIN', value: 'shown' },
        ],
        patch: [{ op: 'replace', path: '/spec/password', value: 'abc' }],
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': `{"kind":"Secret","data":{"x":"abc"}}`,
        },
        'kubesphere.yaml': 'authentication:\n  issuer:\n    jwtSecret: abc\n    url: shown-too\n',
        '.dockerconfigjson': 'abc',
        spec: { connection: { kubeconfig: 'abc', token: 'abc' } },
        clientSecret: { nested: 'abc' },
      }),
    )
    assert.doesNotMatch(shown, /abc|MIIEow|eyJ|\$2a/)
    assert.match(shown, /shown.*shown-too/)
  })

  test('keeps everything else as it is', () => {
    const pod = {
      kind: 'Pod',
      metadata: { name: 'p', labels: { app: 'web' }, uid: 'u' },
      spec: {
        automountServiceAccountToken: false,
        volumes: [{ name: 'v', secret: { secretName: 'named' } }],
        containers: [
          { image: 'registry/x:1', args: ['a=b', 'c: d'], ports: [{ containerPort: 1 }] },
        ],
      },
      status: null,
    }
    const masked = maskSecrets(pod) as typeof pod
    assert.deepEqual(
      { ...masked, spec: { ...masked.spec, volumes: [] } },
      {
        ...pod,
        spec: { ...pod.spec, volumes: [] },
      },
    )
    for (const value of [null, 1, true, 'text', [], {}]) assert.deepEqual(maskSecrets(value), value)
  })

  test('is not overwhelmed by depth, nor by names that objects have', () => {
    let deep: unknown = 'x'
    for (let level = 0; level < 5000; level++) deep = [deep]
    assert.ok(JSON.stringify(maskSecrets(deep)).length < 2000)
    const odd = JSON.parse('{"__proto__": {"password": "abc"}, "constructor": 1}') as object
    assert.equal(
      JSON.stringify(maskSecrets(odd)),
      '{"__proto__":{"password":"***"},"constructor":1}',
    )
  })

  test('ends, whatever a megabyte of text is made of', () => {
    for (const part of [
      '-',
      '- ',
      ' -',
      'eyJ-',
      'eyJaaaaa.',
      'password',
      '-----BEGIN ',
      '"',
      '.',
    ]) {
      const text = `${part.repeat(1_000_000 / part.length)}\npassword: x`
      assert.match((maskSecrets({ text }) as { text: string }).text, /^password: \*\*\*$/m)
    }
  })

  test('holds no password of a URL, wherever it stands', () => {
    const urls = 'from http://u:p@h/x and oci://u:p@ss:w@h:5000/x'
    assert.equal(maskSecrets(urls), 'from http://u:***@h/x and oci://u:***@h:5000/x')
    for (const plain of ['http://h/a@b', 'http://u@h:80/x', 'http://h:80/?a=b@c']) {
      assert.equal(maskSecrets(plain), plain)
    }
    const long = '://a:'.repeat(200_000)
    assert.equal(maskSecrets(long), long)
  })
})
