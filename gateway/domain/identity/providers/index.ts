import type { Logger } from 'pino'
import type { ConfigDocument, ConfigSecret, ConfigSecrets } from '../../config-secrets.ts'
import type { ListedProvider } from '../types.ts'
import { createAliyunIDaaS } from './aliyun-idaas.ts'
import { createCas } from './cas.ts'
import { createGitHub } from './github.ts'
import { createLdap } from './ldap.ts'
import { createOidc } from './oidc.ts'
import { isRecord, textOf } from './options.ts'
import type { Provider, ProviderFactory } from './types.ts'

export { WrongPassword } from './types.ts'
export type { ExternalIdentity, Provider } from './types.ts'

/** The types that a configuration may name; each in a file of its own beside this one. */
const factories: ReadonlyMap<string, ProviderFactory> = new Map([
  ['LDAPIdentityProvider', createLdap],
  ['OIDCIdentityProvider', createOidc],
  ['GitHubIdentityProvider', createGitHub],
  ['CASIdentityProvider', createCas],
  ['AliyunIDaaSProvider', createAliyunIDaaS],
])

export interface ProviderConfig {
  readonly name: string
  readonly mappingMethod: string
}

/** Identity providers as their Secrets configure them, each change taken up at once (iam-oauth.md §11). */
export interface Providers extends AsyncDisposable {
  /** Of a provider that is there, labelled and enabled. Throws Error with the original's text. */
  config(name: string): Promise<ProviderConfig>
  /** The working provider of a name; the last one that worked while a change of its Secret does not. */
  live(name: string): Promise<Provider | undefined>
  /** Those that work, disabled or not. */
  list(): Promise<ListedProvider[]>
}

/** Milliseconds until a provider that could not be made is tried again, when somebody asks for it. */
const RETRY_MS = 10_000

interface Slot {
  is: ConfigSecret
  /** What works, and the document it was made from. */
  live: { provider: Provider; document: ConfigDocument } | undefined
  building: Promise<void>
  failedAt: number | undefined
}

export function createProviders(
  secrets: ConfigSecrets,
  log: Logger,
  { now, ticks }: { now: () => number; ticks: () => number },
): Providers {
  const slots = new Map<string, Slot>()
  let following: Promise<() => void> | undefined
  const closing = new AbortController()

  async function close(provider: Provider | undefined): Promise<void> {
    try {
      await provider?.[Symbol.asyncDispose]()
    } catch (error) {
      log.warn({ err: error }, 'an identity provider was not closed')
    }
  }

  async function build(slot: Slot, of: ConfigSecret): Promise<void> {
    const { secret, document } = of
    try {
      if (!document) throw new Error('configuration.yaml cannot be read')
      const factory = factories.get(textOf(document, 'type'))
      if (!factory) throw new Error(`identity provider type ${String(document.type)} is not known`)
      const options = isRecord(document.provider) ? document.provider : {}
      const provider = await factory(options, { now, signal: closing.signal })
      if (closing.signal.aborted || slot.is !== of || slots.get(secret) !== slot)
        return void close(provider)
      void close(slot.live?.provider)
      slot.live = { provider, document }
      slot.failedAt = undefined
      log.info({ secret, provider: document.name }, 'identity provider ready')
    } catch (error) {
      if (slot.is !== of || closing.signal.aborted) return
      slot.failedAt = ticks()
      log.warn({ err: error, secret, kept: slot.live !== undefined }, 'identity provider not ready')
    }
  }

  function changed(secret: string, is: ConfigSecret | undefined): void {
    const slot = slots.get(secret)
    if (!is) {
      slots.delete(secret)
      void close(slot?.live?.provider)
      return
    }
    if (slot?.is.resourceVersion === is.resourceVersion) return
    if (slot) {
      slot.is = is
      slot.building = build(slot, is)
      return
    }
    const made: Slot = { is, live: undefined, building: Promise.resolve(), failedAt: undefined }
    slots.set(secret, made)
    made.building = build(made, is)
  }

  async function all(): Promise<Slot[]> {
    following ??= secrets.follow('identityprovider', changed)
    try {
      await following
    } catch (error) {
      following = undefined
      throw error
    }
    for (const slot of slots.values()) {
      if (slot.failedAt === undefined || ticks() - slot.failedAt < RETRY_MS) continue
      slot.failedAt = undefined
      slot.building = build(slot, slot.is)
    }
    return [...slots.values()]
  }

  return {
    async config(name) {
      const document = (await secrets.of('identityprovider')).find((one) => one.name === name)
      if (!document || !name) throw new Error('the Identity provider was not found')
      if (document.disabled === true) throw new Error('the Identity provider was Disabled')
      return { name, mappingMethod: textOf(document, 'mappingMethod') }
    },
    async live(name) {
      const named = (await all()).filter(
        ({ is, live }) => is.document?.name === name || live?.document.name === name,
      )
      await Promise.all(named.map(({ building }) => building))
      return named.find(({ live }) => live?.document.name === name)?.live?.provider
    },
    async list() {
      return (await all()).flatMap(({ live }) => {
        if (!live) return []
        const { provider, document } = live
        const own = isRecord(document.provider) ? document.provider : {}
        return [{ document, options: provider.kind === 'redirect' ? provider.options : own }]
      })
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      const end = await following?.catch(() => undefined)
      end?.()
      const open = [...slots.values()]
      slots.clear()
      await Promise.all(open.map(({ building }) => building))
      await Promise.all(open.map(({ live }) => close(live?.provider)))
    },
  }
}
