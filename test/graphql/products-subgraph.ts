import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse } from 'graphql'
import type { LoadedSchema } from '../../gateway/server/graphql/schema.ts'

const email = 'support@apollographql.com'
const user = { email, name: 'Jane Smith', totalProductsCreated: 1337, yearsOfEmployment: 10 }

const deprecated = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: user,
}

const research = [
  { study: { caseNumber: '1234', description: 'Federation Study' } },
  { study: { caseNumber: '1235', description: 'Studio Study' } },
]

const dimensions = { size: 'small', weight: 1, unit: 'kg' }
const products = [
  ['apollo-federation', 'federation', '@apollo/federation', 'OSS'],
  ['apollo-studio', 'studio', '', 'platform'],
].map(([id, sku, name, variation], n) => ({
  id,
  sku,
  package: name,
  variation: { id: variation },
  dimensions,
  createdBy: user,
  notes: null,
  research: research.slice(n, n + 1),
}))

interface Key {
  readonly id?: string
  readonly sku?: string
  readonly package?: string
  readonly variation?: { readonly id: string }
}

function productOf(key: Key) {
  return products.find((product) =>
    key.id
      ? product.id === key.id
      : product.sku === key.sku &&
        (key.package
          ? product.package === key.package
          : product.variation.id === key.variation?.id),
  )
}

const isDeprecated = (key: Key) =>
  key.sku === deprecated.sku && key.package === deprecated.package ? deprecated : null

const resolvers = {
  Query: {
    product: (_root: unknown, { id }: Key) => productOf({ id: id ?? '' }),
    deprecatedProduct: (_root: unknown, key: Key) => isDeprecated(key),
  },
  Product: { __resolveReference: productOf },
  DeprecatedProduct: { __resolveReference: isDeprecated },
  ProductResearch: {
    __resolveReference: ({ study }: { study: { caseNumber: string } }) =>
      research.find((one) => one.study.caseNumber === study.caseNumber),
  },
  User: {
    __resolveReference: (key: object) => ({ ...user, ...key }),
    averageProductsCreatedPerYear: (of: {
      totalProductsCreated: number
      yearsOfEmployment: number
    }) => Math.round(of.totalProductsCreated / of.yearsOfEmployment),
  },
  Inventory: {
    __resolveReference: ({ id }: Key) => ({ id, deprecatedProducts: [deprecated] }),
  },
}

/** The subgraph that the compatibility tests ask, for the SDL that they bring. */
export function productsSubgraph(sdl: string): Pick<LoadedSchema, 'schema' | 'sdl'> {
  const typeDefs = parse(sdl)
  return { sdl, schema: buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]) }
}
