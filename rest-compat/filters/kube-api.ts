import { attributesOf } from '../../gateway/context/index.ts'
import { withoutIdentity } from '../../gateway/domain/extensions/index.ts'
import { answerRedactor } from '../../gateway/domain/passthrough/redact-answer.ts'
import { auditId } from '../../gateway/kube/client.ts'
import { resourceTemplate } from '../../gateway/telemetry/index.ts'
import { encodeQuery, parseQuery } from '../../gateway/lib/go-url.ts'
import type { Exchange, Layer, Outcome } from './exchange.ts'
import { createGuardedWrites } from './kube-guarded-writes.ts'
import { passRedacted } from './kube-redacted.ts'
import { outgoing, proxy } from './proxy.ts'

/**
 * Layer 9 (pipeline.md §15): requests under /api and /apis go to kube-apiserver with this process's credentials, so
 * everything that names a caller stays here. Secrets that the caller may not see do not come back; writes that the platform's own
 * handlers would judge are judged. All else streams untouched.
 */
export function kubeApiLayer(guarded: ReturnType<typeof createGuardedWrites>): Layer {
  return {
    name: 'kube-api',
    async run(x) {
      const { info } = x.ctx
      if (!info.isKubernetesRequest) return undefined
      x.routed(() => resourceTemplate(x.path))
      validate(x)
      const answer = await guarded(x)
      if (answer) return answer
      const redact = await answerRedactor(x.ctx, attributesOf(info))
      return redact ? passRedacted(x, redact) : pass(x)
    },
  }
}

async function pass(x: Exchange): Promise<Outcome> {
  const target = x.app.clusters.hostTarget
  return proxy(x, {
    kind: 'kube',
    target,
    path: outgoing(x.path, x.rawQuery),
    headers: { ...kubeHeaders(x), ...(await target.authHeaders()) },
  })
}

/** The client's headers for kube-apiserver: no credentials, no identity; an id for its audit log where they have none. */
export function kubeHeaders(x: Exchange): Exchange['headers'] {
  const { authorization: _a, cookie: _c, ...rest } = withoutIdentity(x.headers)
  return { ...auditId(), ...rest }
}

/** `experimental.validationDirective` for creates and updates that do not say how strictly they want to be read. */
function validate(x: Exchange): void {
  const directive = x.app.config.experimental.validationDirective
  const { verb } = x.ctx.info
  if (!directive || (verb !== 'create' && verb !== 'update')) return
  const pairs = parseQuery(x.rawQuery)
  if (pairs.some(([key, value]) => key === 'fieldValidation' && value !== '')) return
  x.rawQuery = encodeQuery([...pairs, ['fieldValidation', directive]])
}
