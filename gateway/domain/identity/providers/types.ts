/** Somebody as an identity provider knows them (iam-oauth.md §11). */
export interface ExternalIdentity {
  /** Never empty. */
  readonly userId: string
  readonly username: string
  /** Empty where the provider tells none. */
  readonly email: string
}

/** Takes a name and a password, as a directory does. */
export interface PasswordProvider extends AsyncDisposable {
  readonly kind: 'password'
  /** Throws WrongPassword for whom the provider refuses, Error for anything that keeps it from deciding. */
  authenticate(username: string, password: string, signal: AbortSignal): Promise<ExternalIdentity>
}

/** Sends the browser back with something that can be exchanged for an identity. */
export interface RedirectProvider extends AsyncDisposable {
  readonly kind: 'redirect'
  /** Its options with what the provider adds to them; the console builds its link to the provider from these. */
  readonly options: Readonly<Record<string, unknown>>
  /** `query` is the callback's. Throws Error, whose text the caller may see. */
  exchange(query: URLSearchParams, signal: AbortSignal): Promise<ExternalIdentity>
}

export type Provider = PasswordProvider | RedirectProvider

export interface ProviderDeps {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Aborts when the process is done with the provider before it is made. */
  readonly signal: AbortSignal
}

/** Makes a provider out of its options. Throws Error that names a bad option, or why the provider cannot be used. */
export type ProviderFactory = (
  options: Readonly<Record<string, unknown>>,
  deps: ProviderDeps,
) => Promise<Provider>

export class WrongPassword extends Error {
  override readonly name = 'WrongPassword'
}
