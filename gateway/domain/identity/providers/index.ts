import { unauthorized } from '../../../lib/errors.ts'
import type { ConfigSecrets } from '../oauth-clients.ts'

/** Configured identity providers: iam-oauth.md §11. A type becomes usable by a file of its own beside this one. */
export interface Providers {
  /** Name and type of a provider that is there and enabled. Throws Error with the original's text. */
  config(name: string): Promise<{ name: string; type: string }>
  /** Throws ApiError 401 `Unauthorized: …` for whatever keeps a redirect from becoming an identity. */
  exchange(name: string): Promise<never>
}

export function createProviders(secrets: ConfigSecrets): Providers {
  async function config(name: string) {
    const document = (await secrets.of('identityprovider')).find((one) => one.name === name)
    if (!document || !name) throw new Error('the Identity provider was not found')
    if (document.disabled === true) throw new Error('the Identity provider was Disabled')
    return { name, type: String(document.type) }
  }
  return {
    config,
    async exchange(name) {
      try {
        await config(name)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        const what = `failed to get identity provider configuration for ${name}`
        throw unauthorized(`Unauthorized: ${what}, error: ${why}`, error)
      }
      throw unauthorized(`Unauthorized: identity provider ${name} not exist`)
    },
  }
}
