import type { RoleTemplate } from '../gateway/domain/iam/index.ts'
import { ROLE_TEMPLATES } from '../gateway/domain/names.ts'
import { everything, objectConnection } from './lists.ts'
import { nameOf } from './metadata.ts'
import { kindOf } from './objects.ts'
import { levels } from './role-place.ts'
import type { Resolvers, RoleLevel } from './types.generated.ts'

const LEVEL = 'iam.kubesphere.io/scope'
const CATEGORY = 'iam.kubesphere.io/category'
const DEPENDENCIES = 'iam.kubesphere.io/dependencies'

export const roleTemplates: Pick<Resolvers, 'Query' | 'RoleTemplate'> = {
  Query: {
    roleTemplates: async (_root, { level, ...args }, context) => {
      const { ctx, app } = context
      const info = await kindOf({ ...context, shown: () => true }, ROLE_TEMPLATES)
      const at = { info, namespace: '', workspace: '', query: everything }
      const page = await ctx.call(app.resources.any.list, at)
      const all = page.items.map(({ object }) => object as RoleTemplate)
      const wanted = level ? all.filter((template) => levelOf(template) === level) : all
      return objectConnection(context, ['roleTemplates', level], wanted, args)
    },
  },
  RoleTemplate: {
    name: nameOf,
    level: levelOf,
    displayName: ({ spec }, { language }) => textIn(spec.displayName, language),
    description: ({ spec }, { language }) => textIn(spec.description, language),
    rules: ({ spec }) => spec.rules ?? [],
    dependencies: ({ metadata }) => namesIn(metadata.annotations?.[DEPENDENCIES]),
    category: ({ metadata }) => metadata.labels?.[CATEGORY] || null,
    labels: ({ metadata }) => metadata.labels ?? {},
  },
}

function levelOf({ metadata }: RoleTemplate): RoleLevel | null {
  const names = Object.keys(levels) as RoleLevel[]
  return names.find((name) => levels[name] === metadata.labels?.[LEVEL]) ?? null
}

function textIn(texts: Record<string, string> | undefined, language: string): string | null {
  return texts?.[language] ?? texts?.['en'] ?? null
}

/** A JSON list of names; none where an administrator wrote something else. */
function namesIn(text: string | undefined): string[] {
  if (!text) return []
  try {
    const names: unknown = JSON.parse(text)
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}
