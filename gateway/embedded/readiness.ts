import type { RunningComponent } from './component.ts'
import type { Component } from './external.ts'
import { etcdSocket, type Layout } from './flags.ts'
import { until, untilListening, type Probe } from './probe.ts'

const bootTimeoutMs = 120_000

function nodesReady(count: number) {
  return ({ status, body }: { status: number; body: string }): boolean => {
    if (status !== 200) return false
    const list = JSON.parse(body) as {
      items: { status?: { conditions?: { type: string; status: string }[] } }[]
    }
    const isReady = (item: (typeof list.items)[number]) =>
      item.status?.conditions?.some(
        ({ type, status: value }) => type === 'Ready' && value === 'True',
      )
    return list.items.filter(isReady).length >= count
  }
}

/**
 * Waits until `component` does its work: it listens, answers, has made its first object or reported its nodes. Throws a
 * ComponentError with the end of its log, at once when it ends instead; throws the reason of `signal`.
 */
export async function untilReady(
  component: RunningComponent,
  probe: Probe,
  layout: Layout,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController()
  const options = { timeoutMs: bootTimeoutMs, signal: AbortSignal.any([signal, stop.signal]) }
  const waits: Partial<Record<Component, () => Promise<void>>> = {
    etcd: () => untilListening(etcdSocket(layout), options.signal),
    'kube-apiserver': () => until(probe, '/readyz', ({ status }) => status === 200, options),
    'kube-controller-manager': () =>
      until(
        probe,
        '/api/v1/namespaces/default/serviceaccounts/default',
        ({ status }) => status === 200,
        options,
      ),
    'node-agent': () => until(probe, '/api/v1/nodes', nodesReady(layout.nodes.length), options),
  }
  try {
    const wait = waits[component.name]?.() ?? Promise.resolve()
    await Promise.race([wait, component.failure().then((error) => Promise.reject(error))])
  } catch (error) {
    if (signal.aborted || !component.running) throw error
    throw await component.explain(error instanceof Error ? error.message : 'did not become ready')
  } finally {
    stop.abort()
  }
}
