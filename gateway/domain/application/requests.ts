import { ApiError } from '../../lib/errors.ts'
import { chartResources, manifestObjects, readChart } from './charts.ts'
import { newAppName, UPLOAD } from './names.ts'
import type { StoreDeps } from './stored.ts'
import type { AppRequest, AppSummary } from './types.ts'

/**
 * A request with what its chart says where it says nothing itself (platform-apis.md §10.4); other packages are only
 * checked. With `resources` the kinds that the chart brings along are collected, too. Throws ApiError 400 for a package
 * that cannot be read, 422 for one that is missing.
 */
export async function completed(
  { yaml }: Pick<StoreDeps, 'yaml'>,
  request: AppRequest,
  resources: boolean,
): Promise<AppRequest> {
  if (request.appType !== 'helm') {
    await manifestObjects(yaml, request.package)
    return request
  }
  if (request.package.length === 0) throw new ApiError(422, 'Invalid', 'package is empty')
  const chart = await readChart(yaml, request.package)
  const description = request.description || chart.description
  return {
    ...request,
    appName: request.appName || newAppName(chart.name),
    originalName: request.originalName || chart.name,
    aliasName: request.aliasName || chart.name,
    appHome: request.appHome || chart.home,
    icon: request.icon || chart.icon,
    versionName: request.versionName || chart.version,
    maintainers: request.maintainers.length > 0 ? request.maintainers : chart.maintainers,
    repoName: request.repoName || UPLOAD,
    description,
    abstraction: request.abstraction || description,
    resources: resources ? await chartResources(yaml, chart) : request.resources,
  }
}

export function summary(request: AppRequest): AppSummary {
  const { aliasName, appHome, appName, description, icon, versionName } = request
  const resources = request.resources?.length ? request.resources : null
  return { aliasName, appHome, appName, description, icon, resources, versionName }
}
