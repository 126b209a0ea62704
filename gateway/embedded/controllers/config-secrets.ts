import { randomUUID } from 'node:crypto'
import { parse, stringify } from 'yaml'
import { isLabelValue } from '../../domain/names.ts'
import type { KubeObject } from '../../kube/types.ts'
import { isDeleting, type Kit } from './kit.ts'
import { SECRETS } from './names.ts'
import { keyOf, splitKey, type Reconciler } from './reconciler.ts'

const systemNamespace = 'kubesphere-system'
const typeLabel = 'config.kubesphere.io/type'
const document = 'configuration.yaml'
const kinds: readonly string[] = ['oauthclient', 'identityprovider']

interface Configuration {
  readonly name?: unknown
  readonly secret?: unknown
  readonly grantMethod?: unknown
}

/**
 * OAuth clients and identity providers carry their name as a label, and a client always has a secret and a grant method
 * (iam-oauth.md §10, §11). What cannot be read is left as it is.
 */
export function configSecrets(kit: Kit): Reconciler {
  return {
    name: 'config-secret',
    sources: [
      {
        gvr: SECRETS,
        keys: ({ type, entry }) =>
          type !== 'DELETED' &&
          entry.namespace === systemNamespace &&
          kinds.includes(entry.labels[typeLabel] ?? '')
            ? [keyOf(entry)]
            : [],
      },
    ],
    async reconcile(key, signal) {
      const [namespace, name] = splitKey(key)
      const secret = kit.get(SECRETS, name, namespace)
      if (secret && !isDeleting(secret)) await kit.edit(SECRETS, secret, settle, signal)
    },
  }
}

function settle(draft: KubeObject): void {
  const kind = draft.metadata.labels?.[typeLabel] ?? ''
  const data = { ...(draft['data'] as Record<string, string> | undefined) }
  const configuration = read(data[document])
  const name = configuration?.name
  if (draft['type'] !== `config.kubesphere.io/${kind}` || typeof name !== 'string' || !name) return
  if (isLabelValue(name)) {
    draft.metadata.labels = { ...draft.metadata.labels, [`config.kubesphere.io/${kind}`]: name }
  }
  if (kind !== 'oauthclient' || (configuration?.secret && configuration.grantMethod)) return
  const whole = {
    ...configuration,
    secret: configuration?.secret || randomUUID().replaceAll('-', ''),
    grantMethod: configuration?.grantMethod || 'auto',
  }
  draft['data'] = { ...data, [document]: Buffer.from(stringify(whole)).toString('base64') }
}

function read(base64: string | undefined): Configuration | undefined {
  if (!base64) return undefined
  try {
    const value: unknown = parse(Buffer.from(base64, 'base64').toString('utf8'))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
