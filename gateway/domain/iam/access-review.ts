import { attributes, type Attributes, type Scope, type UserInfo } from '../operation.ts'
import type { AccessOperations, IamDeps } from './index.ts'
import type { AccessReviewSpec } from './types.ts'

/** Asks the authorizer about somebody: iam-oauth.md §19.1. Groups are exactly those of the review. */
export function accessOperations(deps: IamDeps): AccessOperations {
  return {
    review: {
      name: 'iam.access.review',
      needs: () =>
        attributes({
          verb: 'create',
          apiGroup: 'iam.kubesphere.io',
          apiVersion: 'v1beta1',
          resource: 'subjectaccessreviews',
        }),
      run: async (_scope, { spec }) => {
        const verdict = await deps.authorizer.authorize(subject(spec), asked(spec))
        return {
          allowed: verdict.decision === 'Allow',
          ...(verdict.reason ? { reason: verdict.reason } : {}),
        }
      },
    },
  }
}

function subject(spec: AccessReviewSpec): UserInfo {
  return { name: spec.user ?? '', uid: spec.uid ?? '', groups: spec.groups ?? [], extra: {} }
}

function asked(spec: AccessReviewSpec): Attributes {
  const resource = spec.resourceAttributes
  if (resource) {
    const { namespace = '', workspace = '' } = resource
    return attributes({
      verb: resource.verb ?? '',
      apiGroup: resource.group ?? '',
      apiVersion: resource.version ?? '',
      resource: resource.resource ?? '',
      subresource: resource.subresource ?? '',
      name: resource.name ?? '',
      namespace,
      workspace,
      scope: namespace ? 'Namespace' : workspace ? 'Workspace' : scopeOf(resource.resourceScope),
    })
  }
  const { path = '', verb = '' } = spec.nonResourceAttributes ?? {}
  return attributes({ verb, path, resourceRequest: false })
}

function scopeOf(text: string | undefined): Scope {
  return text === 'Global' || text === 'Workspace' || text === 'Namespace' ? text : 'Cluster'
}
