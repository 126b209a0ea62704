import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { KubeObject } from '../../../gateway/kube/types.ts'
import { eventually, type World } from '../world.ts'

const SECRETS = { group: '', version: 'v1', resource: 'secrets' }
const NAMESPACE = { namespace: 'kubesphere-system' }

function secret(kind: string, name: string, configuration: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `${kind}-${name}`,
      ...NAMESPACE,
      labels: { 'config.kubesphere.io/type': kind },
    },
    type: `config.kubesphere.io/${kind}`,
    data: { 'configuration.yaml': Buffer.from(configuration).toString('base64') },
  }
}

function configurationOf(object: KubeObject): string {
  const data = object['data'] as Record<string, string>
  return Buffer.from(data['configuration.yaml'] ?? '', 'base64').toString('utf8')
}

/** Secrets that configure logins, as an administrator writes them. */
export function clients(world: () => World): void {
  const stored = (name: string) => world().kube.get(SECRETS, name, NAMESPACE)

  describe('a Secret that configures logins', () => {
    it('of a client gets what it lacks: a secret nobody knows, a grant method, its name as a label', async () => {
      const written = 'name: bare\nredirectURIs: [https://bare.example/cb]\n'
      await world().kube.create(SECRETS, secret('oauthclient', 'bare', written), NAMESPACE)
      await world().settled()
      const object = await stored('oauthclient-bare')
      assert.equal(object.metadata.labels?.['config.kubesphere.io/oauthclient'], 'bare')
      const text = configurationOf(object)
      assert.match(text, /^secret: "?[0-9a-z]{32}"?$/m)
      assert.match(text, /^grantMethod: auto$/m)
      assert.match(text, /https:\/\/bare\.example\/cb/)
      const client_secret = /^secret: "?(\w+)"?$/m.exec(text)?.[1] ?? ''
      const ask = async () => {
        const form = { client_id: 'bare', client_secret, grant_type: 'none' }
        const body = new URLSearchParams(form)
        return (await fetch(`${world().url}/oauth/token`, { method: 'POST', body })).text()
      }
      const known = await eventually(ask, (answer) => answer.includes('unsupported_grant_type'))
      assert.match(known, /unsupported_grant_type/)
    })

    it('that says everything is left as it was written, and so is what cannot be read', async () => {
      const whole = '# ours\nname: whole\nsecret: s\ngrantMethod: deny\n'
      const provider = 'name: dir\ntype: LDAPIdentityProvider\n'
      const broken = 'name: [\n'
      for (const object of [
        secret('oauthclient', 'whole', whole),
        secret('oauthclient', 'broken', broken),
        secret('identityprovider', 'dir', provider),
      ]) {
        await world().kube.create(SECRETS, object, NAMESPACE)
      }
      await world().settled()
      assert.equal(configurationOf(await stored('oauthclient-whole')), whole)
      assert.equal(configurationOf(await stored('oauthclient-broken')), broken)
      const named = await stored('identityprovider-dir')
      assert.equal(configurationOf(named), provider)
      assert.equal(named.metadata.labels?.['config.kubesphere.io/identityprovider'], 'dir')
    })
  })
}
