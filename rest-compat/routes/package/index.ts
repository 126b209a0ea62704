import { json } from '../../wire/json.ts'
import { defineRoutes } from '../registry.ts'

const PATH = '/kapis/package.kubesphere.io/v1alpha1/extensionversions/{version}/files'

/** package.kubesphere.io/v1alpha1: platform-apis.md §8. */
export const packageRoutes = defineRoutes([
  {
    method: 'GET',
    path: PATH,
    operation: 'listExtensionVersionFiles',
    summary: 'Files of an extension’s chart',
    tags: ['Extensions'],
    sample: PATH.replace('{version}', 'devops-1.0.0'),
    async handler({ app, ctx, params }) {
      const files = await app.platform.extensionFiles(params['version'] ?? '', ctx.signal)
      return json(
        files.map(({ name, data }) => ({ Name: name, Data: Buffer.from(data).toString('base64') })),
      )
    },
  },
])
