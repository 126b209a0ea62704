import { useEffect, useState } from 'react'
import { parse } from 'yaml'
import type { Shown } from '../graph/graph.ts'
import { useGraph } from '../graph/hooks.ts'
import { useText } from '../i18n/text.ts'
import { applyDocument, MANAGER, type Applied, type Fetched } from './documents.ts'
import { editToApply, type JsonObject } from './edit.ts'

type Conflicts = Applied['applyResource']['conflicts']

export interface Applying {
  readonly apply: (text: string, how: { dryRun?: boolean; force?: boolean }) => void
  readonly reset: () => void
  readonly busy: boolean
  /** What became of the last apply, in words. */
  readonly outcome: string
  readonly error: Error | undefined
  readonly conflicts: Conflicts
}

interface State {
  readonly busy?: boolean
  readonly outcome?: string
  readonly error?: Error
  readonly conflicts?: Conflicts
}

function readObject(text: string): JsonObject {
  const value: unknown = parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('YAML: an object is expected')
  return value as JsonObject
}

/** Server-side apply of what a text has other than `base`; `done` is called after it was stored. */
export function useApply(cluster: string | undefined, base: Fetched, done: () => void): Applying {
  const graph = useGraph()
  const t = useText()
  const [state, setState] = useState<State>({})
  const [sent, setSent] = useState<Shown>()
  useEffect(() => sent && graph.show(sent), [graph, sent])

  const run = async (text: string, { dryRun = false, force = false }): Promise<State> => {
    const { managedFields } = base.metadata
    const wanted = readObject(text)
    const edit = (from: string) => editToApply(readObject(from), wanted, managedFields, MANAGER)
    const { object, removed } = edit(base.yaml)
    if (!object) return { outcome: t('unchanged') }
    const options = { cluster, fieldManager: MANAGER, dryRun, force }
    const operation = { document: applyDocument, variables: { object, options } }
    setSent(operation)
    const { applyResource: applied } = await graph.ask<Applied>(
      operation.document,
      operation.variables,
    )
    if (applied.conflicts.length > 0) return { conflicts: applied.conflicts }
    const still = new Set(applied.object ? edit(applied.object.yaml).removed : [])
    const stays = removed.filter((path) => still.has(path))
    const words = [
      dryRun ? t('wouldApply') : t('applied'),
      ...(stays.length > 0 ? [t('staysOwned', { fields: stays.join(', ') })] : []),
      ...applied.warnings,
    ]
    if (!dryRun) done()
    return { outcome: words.join(' ') }
  }

  return {
    apply(text, how) {
      setState({ busy: true })
      run(text, how).then(setState, (error: Error) => setState({ error }))
    },
    reset: () => setState({}),
    busy: state.busy ?? false,
    outcome: state.outcome ?? '',
    error: state.error,
    conflicts: state.conflicts ?? [],
  }
}
