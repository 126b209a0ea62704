import { badRequest } from '../../../gateway/lib/errors.ts'
import { empty, json } from '../../wire/index.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { formData } from './bodies.ts'
import { param, placeOf } from './replies.ts'

/** @NOTE one file a request, and its id has the name of the form field; without a file the answer is `null`. */
export async function createAttachment(rq: RouteRequest): Promise<Reply> {
  const type = rq.req.headers['content-type'] ?? ''
  if (!/^multipart\/(form-data|mixed)\b/i.test(type)) {
    throw badRequest("request Content-Type isn't multipart/form-data")
  }
  for (const [field, value] of await formData(rq)) {
    if (!(value instanceof File)) continue
    const data = new Uint8Array(await value.arrayBuffer())
    const args = { ...placeOf(rq), field, data }
    const id = await rq.app.application.attachments.create.run(rq.ctx, args)
    return json({ attachment_id: id })
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: 'null' }
}

export async function getAttachment(rq: RouteRequest): Promise<Reply> {
  const id = param(rq, 'attachment')
  const bytes = await rq.app.application.attachments.get.run(rq.ctx, { ...placeOf(rq), id })
  return json({
    attachment_content: { raw: Buffer.from(bytes).toString('base64') },
    attachment_id: id,
  })
}

export async function deleteAttachments(rq: RouteRequest): Promise<Reply> {
  const ids = param(rq, 'attachment').split(',')
  await rq.app.application.attachments.delete.run(rq.ctx, { ...placeOf(rq), ids })
  return empty()
}
