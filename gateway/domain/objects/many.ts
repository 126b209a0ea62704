import type { KindInfo, KubeObject } from '../../kube/types.ts'
import { notFound } from '../../lib/errors.ts'
import type { Operation, OperationScope } from '../operation.ts'
import { demandAddress, objectAttributes, type Place } from './address.ts'
import { listWhole } from './live.ts'
import { readOne, type Reading } from './reads.ts'

export interface ManyArgs extends Place, Reading {
  readonly names: readonly string[]
}

/** Objects by name, or what reading each of them ended with. */
export type Many = ReadonlyMap<string, KubeObject | Error>

/** From so many names of one namespace on, the whole list is read instead. */
const listFrom = 21

/** Reads at a time. */
const together = 8

async function eachOf(scope: OperationScope, args: ManyArgs): Promise<Many> {
  const found = new Map<string, KubeObject | Error>()
  const queue = new Set(args.names).values()
  const worker = async () => {
    for (const name of queue) {
      try {
        found.set(name, await readOne(scope, { ...args, name }))
      } catch (error) {
        found.set(name, error instanceof Error ? error : new Error(String(error)))
      }
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
  return found
}

async function outOfList(scope: OperationScope, args: ManyArgs): Promise<Many> {
  const { items } = await listWhole(scope, args)
  const all = new Map(items.map((item) => [item.metadata.name ?? '', item]))
  const missing = ({ group, resource }: KindInfo, name: string) => notFound(group, resource, name)
  return new Map(args.names.map((name) => [name, all.get(name) ?? missing(args.info, name)]))
}

/**
 * Several objects of one kind in one namespace, for who may read every one there. From the watch cache where there is
 * one, else each by itself or, when they are many, out of one list.
 */
export const many: Operation<ManyArgs, Many> = {
  name: 'objects.many',
  ofCluster: true,
  needs: (args) => objectAttributes('get', args),
  async run(scope, args) {
    const whole = args.names.map((name) => ({ ...args, name }))
    whole.forEach(demandAddress)
    const listed = args.live && args.info.verbs.includes('list')
    const distinct = new Set(args.names).size
    return listed && distinct >= listFrom ? outOfList(scope, args) : eachOf(scope, args)
  },
}
