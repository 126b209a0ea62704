import { writeFile } from 'node:fs/promises'
import type { KeyPair } from './certs.ts'

/** Text of a kubeconfig (JSON, which is YAML) with one context that logs in to `server` by client certificate. */
export function kubeconfigText(server: string, ca: string, user: KeyPair): string {
  const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64')
  const name = 'ks-facade-plane'
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(ca) } }],
    contexts: [{ name, context: { cluster: name, user: 'kubernetes-admin' } }],
    users: [
      {
        name: 'kubernetes-admin',
        user: {
          'client-certificate-data': base64(user.cert),
          'client-key-data': base64(user.key),
        },
      },
    ],
  }
  return `${JSON.stringify(config, null, 2)}\n`
}

/** Writes a kubeconfig so that only this user can read it. */
export async function writeKubeconfig(file: string, text: string): Promise<void> {
  await writeFile(file, text, { mode: 0o600 })
}
