import type { KubeObject } from '../../kube/types.ts'

const NAME = 'ks-facade-release-creator'
const CREATOR = `'kubesphere.io/creator'`
const annotation = (of: string): string =>
  `has(${of}.metadata.annotations) && ${CREATOR} in ${of}.metadata.annotations ? ` +
  `${of}.metadata.annotations[${CREATOR}] : ''`

/**
 * Application releases are installed with the rights of the account that they name as their creator: whoever writes one
 * with a kubeconfig of their own names themselves, or changes nothing of what is installed (Kubernetes documentation,
 * "Validating Admission Policy"). The platform itself has judged already.
 */
export function releaseGuard(): KubeObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1'
  const rule = {
    apiGroups: ['application.kubesphere.io'],
    apiVersions: ['*'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['applicationreleases'],
  }
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: NAME },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules: [rule] },
        matchConditions: [
          {
            name: 'not-the-platform',
            expression: `!('system:masters' in request.userInfo.groups)`,
          },
        ],
        variables: [
          { name: 'creator', expression: annotation('object') },
          {
            name: 'same',
            expression:
              `request.operation == 'UPDATE' && object.spec == oldObject.spec && ` +
              `object.metadata.?labels == oldObject.metadata.?labels && ` +
              `variables.creator == (${annotation('oldObject')})`,
          },
        ],
        validations: [
          {
            expression: 'variables.same || variables.creator == request.userInfo.username',
            message: `a release is written by the account that its annotation kubesphere.io/creator names`,
            reason: 'Forbidden',
          },
        ],
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: NAME },
      spec: { policyName: NAME, validationActions: ['Deny'] },
    },
  ]
}
