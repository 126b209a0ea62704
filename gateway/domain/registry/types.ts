import type { KubeObject } from '../../kube/types.ts'
import type { Operation } from '../operation.ts'
import type { Image } from './image.ts'
import type { Repository } from './reference.ts'

export interface RegistryPlace {
  readonly namespace: string
  /** Secret of the namespace with logins; the caller must be allowed to read it. Absent: as anybody. */
  readonly secret?: string | undefined
}

export interface BlobArgs {
  readonly image: string
  readonly secretRef?: { readonly name: string; readonly namespace: string } | undefined
  /** Certificates are not verified. */
  readonly insecure: boolean
}

export interface CredentialArgs {
  readonly username: string
  readonly password: string
  /** Host of the registry or a URL of it; empty for Docker Hub. */
  readonly server: string
}

/**
 * What image registries say. A login goes only to the registry that it is for; hosts that are this machine's own or on
 * its link are a 400; what a registry refuses or cannot do is a RegistryError.
 */
export interface RegistryService {
  /** Repositories with `text` in their name. */
  readonly search: Operation<RegistryPlace & { readonly text: string }, string[]>
  /** An image by its reference, the one for linux/amd64 of several. Throws ApiError 400 for no reference. */
  readonly image: Operation<RegistryPlace & { readonly image: string }, Image>
  /** Every tag of a repository in the registry's order. Throws ApiError 400 for no repository. */
  readonly tags: Operation<
    RegistryPlace & { readonly repository: string },
    Repository & { readonly tags: readonly string[] }
  >
  /** As `image`, asked of the whole cluster. */
  readonly blob: Operation<BlobArgs, Image>
  /** Whether the first registry of a Secret that need not be stored takes its login. Throws ApiError 400, RegistryError. */
  readonly verifySecret: Operation<{ namespace: string; secret: Partial<KubeObject> }, void>
  /** Whether a registry takes a login. Throws ApiError 400, RegistryError. */
  readonly verifyCredential: Operation<CredentialArgs, void>
}
