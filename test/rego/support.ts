import { pino } from 'pino'
import { createRego, type Limits, type Rego } from '../../gateway/domain/rego/index.ts'

/** OPA as the server has it, for tests that look at neither its log nor its metrics. */
export function silentRego(limits: Partial<Limits> = {}): Rego {
  return createRego({ log: pino({ level: 'silent' }), metrics: { regoEvaluated() {} }, limits })
}
