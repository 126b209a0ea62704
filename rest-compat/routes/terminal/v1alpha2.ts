import type { Duplex } from 'node:stream'
import { acceptSocket, type TerminalTarget } from '../../../gateway/domain/terminal/index.ts'
import { defineRoutes } from '../registry.ts'
import type { Reply, RouteRequest, RouteRow } from '../registry.ts'
import { bridge } from './bridge.ts'
import { callerOf } from './caller.ts'
import { downloadFile, uploadFiles } from './files.ts'
import { handshakeFault } from './handshake.ts'

const BASE = '/kapis/terminal.kubesphere.io/v1alpha2'
const POD = `${BASE}/namespaces/{namespace}/pods/{pod}`
const POD_SAMPLE = `${BASE}/namespaces/alpha-prod/pods/web-0`
const TAGS = ['Terminal']
const CONTAINER = { name: 'container', description: 'Container; the default one without it' }

type TargetOf = (rq: RouteRequest) => TerminalTarget

/** Without an upgrade only the errors are left, the right to exec judged first. */
function refuse(targetOf: TargetOf): RouteRow['handler'] {
  return async (rq) => {
    await rq.app.terminal.authorize(callerOf(rq.ctx, rq.req.headers), targetOf(rq))
    return (
      handshakeFault(rq.req.headers) ?? {
        status: 400,
        headers: { 'content-type': 'text/plain; charset=utf-8', 'sec-websocket-version': '13' },
        body: 'Bad Request\n',
      }
    )
  }
}

function serve(targetOf: TargetOf) {
  return async (rq: RouteRequest, socket: Duplex, head: Buffer): Promise<Reply | void> => {
    const caller = callerOf(rq.ctx, rq.req.headers)
    const target = targetOf(rq)
    await rq.app.terminal.authorize(caller, target)
    const fault = handshakeFault(rq.req.headers)
    if (fault) return fault
    const session = await rq.app.terminal.open(caller, target)
    try {
      const client = await acceptSocket(rq.req, socket, head)
      if (client) await bridge(session, client, target.kind !== 'pod')
    } finally {
      session.close()
    }
  }
}

function terminal(
  row: Omit<RouteRow, 'handler' | 'upgrade' | 'method' | 'tags'>,
  of: TargetOf,
): RouteRow {
  return { ...row, method: 'GET', tags: TAGS, handler: refuse(of), upgrade: serve(of) }
}

/** terminal.kubesphere.io/v1alpha2: platform-apis.md §9. */
export const terminalRoutes = defineRoutes([
  terminal(
    {
      path: `${POD}/exec`,
      operation: 'createPodExec',
      summary: 'A shell in a container, over a websocket',
      sample: `${POD_SAMPLE}/exec`,
      query: [CONTAINER, { name: 'shell', description: '`bash` or `sh`; both in turn without it' }],
    },
    ({ params, query }) => ({
      kind: 'pod',
      namespace: params['namespace'] ?? '',
      pod: params['pod'] ?? '',
      container: query.get('container') ?? '',
      shell: query.get('shell') ?? '',
    }),
  ),
  terminal(
    {
      path: `${BASE}/users/{user}/kubectl`,
      operation: 'createUserKubectl',
      summary: "A shell in the caller's own kubectl pod, over a websocket",
      sample: `${BASE}/users/admin/kubectl`,
    },
    // @NOTE the user of the path is not looked at: everybody gets their own.
    () => ({ kind: 'kubectl' }),
  ),
  terminal(
    {
      path: `${BASE}/nodes/{nodename}/exec`,
      operation: 'createNodeExec',
      summary: 'A shell in a privileged pod on a node, over a websocket',
      sample: `${BASE}/nodes/node-0/exec`,
    },
    ({ params }) => ({ kind: 'node', node: params['nodename'] ?? '' }),
  ),
  {
    method: 'POST',
    path: `${POD}/file`,
    operation: 'uploadPodFile',
    summary: 'Upload files into a folder of a container',
    tags: TAGS,
    sample: `${POD_SAMPLE}/file?path=/tmp`,
    consumes: ['multipart/form-data'],
    query: [CONTAINER, { name: 'path', description: 'Folder; `/` without it' }],
    handler: uploadFiles,
  },
  {
    method: 'GET',
    path: `${POD}/file`,
    operation: 'downloadPodFile',
    summary: 'Download a file or folder of a container as a tar archive',
    tags: TAGS,
    sample: `${POD_SAMPLE}/file?path=/tmp`,
    consumes: ['multipart/form-data'],
    query: [CONTAINER, { name: 'path', description: 'File or folder' }],
    handler: downloadFile,
  },
])
