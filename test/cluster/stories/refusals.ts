import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, describe, test } from 'node:test'
import { parse, stringify } from 'yaml'
import { API, draft, NAMESPACES, SYSTEM, type JoinStage } from '../stage.ts'

/** What stands against a cluster that is to be joined. */
export function refusals(here: () => JoinStage): void {
  describe('a cluster that is to be joined', () => {
    const refusals: [what: string, cluster: () => object, message: RegExp][] = [
      ['one of type proxy', () => draft('far', 'x', 'proxy'), /connection type MUST be direct/],
      ['no kubeconfig', () => draft('far', ''), /cluster kubeconfig MUST NOT be empty/],
      ['text that is no kubeconfig', () => draft('far', 'nonsense'), /cannot unmarshal string/],
      [
        'files of this machine',
        () => {
          const config = parse(here().kubeconfig) as { clusters: { cluster: object }[] }
          for (const { cluster } of config.clusters)
            Object.assign(cluster, { 'certificate-authority': '/etc/passwd' })
          return draft('far', stringify(config))
        },
        /files, commands and auth providers are refused/,
      ],
      [
        'nobody who answers',
        () =>
          draft(
            'far',
            here().kubeconfig.replaceAll(here().two.memberPlane.server, 'https://127.0.0.1:1'),
          ),
        /./,
      ],
      [
        'the host itself',
        () => draft('far', hostKubeconfig),
        /^cluster far already exists \(host\), MUST not import the same cluster twice/,
      ],
    ]
    let hostKubeconfig = ''
    before(async () => {
      hostKubeconfig = await readFile(here().two.host.app.config.kubernetes.kubeconfig, 'utf8')
    })
    for (const [what, cluster, message] of refusals) {
      test(`is refused with 400: ${what}`, async () => {
        const { status, text } = await here().ask('POST', `${API}/clusters/validation`, cluster())
        assert.equal(status, 400, text)
        assert.match(text, message)
      })
    }

    test('is refused while another host has it', async () => {
      const mark = (host: string | null) =>
        here().member.patch(
          NAMESPACES,
          SYSTEM,
          { metadata: { annotations: { 'cluster.kubesphere.io/host-cluster': host } } },
          { type: 'merge' },
        )
      await mark('elsewhere')
      const cluster = draft('far', here().kubeconfig)
      const { status, text } = await here().ask('POST', `${API}/clusters/validation`, cluster)
      await mark(null)
      assert.deepEqual(
        [status, text],
        [400, "current cluster is managed by another host cluster 'elsewhere'\n"],
      )
    })
  })
}
