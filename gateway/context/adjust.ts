import { badRequest } from '../lib/errors.ts'
import { parseQuery } from '../lib/go-url.ts'
import type { RequestView } from './types.ts'

const RAW_QUERY = /^[\x21-\x7e]*$/

/**
 * The request as everything behind the first layer sees it (pipeline.md §5.1). A host cluster that reaches this one
 * through kube-apiserver's service proxy cannot pass `Authorization`, `dryRun` or the query of an upgrade by their own
 * names: `X-KubeSphere-Authorization` fills an empty `Authorization`, `dryrun` becomes `dryRun`, and
 * `X-KubeSphere-Rawquery` fills an empty query. Both headers are gone afterwards. Throws ApiError 400 for a raw query
 * that no request line could carry.
 */
export function adjustView(view: RequestView): RequestView {
  const authorization = text(view.headers['x-kubesphere-authorization'])
  const rawQuery = text(view.headers['x-kubesphere-rawquery'])
  const query = queryOf(view.url)
  const lowerDryRun =
    query.includes('dryrun') && parseQuery(query).some(([key]) => key === 'dryrun')
  if (!authorization && !rawQuery && !lowerDryRun) return view
  const headers = { ...view.headers }
  delete headers['x-kubesphere-authorization']
  delete headers['x-kubesphere-rawquery']
  if (authorization && !text(view.headers.authorization)) headers.authorization = authorization
  let url = view.url
  if (lowerDryRun) url = withQuery(url, query.replace('dryrun', 'dryRun'))
  else if (rawQuery && query === '') {
    if (!RAW_QUERY.test(rawQuery) || rawQuery.includes('#')) {
      throw badRequest('X-KubeSphere-Rawquery is not a query string')
    }
    url = withQuery(url, rawQuery)
  }
  return { ...view, headers, url }
}

function queryOf(url: string): string {
  const question = url.indexOf('?')
  return question < 0 ? '' : url.slice(question + 1)
}

function withQuery(url: string, query: string): string {
  const question = url.indexOf('?')
  return `${question < 0 ? url : url.slice(0, question)}?${query}`
}

function text(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}
