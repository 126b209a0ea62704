import { setTimeout as sleep } from 'node:timers/promises'
import { parseDocument, stringify } from 'yaml'
import { USERS } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { unavailable } from '../../lib/errors.ts'
import { systemNamespace } from '../seeds/platform.ts'
import { certificateRequest } from './csr.ts'
import { isDeleting, type Kit } from './kit.ts'
import { CONFIG_MAPS, CSRS, SECRETS } from './names.ts'
import { splitKey, type Reconciler } from './reconciler.ts'

/** Milliseconds that kube-controller-manager may take to sign a request. */
const signedWithinMs = 10_000

/** Every account gets a kubeconfig with a client certificate of its own (objects-and-controllers.md §3.8). */
export function kubeconfigs(kit: Kit): Reconciler {
  return {
    name: 'kubeconfig',
    sources: [
      { gvr: USERS, keys: ({ type, entry }) => (type === 'ADDED' ? [`/${entry.name}`] : []) },
    ],
    async reconcile(key, signal) {
      const [, name] = splitKey(key)
      const user = kit.get(USERS, name)
      if (!user || isDeleting(user)) return
      const present = await kit.live(SECRETS, `kubeconfig-${name}`, systemNamespace, signal)
      if (present) return followEndpoint(kit, present, signal)
      const { key: privateKey, request } = await certificateRequest(name)
      const [certificate, authority] = await Promise.all([
        signed(kit, name, request, signal),
        rootCertificate(kit, signal),
      ])
      // The account may have gone while its certificate was signed.
      if (!kit.get(USERS, name)) return
      await kit.create(SECRETS, secret(kit, name, { certificate, privateKey, authority }), signal)
    },
  }
}

/** Asks kube-controller-manager for a certificate. Throws ApiError 503 when it does not sign in time. */
async function signed(
  kit: Kit,
  name: string,
  request: string,
  signal: AbortSignal,
): Promise<string> {
  const csr = await kit.client.create<KubeObject>(
    CSRS,
    {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { generateName: `${name}-csr-` },
      spec: {
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
        request: base64(request),
      },
    },
    { signal },
  )
  const csrName = csr.metadata.name ?? ''
  try {
    const condition = {
      type: 'Approved',
      status: 'True',
      reason: 'PlatformAccount',
      message: 'kubeconfig of an account of the platform',
      lastUpdateTime: kit.time(),
    }
    await kit.client.update(
      CSRS,
      { ...csr, status: { conditions: [condition] } },
      { subresource: 'approval', signal },
    )
    const deadline = performance.now() + signedWithinMs
    for (let delay = 20; performance.now() < deadline; delay = Math.min(delay * 2, 500)) {
      const { status } = await kit.client.get<KubeObject & { status?: { certificate?: string } }>(
        CSRS,
        csrName,
        { signal },
      )
      if (status?.certificate) return Buffer.from(status.certificate, 'base64').toString('utf8')
      await sleep(delay, undefined, { signal })
    }
    throw unavailable(`nobody signed the certificate of user ${name}`)
  } finally {
    const uid = csr.metadata.uid ?? ''
    await kit.remove(CSRS, { namespace: '', name: csrName, uid }).catch(() => {})
  }
}

/** The certificate by which kube-apiserver is known, as every namespace gets it. Throws ApiError 404. */
async function rootCertificate(kit: Kit, signal: AbortSignal): Promise<string> {
  const map = await kit.client.get<KubeObject & { data?: Record<string, string> }>(
    CONFIG_MAPS,
    'kube-root-ca.crt',
    { namespace: systemNamespace, signal },
  )
  return map.data?.['ca.crt'] ?? ''
}

/** A control plane of our own listens on another port after a restart. */
async function followEndpoint(kit: Kit, secret: KubeObject, signal: AbortSignal): Promise<void> {
  const { config = '' } = (secret['data'] ?? {}) as { config?: string }
  const document = parseDocument(Buffer.from(config, 'base64').toString('utf8'))
  const server = ['clusters', 0, 'cluster', 'server']
  if (document.errors.length > 0 || !document.hasIn(server)) return
  if (document.getIn(server) === kit.client.origin.origin) return
  document.setIn(server, kit.client.origin.origin)
  await kit.edit(
    SECRETS,
    secret,
    (draft) => {
      draft['data'] = { ...(draft['data'] as object), config: base64(document.toString()) }
    },
    signal,
  )
}

function secret(
  kit: Kit,
  name: string,
  pem: { certificate: string; privateKey: string; authority: string },
): KubeObject {
  const context = `${name}@local`
  const config = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [
      {
        name: 'local',
        cluster: {
          server: kit.client.origin.origin,
          'certificate-authority-data': base64(pem.authority),
        },
      },
    ],
    users: [
      {
        name,
        user: {
          'client-certificate-data': base64(pem.certificate),
          'client-key-data': base64(pem.privateKey),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: 'local', namespace: 'default', user: name } }],
    'current-context': context,
  })
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `kubeconfig-${name}`,
      namespace: systemNamespace,
      labels: { 'kubesphere.io/username': name },
    },
    type: 'config.kubesphere.io/kubeconfig',
    data: { config: base64(config) },
  }
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
