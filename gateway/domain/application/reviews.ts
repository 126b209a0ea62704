import { ApiError } from '../../lib/errors.ts'
import type { Operation } from '../operation.ts'
import { storeAttributes, type Place } from './names.ts'
import type { ApplicationVersion } from './types.ts'
import type { VersionOperations } from './versions.ts'

export type ReviewStep = 'submit' | 'withdraw' | 'approve' | 'reject' | 'activate' | 'suspend'

export interface ReviewArgs extends Place {
  readonly app: string
  /** Object name of the version. */
  readonly name: string
  readonly step: ReviewStep
  readonly message?: string | undefined
}

export interface ReviewOperations {
  /** Throws ApiError 404, and 409 for a step that the state of the version does not allow. */
  readonly step: Operation<ReviewArgs, ApplicationVersion>
}

/** From which states a step leads to which: the flow of platform-apis.md §10.5. */
const steps: Readonly<Record<ReviewStep, { from: readonly string[]; to: string }>> = {
  submit: { from: ['draft', 'rejected'], to: 'submitted' },
  withdraw: { from: ['submitted'], to: 'draft' },
  approve: { from: ['submitted'], to: 'passed' },
  reject: { from: ['submitted'], to: 'rejected' },
  activate: { from: ['passed', 'submitted', 'suspended'], to: 'active' },
  suspend: { from: ['active'], to: 'suspended' },
}

/** Reviews of uploaded versions as the steps that people take; who takes one is written down. */
export function reviewOperations(
  versions: Pick<VersionOperations, 'get' | 'act'>,
): ReviewOperations {
  return {
    step: {
      name: 'application.reviews.step',
      needs: (args) => storeAttributes('create', 'apps', args, args.app, 'versions'),
      async run(scope, { step, message = '', ...at }) {
        const { from, to } = steps[step]
        const { state = '' } = (await versions.get.run(scope, at)).status
        if (!from.includes(state)) {
          const why = `version ${at.name} is ${state || 'without a state'}: ${step} needs ${from.join(' or ')}`
          throw new ApiError(409, 'Conflict', why)
        }
        const action = { state: to, message, userName: scope.user.name }
        await versions.act.run(scope, { ...at, action })
        return versions.get.run(scope, at)
      },
    },
  }
}
