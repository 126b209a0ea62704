import type { CategoryDraft } from '../../../gateway/domain/application/index.ts'
import { json } from '../../wire/index.ts'
import { asStruct, text, untyped } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { storeEntity, unreadable } from './errors.ts'
import { listArgs, param, storeList, success } from './replies.ts'

const one = (rq: RouteRequest) => ({ name: param(rq, 'category') })

export async function listCategories(rq: RouteRequest): Promise<Reply> {
  const { query } = listArgs(rq)
  return storeList(rq, await rq.app.application.categories.list.run(rq.ctx, { query }))
}

export async function getCategory(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.application.categories.get.run(rq.ctx, one(rq)))
}

export async function createCategory(rq: RouteRequest): Promise<Reply> {
  return json(untyped(await rq.app.application.categories.create.run(rq.ctx, await draft(rq))))
}

/** @NOTE the name comes out of the body; the path only says that the category must be there. */
export async function updateCategory(rq: RouteRequest): Promise<Reply> {
  return json(await rq.app.application.categories.update.run(rq.ctx, await draft(rq)))
}

export async function deleteCategory(rq: RouteRequest): Promise<Reply> {
  await rq.app.application.categories.delete.run(rq.ctx, one(rq))
  return success()
}

async function draft(rq: RouteRequest): Promise<CategoryDraft> {
  try {
    const body = asStruct(await storeEntity(rq), 'v2.Category')
    const metadata = asStruct(body['metadata'], 'v1.ObjectMeta')
    const annotations = asStruct(metadata['annotations'], 'map[string]string')
    return {
      name: text(metadata['name']),
      alias: text(annotations['kubesphere.io/alias-name']),
      description: text(annotations['kubesphere.io/description']),
      icon: text(asStruct(body['spec'], 'v2.CategorySpec')['icon']),
    }
  } catch (error) {
    throw unreadable(error)
  }
}
