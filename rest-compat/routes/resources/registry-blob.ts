import {
  DOCKER_HUB,
  parseReference,
  RegistryError,
} from '../../../gateway/domain/registry/index.ts'
import { ApiError } from '../../../gateway/lib/errors.ts'
import { goQuote, json, textError } from '../../wire/index.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { legacyBlob, legacyManifest } from './image-config.ts'

/** Manifest and configuration of an image. @NOTE every failure is a 400 (resources-tenant.md §9.4). */
export async function registryBlob({ app, ctx, query }: RouteRequest): Promise<Reply> {
  const given = query.get('image') ?? ''
  const image = given.replace(/^https?:\/\//, '')
  const [name, namespace] = [query.get('secret') ?? '', query.get('namespace') ?? '']
  try {
    demandReference(image)
    const { reference, manifest, config } = await app.registry.blob.run(ctx, {
      image,
      secretRef: name && namespace ? { name, namespace } : undefined,
      insecure: query.get('insecure') === 'true',
    })
    return json({
      status: 'succeeded',
      imageManifest: legacyManifest(manifest),
      imageBlob: legacyBlob(config),
      imageTag: reference.version,
      registry: reference.registry === DOCKER_HUB ? 'docker.io' : reference.registry,
    })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error instanceof RegistryError) return refused(registryText(error))
    if (error.code !== 400 && error.code !== 404) return textError(error)
    return refused(secretText(error, name, namespace))
  }
}

function refused(message: string): Reply {
  return textError(new ApiError(400, 'BadRequest', message))
}

function demandReference(image: string): void {
  try {
    parseReference(image)
  } catch (error) {
    const message = `parsing image ${goQuote(image)} failed: invalid reference format`
    throw new ApiError(400, 'BadRequest', message, { cause: error })
  }
}

function secretText({ message }: ApiError, name: string, namespace: string): string {
  if (message.startsWith('expected secret type')) {
    return `secret ${name} in ns ${namespace} type should be kubernetes.io/dockerconfigjson`
  }
  if (message.startsWith('expected key')) return 'could not get data .dockerconfigjson'
  if (message.startsWith('not found valid auth')) return 'docker config auth len should not be 0'
  return message
}

function registryText({ step, answered, challenge, message }: RegistryError): string {
  if (answered === undefined) return message
  if (step === 'token') return 'getting image failed with secret'
  if (answered === 401 && challenge === 'basic') return 'basic auth required'
  if (answered === 404 || (answered === 401 && step !== 'blob')) {
    return `[ServiceError:${answered}] Not found or unauthorized`
  }
  // @NOTE the word is spelled so.
  if (step === 'blob') return 'got image blob faild'
  return `[ServiceError:${answered}] got image manifest failed`
}
