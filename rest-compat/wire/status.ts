import { goJson } from '../../gateway/lib/go-json.ts'
import { reasonFor } from '../../gateway/lib/errors.ts'
import type { ApiError, KubeStatus, StatusDetails } from '../../gateway/lib/errors.ts'
import type { Reply } from '../routes/registry.ts'
import { goYaml } from './go-yaml.ts'
import { parseAccept } from './negotiate.ts'
import { PROTOBUF, statusProtobuf } from './status-protobuf.ts'

/** What of a request decides how a Status is written. */
export interface StatusView {
  readonly accept: string | undefined
  readonly userAgent: string
  readonly query: URLSearchParams
}

const TRUE = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const KNOWN_PARAMS = new Set(['pretty', 'charset'])

type Form = { type: 'json' | 'yaml' | 'protobuf'; pretty: boolean }

/**
 * Form A of pipeline.md §3: 401 and 403 of authentication and authorization as `metav1.Status`, in the
 * representation that Accept asks for.
 */
export function statusReply(error: ApiError, view: StatusView): Reply {
  const form = negotiate(view)
  const status = toStatus(error)
  const headers: Record<string, string> = {
    'content-type': form.type === 'protobuf' ? PROTOBUF : `application/${form.type}`,
  }
  if (error.code === 403) headers['x-content-type-options'] = 'nosniff'
  if (form.type === 'protobuf') return { status: error.code, headers, body: statusProtobuf(status) }
  if (form.type === 'yaml') return { status: error.code, headers, body: goYaml(sortKeys(status)) }
  const body = form.pretty ? goJson(status, 2) : `${goJson(status)}\n`
  return { status: error.code, headers, body }
}

/** The Status of an error, keys in Kubernetes' order. */
export function toStatus(error: ApiError): KubeStatus {
  const details = error.details ?? (error.code === 403 ? {} : undefined)
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: error.message,
    reason:
      error.status?.reason ?? (error.reason === 'Unknown' ? reasonFor(error.code) : error.reason),
    ...(details === undefined ? {} : { details: orderDetails(details) }),
    code: error.code,
  }
}

function orderDetails(details: StatusDetails): StatusDetails {
  const { name, group, kind, ...rest } = details
  return {
    ...(name ? { name } : {}),
    ...(group ? { group } : {}),
    ...(kind ? { kind } : {}),
    ...rest,
  }
}

function negotiate(view: StatusView): Form {
  const pretty = prettyByQuery(view)
  const accept = view.accept ?? ''
  if (accept.trim() === '') return { type: 'json', pretty }
  for (const clause of parseAccept(accept)) {
    const params = Object.keys(clause.params)
    if (params.some((name) => !KNOWN_PARAMS.has(name))) continue
    const wish = clause.params['pretty'] === '1' || TRUE.has(clause.params['pretty'] ?? '')
    switch (clause.type) {
      case '*/*':
      case 'application/*':
      case 'application/json':
        return { type: 'json', pretty: pretty || wish }
      case PROTOBUF:
        return { type: 'protobuf', pretty: false }
      case 'application/yaml':
        return { type: 'yaml', pretty: false }
      default:
    }
  }
  return { type: 'json', pretty: true }
}

function prettyByQuery(view: StatusView): boolean {
  const wish = view.query.get('pretty') ?? ''
  if (wish !== '') return TRUE.has(wish)
  return /^(curl|Wget|Mozilla\/5\.0)/.test(view.userAgent)
}

/** YAML goes through a JSON map in the original, so its keys stand sorted. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortKeys(inner)]))
}
