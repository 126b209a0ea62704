import type { KubeObject } from '../../../kube/types.ts'
import { crd, type CrdKind } from '../crd.ts'
import { applicationKinds } from './applications.ts'
import { extensionKinds } from './extensions.ts'
import { iamKinds } from './iam.ts'
import { marketplaceKinds } from './marketplace.ts'
import { tenancyKinds } from './tenancy.ts'

/** Every kind that the platform defines. */
export const customResourceKinds: readonly CrdKind[] = [
  ...iamKinds,
  ...tenancyKinds,
  ...marketplaceKinds,
  ...extensionKinds,
  ...applicationKinds,
]

/** The 39 CustomResourceDefinitions of the platform (objects-and-controllers.md §1). */
export function customResourceDefinitions(): KubeObject[] {
  return customResourceKinds.map(crd)
}
