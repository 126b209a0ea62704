import type { KubeObject } from '../../kube/types.ts'
import { WORKSPACE_LABEL } from '../names.ts'
import {
  ALIAS,
  APP_CATEGORY,
  APP_ID,
  APP_TYPE,
  DESCRIPTION,
  GROUP,
  HAS_CRD,
  MAINTAINERS,
  ORIGINAL_NAME,
  REPO_NAME,
  SYSTEM_WORKSPACE,
  UNCATEGORIZED,
  UPLOAD,
  versionId,
} from './names.ts'
import type { AppRequest } from './types.ts'

/** Objects as they are written, by upload and out of repositories: platform-apis.md §10.4, §10.5. */

const FINALIZER = 'application.kubesphere.io/cleanup'

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

/** State of what was just uploaded, or came out of a repository. */
export function firstState(repoName: string): string {
  return repoName === UPLOAD ? 'draft' : 'active'
}

/** The application of a request; `workspace` empty for none. */
export function appObject(request: AppRequest, workspace: string) {
  return {
    apiVersion: `${GROUP}/v2`,
    kind: 'Application',
    metadata: {
      name: request.appName,
      labels: {
        [REPO_NAME]: request.repoName,
        [APP_TYPE]: request.appType,
        [HAS_CRD]: String(request.hasCrd),
        [APP_CATEGORY]: request.categoryName || UNCATEGORIZED,
        ...(workspace ? { [WORKSPACE_LABEL]: workspace } : {}),
      },
      annotations: {
        [ALIAS]: request.aliasName,
        [DESCRIPTION]: request.description,
        [ORIGINAL_NAME]: request.originalName,
        [MAINTAINERS]: request.maintainers[0]?.name ?? '',
      },
    },
    spec: {
      appHome: request.appHome,
      appType: request.appType,
      icon: request.icon,
      abstraction: request.abstraction,
      attachments: request.attachments,
      ...(request.resources ? { resources: request.resources } : {}),
    },
  }
}

/** The version of a request, owned by its application; written at `now` (epoch milliseconds). */
export function versionObject(
  now: number,
  app: KubeObject,
  request: AppRequest,
  workspace: string,
): KubeObject {
  return {
    apiVersion: `${GROUP}/v2`,
    kind: 'ApplicationVersion',
    metadata: {
      name: versionId(request.appName, request.versionName),
      finalizers: [FINALIZER],
      ownerReferences: [
        {
          apiVersion: `${GROUP}/v2`,
          kind: 'Application',
          name: request.appName,
          uid: app.metadata.uid ?? '',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      labels: {
        [REPO_NAME]: request.repoName,
        [APP_ID]: request.appName,
        [APP_TYPE]: request.appType,
        [WORKSPACE_LABEL]: workspace || SYSTEM_WORKSPACE,
      },
      annotations: {
        [ALIAS]: request.aliasName,
        [DESCRIPTION]: request.description,
        [MAINTAINERS]: request.maintainers[0]?.name ?? '',
      },
    },
    spec: {
      versionName: request.versionName,
      appHome: request.appHome,
      icon: request.icon,
      created: timestamp(now),
      digest: request.digest,
      appType: request.appType,
      maintainer: request.maintainers,
      pullUrl: request.pullUrl,
    },
  }
}
