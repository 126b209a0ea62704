import { ApiError, badRequest } from '../../../gateway/lib/errors.ts'
import { json } from '../../wire/json.ts'
import { defineRoutes } from '../registry.ts'
import type { RouteHandler, RouteRequest } from '../registry.ts'

/** Bytes of a whole upload, multipart overhead included. */
const UPLOAD_LIMIT = 2 * 1024 * 1024
const DAY_MS = 24 * 60 * 60 * 1000

const upload: RouteHandler = async (rq) => {
  const file = await formFile(rq, 'image')
  const bytes = new Uint8Array(await file.arrayBuffer())
  return json({ image: await rq.app.platform.images.store(file.name, file.type, bytes) })
}

/** The first file of a multipart form field. Throws ApiError 400. */
async function formFile(rq: RouteRequest, field: string): Promise<File> {
  let form: FormData
  try {
    const body = await rq.bytes(UPLOAD_LIMIT)
    const headers = { 'content-type': rq.req.headers['content-type'] ?? '' }
    form = await new Response(new Uint8Array(body), { headers }).formData()
  } catch (error) {
    const why = error instanceof ApiError ? error.message : 'malformed MIME'
    throw badRequest(`failed to parse multipart form: ${why}`, error)
  }
  const file = form.getAll(field).find((value) => value instanceof File)
  if (!file) throw badRequest('invalid form data')
  return file
}

const download: RouteHandler = async ({ app, params }) => {
  const name = params['file'] ?? ''
  const image = await app.platform.images.get(name)
  if (!image) throw new ApiError(404, 'NotFound', `image ${name} not found`)
  return {
    status: 200,
    headers: {
      'content-type': image.contentType,
      'cache-control': 'public, max-age=86400',
      expires: new Date(app.now() + DAY_MS).toUTCString(),
      // A picture must not run scripts under this server's origin.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    },
    body: image.bytes,
  }
}

/** /static: platform-apis.md §4. */
export const staticRoutes = defineRoutes([
  {
    method: 'POST',
    path: '/static/images',
    operation: 'uploadImage',
    summary: 'Upload a picture for the look of the console',
    tags: ['NonResource APIs'],
    sample: '/static/images',
    consumes: ['multipart/form-data'],
    handler: upload,
  },
  {
    method: 'GET',
    path: '/static/images/{file}',
    operation: 'getImage',
    summary: 'A picture of the look of the console',
    tags: ['NonResource APIs'],
    sample: '/static/images/nope',
    // @NOTE No type is declared, so only an Accept with a full wildcard is served.
    produces: [],
    handler: download,
  },
])
