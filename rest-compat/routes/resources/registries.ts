import { ApiError } from '../../../gateway/lib/errors.ts'
import { textError } from '../../wire/index.ts'
import type { Reply, RouteRequest } from '../registry.ts'

function unreachable(): Reply {
  const message = 'this server asks no image registries'
  return textError(new ApiError(501, 'NotImplemented', message))
}

/** Everything that a registry would have to answer. */
export function askRegistry(): Reply {
  return unreachable()
}

export function registryBlob({ query }: RouteRequest): Reply {
  const image = query.get('image') ?? ''
  if (image === '') {
    return textError(
      new ApiError(400, 'BadRequest', 'parsing image "" failed: invalid reference format'),
    )
  }
  return unreachable()
}

export function imageConfig({ query }: RouteRequest): Reply {
  const image = query.get('image') ?? ''
  if (image === '') {
    return textError(new ApiError(400, 'BadRequest', `could not parse reference: ${image}`))
  }
  return unreachable()
}

export function repositoryTags({ query }: RouteRequest): Reply {
  if ((query.get('repository') ?? '') === '') {
    return textError(new ApiError(400, 'BadRequest', 'empty repository name'))
  }
  return unreachable()
}
