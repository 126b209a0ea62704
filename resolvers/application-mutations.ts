import type { AppRequest, Place } from '../gateway/domain/application/index.ts'
import { resourcesOf } from './applications.ts'
import { inputError } from './errors.ts'
import { applicationAt, removal, storePlace } from './store-reads.ts'
import type { GraphqlContext } from './context.ts'
import type {
  Resolvers,
  UploadApplicationInput,
  UploadVersionInput,
  VersionStep,
} from './types.generated.ts'

/** Bytes of a package in a document: with its base64 it must fit into a request of 4 MiB. */
const LARGEST = 2 * 1024 * 1024
/** Repository of what somebody uploads. */
const UPLOAD = 'upload'

const steps = {
  SUBMIT: 'submit',
  WITHDRAW: 'withdraw',
  APPROVE: 'approve',
  REJECT: 'reject',
  ACTIVATE: 'activate',
  SUSPEND: 'suspend',
} as const satisfies Record<VersionStep, string>

function packageOf(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length > LARGEST) throw inputError(`a package has at most ${LARGEST} bytes here`)
  return bytes
}

function requestOf(
  input: UploadVersionInput | UploadApplicationInput,
  of: Pick<AppRequest, 'appName' | 'categoryName' | 'abstraction'>,
): AppRequest {
  return {
    ...of,
    repoName: UPLOAD,
    originalName: '',
    aliasName: input.displayName ?? '',
    versionName: input.version ?? '',
    appHome: input.home ?? '',
    icon: input.icon ?? '',
    digest: '',
    workspace: input.workspace ?? '',
    description: input.description ?? '',
    appType: input.type ?? 'helm',
    package: packageOf(input.package),
    pullUrl: '',
    maintainers: [],
    attachments: [],
    hasCrd: false,
    resources: null,
  }
}

function uploadArgs(input: UploadApplicationInput, validate: boolean) {
  const request = requestOf(input, {
    appName: input.name ?? '',
    categoryName: input.category ?? '',
    abstraction: input.abstraction ?? '',
  })
  if (request.appType !== 'helm') demandNames(request)
  return { ...storePlace(input), request, validate }
}

/** Plain objects say nothing of themselves. */
function demandNames({ appName, versionName }: AppRequest): void {
  if (!appName) throw inputError('"name" is needed: plain objects have none of their own')
  if (!versionName) throw inputError('"version" is needed: plain objects have none of their own')
}

async function versionNamed(context: GraphqlContext, app: string, version: string, at: Place) {
  const { ctx } = context
  const query = { filters: {} }
  const { items } = await ctx.call(context.app.application.versions.list, { ...at, app, query })
  const object = items.find(({ spec }) => spec.versionName === version)
  return object ? { at, object } : null
}

export const applicationMutations: Pick<Resolvers, 'Mutation'> = {
  Mutation: {
    previewApplication: async (_root, { input }, { ctx, app }) => {
      const told = await ctx.call(app.application.apps.create, uploadArgs(input, true))
      return {
        name: told.appName,
        displayName: told.aliasName,
        description: told.description,
        home: told.appHome,
        icon: told.icon,
        version: told.versionName,
        resources: resourcesOf(told.resources),
        clientMutationId: input.clientMutationId ?? null,
      }
    },
    uploadApplication: async (_root, { input }, context) => {
      const { ctx, app } = context
      const at = storePlace(input)
      const told = await ctx.call(app.application.apps.create, uploadArgs(input, false))
      return {
        application: await applicationAt(context, told.appName, at),
        version: await versionNamed(context, told.appName, told.versionName, at),
        clientMutationId: input.clientMutationId ?? null,
      }
    },
    updateApplication: async (_root, { input }, { ctx, app }) => {
      const at = storePlace(input)
      const { name, displayName, description, abstraction, category, home, icon } = input
      const change = {
        categoryName: category ?? undefined,
        icon: icon ?? undefined,
        description: description ?? undefined,
        aliasName: displayName ?? undefined,
        attachments: input.attachments ?? undefined,
        abstraction: abstraction ?? undefined,
        appHome: home ?? undefined,
      }
      const object = await ctx.call(app.application.apps.update, { ...at, name, change })
      return { application: { at, object }, clientMutationId: input.clientMutationId ?? null }
    },
    activateApplication: (_root, { input }, context) => act(context, input, 'active'),
    suspendApplication: (_root, { input }, context) => act(context, input, 'suspended'),
    deleteApplication: async (_root, { input }, context) => {
      const { ctx, app } = context
      await ctx.call(app.application.apps.delete, { ...storePlace(input), name: input.name })
      return removal(context, 'Application', input)
    },
    uploadApplicationVersion: (_root, { input }, context) => write(context, input, 'create'),
    replaceApplicationVersion: (_root, { input }, context) => write(context, input, 'replace'),
    reviewApplicationVersion: async (_root, { input }, { ctx, app }) => {
      const at = storePlace(input)
      const { application, name, step, message, clientMutationId = null } = input
      const object = await ctx.call(app.application.reviews.step, {
        ...at,
        app: application,
        name,
        step: steps[step],
        message: message ?? undefined,
      })
      return { version: { at, object }, clientMutationId }
    },
    deleteApplicationVersion: async (_root, { input }, context) => {
      const { ctx, app } = context
      const { application, name } = input
      const of = { ...storePlace(input), app: application, name }
      await ctx.call(app.application.versions.delete, of)
      return removal(context, 'ApplicationVersion', input)
    },
  },
}

async function act(
  context: GraphqlContext,
  input: { name: string; workspace?: string | null; clientMutationId?: string | null },
  state: 'active' | 'suspended',
) {
  const { ctx, app } = context
  const { name, clientMutationId = null } = input
  await ctx.call(app.application.apps.act, { name, state })
  return { application: await applicationAt(context, name, storePlace(input)), clientMutationId }
}

async function write(
  context: GraphqlContext,
  input: UploadVersionInput,
  how: 'create' | 'replace',
) {
  const { ctx, app } = context
  const { application, clientMutationId = null } = input
  const at = storePlace(input)
  const request = requestOf(input, { appName: application, categoryName: '', abstraction: '' })
  if (request.appType !== 'helm') demandNames(request)
  const args = { ...at, app: application, request, validate: false }
  const { versionName } =
    how === 'create'
      ? await ctx.call(app.application.versions.create, args)
      : await ctx.call(app.application.versions.replace, { ...args, name: '' })
  return { version: await versionNamed(context, application, versionName, at), clientMutationId }
}
