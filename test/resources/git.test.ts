import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { verifyGit } from '../../gateway/domain/resources/git.ts'
import { outsideHosts } from '../../gateway/domain/resources/outside-host.ts'
import { fakeCluster, scopeOf } from './support.ts'

describe('a git repository that is verified', () => {
  const asked: IncomingMessage[] = []
  const server = createServer((req, res) => {
    asked.push(req)
    if (req.url?.startsWith('/secret/')) res.writeHead(401).end('internal words')
    else if (req.url?.startsWith('/away/')) res.writeHead(302, { location: '/good/' }).end()
    else res.end('001e# service=git-upload-pack\n0000')
  })
  const hosts = outsideHosts(['127.0.0.1'])
  const verify = verifyGit(hosts)
  let base = ''
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => void server.close())

  it('is listed over http, with the credentials of a Secret that the caller may read', async () => {
    const cluster = fakeCluster()
    const data = { username: 'dQ==', password: 'cA==' }
    cluster.seed({ group: '', version: 'v1', resource: 'secrets' }, 'Secret', [
      { metadata: { name: 's', namespace: 'a' }, data },
    ])
    const args = { remoteUrl: `${base}/good/`, secretRef: { name: 's', namespace: 'a' } }
    await verify.run(scopeOf(cluster), args)
    const last = asked.at(-1)
    assert.equal(last?.url, '/good/info/refs?service=git-upload-pack')
    assert.equal(last?.headers.authorization, 'Basic dTpw')
    const count = asked.length
    await assert.rejects(
      verify.run(
        scopeOf(cluster, () => false),
        args,
      ),
      { code: 403 },
    )
    assert.equal(asked.length, count)
  })

  it('does not repeat what the host said, and is not followed elsewhere', async () => {
    const scope = scopeOf(fakeCluster())
    await assert.rejects(verify.run(scope, { remoteUrl: `${base}/secret/` }), {
      message: 'authentication required',
    })
    await assert.rejects(verify.run(scope, { remoteUrl: `${base}/away/` }), {
      message: 'unexpected status code: 302',
    })
  })

  it('hole 30: is never a file, another scheme, this machine or its link', async () => {
    const strict = outsideHosts()
    const scope = scopeOf(fakeCluster())
    const closed = [
      'file:///etc',
      '/etc',
      'ssh://git@x/y',
      'git://x/y',
      '',
      base,
      'http://[::1]/x',
      'http://169.254.169.254/x',
      'http://0x7f.1/x',
    ]
    for (const remoteUrl of closed) {
      await assert.rejects(verifyGit(strict).run(scope, { remoteUrl }), { code: 400 }, remoteUrl)
    }
    const { port } = new URL(base)
    await assert.rejects(
      verifyGit(strict).run(scope, { remoteUrl: `http://localhost:${port}/good` }),
      {
        message: 'the repository could not be reached',
      },
    )
  })
})
