import DataLoader from 'dataloader'
import type { RequestContext } from '../gateway/context/types.ts'
import {
  objectAttributes,
  objects,
  type Related,
  type Scale,
} from '../gateway/domain/objects/index.ts'
import type { KindInfo } from '../gateway/kube/types.ts'
import { isNotFound } from '../gateway/lib/errors.ts'
import type { GraphqlContext } from './context.ts'
import type { ResourceObject } from './models.ts'
import { kindHere, modelOf, type ObjectAddress } from './objects.ts'

/** Objects of one kind in a namespace; empty text: in all, or of a kind without them. */
export interface KindPlace {
  readonly info: KindInfo
  readonly namespace: string
}

/** Kubernetes objects, each read once in a request. */
export interface ObjectLoaders {
  /** By place; null where there is none. Keys the caller may not read throw. */
  readonly objects: DataLoader<ObjectAddress, ResourceObject | null, string>
  /** Whole places, searched by what their objects have to do with others. */
  readonly related: DataLoader<KindPlace, Related, string>
  /** Scales of objects; null where the object is gone. */
  readonly scales: DataLoader<ScaleOf, Scale | null, string>
}

/** An object that has a scale. */
export interface ScaleOf extends KindPlace {
  readonly name: string
}

/** Scales that are asked for at a time. */
const scalesTogether = 8

/** Largest number of keys that one batch reads. */
const batchSize = 1000

function failure(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

type Found = ResourceObject | Error | null

/** `live` says which kinds are read from the API server each time, `shown` which there are at all. */
export function createObjectLoaders(
  ctx: RequestContext,
  { live, shown }: Pick<GraphqlContext, 'live' | 'shown'>,
): ObjectLoaders {
  /** Objects of one kind in one namespace, by name. */
  async function readNames(
    { group, version, resource, namespace }: ObjectAddress,
    names: readonly string[],
  ): Promise<readonly Found[]> {
    const info = await kindHere({ ctx, shown }, { group, version, resource })
    const place = { info, namespace, live: live(info) }
    const model = (object: ResourceObject['object'] | Error | undefined): Found => {
      if (object instanceof Error) return isNotFound(object) ? null : object
      return object ? modelOf(ctx, info, object) : null
    }
    if (names.length > 1 && (await ctx.may(objectAttributes('get', place)))) {
      const found = await ctx.call(objects.many, { ...place, names })
      return names.map((name) => model(found.get(name)))
    }
    // Whoever may read some of them by name is asked about each.
    return Promise.all(
      names.map(async (name) =>
        model(await ctx.call(objects.get, { ...place, name }).catch(failure)),
      ),
    )
  }

  async function readBatch(keys: readonly ObjectAddress[]): Promise<Found[]> {
    const places = Map.groupBy(keys.keys(), (index) => placeKey(keys[index] as ObjectAddress))
    const found: Found[] = []
    await Promise.all(
      places.values().map(async (indexes) => {
        const at = keys[indexes[0] ?? 0] as ObjectAddress
        const names = indexes.map((index) => keys[index]?.name ?? '')
        const read = await readNames(at, names).catch((error: unknown) =>
          names.map(() => failure(error)),
        )
        for (const [n, index] of indexes.entries()) found[index] = read[n] ?? null
      }),
    )
    return found
  }

  async function readScales(keys: readonly ScaleOf[]): Promise<(Scale | Error | null)[]> {
    const found: (Scale | Error | null)[] = []
    const queue = keys.entries()
    const worker = async () => {
      for (const [index, key] of queue) {
        found[index] = await ctx
          .call(objects.scale, key)
          .catch((error: unknown) => (isNotFound(error) ? null : failure(error)))
      }
    }
    await Promise.all(Array.from({ length: scalesTogether }, worker))
    return found
  }

  return {
    objects: new DataLoader<ObjectAddress, ResourceObject | null, string>(readBatch, {
      maxBatchSize: batchSize,
      cacheKeyFn: (at) => `${placeKey(at)}/${at.name}`,
    }),
    related: new DataLoader<KindPlace, Related, string>(
      (places) =>
        Promise.all(
          places.map((place) =>
            ctx
              .call(objects.related, { ...place, live: live(place.info) })
              .catch((error: unknown) => failure(error)),
          ),
        ),
      {
        cacheKeyFn: ({ info: { group, version, resource }, namespace }) =>
          [group, version, resource, namespace].join('/'),
      },
    ),
    scales: new DataLoader<ScaleOf, Scale | null, string>(readScales, {
      maxBatchSize: batchSize,
      cacheKeyFn: ({ info: { group, version, resource }, namespace, name }) =>
        [group, version, resource, namespace, name].join('/'),
    }),
  }
}

function placeKey({ cluster, group, version, resource, namespace }: ObjectAddress): string {
  return [cluster, group, version, resource, namespace].join('/')
}
