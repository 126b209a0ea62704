import { attributes, type Attributes, type OperationScope } from '../operation.ts'
import { readableSecret } from '../readable-secret.ts'
import { outsideHosts, type TlsOptions } from '../resources/index.ts'
import {
  entryFor,
  registriesOf,
  registryAddress,
  registrySecret,
  type AuthEntry,
  type RegistrySecret,
} from './docker-config.ts'
import { withConnections, type Outbound } from './http.ts'
import { readImage, type Image } from './image.ts'
import { parseReference, parseRepository, type Repository } from './reference.ts'
import { HUB_SEARCH, providerOf, searchRepositories } from './search.ts'
import { openSession, type Session } from './session.ts'
import { listTags } from './tags.ts'
import { tlsOptions } from './tls.ts'
import type { RegistryPlace, RegistryService } from './types.ts'
import { verifyLogin } from './verify.ts'

export { jsonObject, RegistryError } from './errors.ts'
export { refused, withConnections } from './http.ts'
export { verifyDigest, type Image } from './image.ts'
export { DOCKER_HUB, parseReference } from './reference.ts'
export { openSession, type Session } from './session.ts'
export { listRepositories, listTags } from './tags.ts'
export type * from './types.ts'

export interface RegistryDeps {
  /** Addresses and CIDRs of this machine or its link that may be asked; default: none. */
  readonly openHosts?: readonly string[] | undefined
  /** Milliseconds for one task with a registry. */
  readonly deadline?: number | undefined
  /** Address of Docker Hub's search. */
  readonly hub?: string | undefined
}

function needs(of: Partial<Attributes> & { verb: string }): Attributes {
  return attributes({ apiGroup: 'resources.kubesphere.io', apiVersion: 'v1alpha3', ...of })
}

/** One per process. */
export function createRegistry({
  openHosts = [],
  deadline = 30_000,
  hub = HUB_SEARCH,
}: RegistryDeps = {}): RegistryService {
  const hosts = outsideHosts(openHosts)
  const connected = <T>(
    { signal }: OperationScope,
    tls: TlsOptions,
    task: (outbound: Outbound) => Promise<T>,
  ): Promise<T> => withConnections(hosts, { tls, signal, deadline }, task)

  /** A task with a registry that may be pulled from, with what `secret` says of it and of no other. */
  const pulling = <T>(
    scope: OperationScope,
    { registry, repository }: Repository,
    { secret, insecure = false }: { secret?: RegistrySecret | undefined; insecure?: boolean },
    task: (session: Session) => Promise<T>,
  ): Promise<T> => {
    const entry = secret && entryFor(secret.entries, registry, repository)
    const scopes = [`repository:${repository}:pull`]
    return connected(scope, tlsOptions(entry && secret, insecure), async (outbound) =>
      task(await openSession(outbound, { registry, entry, scopes })),
    )
  }

  const image = async (
    scope: OperationScope,
    text: string,
    options: { secret?: RegistrySecret | undefined; insecure?: boolean },
  ): Promise<Image> => {
    const reference = parseReference(text)
    return pulling(scope, reference, options, (session) => readImage(session, reference))
  }

  const verify = async (
    scope: OperationScope,
    entry: AuthEntry,
    secret?: RegistrySecret,
  ): Promise<void> =>
    connected(scope, tlsOptions(secret, false), (outbound) => verifyLogin(outbound, entry))

  return {
    search: {
      name: 'registry.search',
      needs: ({ namespace }) => needs({ verb: 'list', resource: 'images', namespace }),
      async run(scope, { text, namespace, secret: name }) {
        if (!name) {
          const search = { provider: 'DockerHubRegistryProvider' as const, entry: undefined }
          return connected(scope, {}, (outbound) =>
            searchRepositories(outbound, { ...search, text, hub }),
          )
        }
        const stored = await readableSecret(scope, { namespace, name })
        const secret = registriesOf(stored)
        const provider = await providerOf(scope, stored, secret)
        const [entry] = secret.entries
        return connected(scope, tlsOptions(secret, false), (outbound) =>
          searchRepositories(outbound, { provider, entry, text, hub }),
        )
      },
    },
    image: {
      name: 'registry.image',
      needs: ({ namespace }) => needs({ verb: 'list', resource: 'imageconfig', namespace }),
      run: async (scope, args) =>
        image(scope, args.image, { secret: await pullSecret(scope, args) }),
    },
    tags: {
      name: 'registry.tags',
      needs: ({ namespace }) => needs({ verb: 'list', resource: 'repositorytags', namespace }),
      async run(scope, args) {
        const secret = await pullSecret(scope, args)
        const of = parseRepository(args.repository)
        const tags = await pulling(scope, of, { secret }, (session) =>
          listTags(session, of.repository),
        )
        return { ...of, tags }
      },
    },
    blob: {
      name: 'registry.blob',
      needs: () =>
        needs({ verb: 'get', apiVersion: 'v1alpha2', resource: 'registry', name: 'blob' }),
      async run(scope, { image: text, secretRef, insecure }) {
        const stored = secretRef && (await readableSecret(scope, secretRef))
        return image(scope, text, { secret: stored && registrySecret(stored), insecure })
      },
    },
    verifySecret: {
      name: 'registry.verifySecret',
      needs: ({ namespace }) =>
        needs({
          verb: 'create',
          resource: 'registrysecrets',
          subresource: 'verify',
          namespace,
        }),
      async run(scope, { secret: posted }) {
        const secret = registrySecret(posted)
        await verify(scope, secret.entries[0], secret)
      },
    },
    verifyCredential: {
      name: 'registry.verifyCredential',
      needs: () =>
        needs({ verb: 'create', apiVersion: 'v1alpha2', resource: 'registry', name: 'verify' }),
      async run(scope, { username, password, server }) {
        const login = { username, password }
        await verify(scope, { key: server, ...registryAddress(server), login })
      },
    },
  }
}

async function pullSecret(
  scope: OperationScope,
  { namespace, secret: name }: RegistryPlace,
): Promise<RegistrySecret | undefined> {
  return name ? registrySecret(await readableSecret(scope, { namespace, name })) : undefined
}
