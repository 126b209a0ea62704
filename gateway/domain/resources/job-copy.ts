import type { KubeObject } from '../../kube/types.ts'
import { at, textAt } from './kind.ts'

/** Labels that the job controller gives a Job and its pods. */
const OWN_UID = ['controller-uid', 'batch.kubernetes.io/controller-uid']
const OWN_NAME = ['job-name', 'batch.kubernetes.io/job-name']

/** The Job as it was asked for, without what the cluster added. */
export function copyOf(job: KubeObject): KubeObject {
  const {
    resourceVersion: _version,
    uid: _uid,
    creationTimestamp: _created,
    generation: _generation,
    managedFields: _fields,
    deletionTimestamp: _deletion,
    ...metadata
  } = job.metadata
  const { status: _status, ...rest } = job
  const copy = structuredClone({ ...rest, metadata })
  copy.metadata.annotations = {
    ...metadata.annotations,
    revisions: textAt(metadata.annotations, 'revisions').replaceAll('running', 'unfinished'),
  }
  const selected = at(copy, 'spec', 'selector', 'matchLabels')
  const template = at(copy, 'spec', 'template', 'metadata', 'labels')
  for (const key of OWN_UID) {
    drop(selected, key)
    drop(template, key)
  }
  for (const key of OWN_NAME) drop(template, key)
  return copy
}

function drop(labels: unknown, key: string): void {
  if (labels && typeof labels === 'object') delete (labels as Record<string, unknown>)[key]
}
