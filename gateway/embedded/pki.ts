import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAuthority, issue, isUsable, serviceAccountKey, type KeyPair } from './certs.ts'

/** The key material of one plane: paths of PEM files, and what an HTTPS client needs of them. */
export interface Pki {
  file(name: string): string
  ca: string
  admin: KeyPair
  component: KeyPair
}

const authorityName = 'ks-facade-plane'
const proxyAuthorityName = 'ks-facade-plane-front-proxy'

async function readPair(dir: string, name: string): Promise<KeyPair | undefined> {
  try {
    const [cert, key] = await Promise.all([
      readFile(join(dir, `${name}.crt`), 'utf8'),
      readFile(join(dir, `${name}.key`), 'utf8'),
    ])
    return { cert, key }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function write(dir: string, name: string, text: string): Promise<void> {
  await writeFile(join(dir, name), text, { mode: 0o600 })
}

async function writePair(dir: string, name: string, pair: KeyPair): Promise<void> {
  await write(dir, `${name}.crt`, pair.cert)
  await write(dir, `${name}.key`, pair.key)
}

async function keptAuthority(
  dir: string,
  name: string,
  commonName: string,
  now: Date,
): Promise<KeyPair> {
  const kept = await readPair(dir, name)
  if (kept && isUsable(kept, now)) return kept
  const fresh = createAuthority(commonName, now)
  await writePair(dir, name, fresh)
  return fresh
}

async function keepServiceAccountKey(dir: string): Promise<void> {
  try {
    await writeFile(join(dir, 'sa.key'), serviceAccountKey(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/**
 * Makes the certificates of a plane in `dir` (mode 0700). Authorities and the service-account key that are there
 * already are kept, so tokens and kubeconfigs of an earlier start stay good; leaf certificates are issued anew.
 */
export async function preparePki(dir: string, now: Date): Promise<Pki> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  await keepServiceAccountKey(dir)
  const ca = await keptAuthority(dir, 'ca', authorityName, now)
  const proxyCa = await keptAuthority(dir, 'proxy-ca', proxyAuthorityName, now)
  const leaf = async (
    name: string,
    commonName: string,
    organizations: string[],
    hosts?: string[],
  ) => {
    const pair = issue(ca, authorityName, {
      commonName,
      organizations,
      now,
      ...(hosts ? { hosts } : {}),
    })
    await writePair(dir, name, pair)
    return pair
  }
  const masters = ['system:masters']
  await leaf(
    'apiserver',
    'kube-apiserver',
    [],
    [
      '127.0.0.1',
      '10.96.0.1',
      'localhost',
      'kubernetes',
      'kubernetes.default',
      'kubernetes.default.svc',
    ],
  )
  await leaf('kubelet', 'node-agent', [], ['127.0.0.1', 'localhost'])
  await leaf('apiserver-kubelet-client', 'kube-apiserver-kubelet-client', masters)
  const component = await leaf('component', 'ks-facade-plane-component', masters)
  await writePair(
    dir,
    'proxy-client',
    issue(proxyCa, proxyAuthorityName, { commonName: 'front-proxy-client', now }),
  )
  const admin = await leaf('admin', 'kubernetes-admin', masters)
  return { file: (name) => join(dir, name), ca: ca.cert, admin, component }
}
