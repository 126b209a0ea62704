import { empty, json } from '../../wire/index.ts'
import { asStrings, asStruct, asStructs, text, untyped } from '../../wire/typed.ts'
import type { Reply, RouteRequest } from '../registry.ts'
import { always400 } from './errors.ts'

/** By key, each value with the label's id. */
export async function listLabels({ app, ctx }: RouteRequest): Promise<Reply> {
  const labels = await app.cluster.labels.list.run(ctx, {})
  const byKey = Map.groupBy(labels, ({ spec }) => spec.key)
  const shown = [...byKey].map(([key, group]) => [
    key,
    group.map(({ metadata, spec }) => ({ value: spec.value, id: metadata.name ?? '' })),
  ])
  return json(Object.fromEntries(shown))
}

export function createLabels(rq: RouteRequest): Promise<Reply> {
  return always400(async () => {
    const bodies = asStructs(await rq.entity(), 'v1alpha1.CreateLabelRequest') ?? []
    const labels = await rq.app.cluster.labels.create.run(rq.ctx, {
      labels: bodies.map((body) => ({
        key: text(body['key']),
        value: text(body['value']),
        backgroundColor: text(body['backgroundColor']) || undefined,
      })),
    })
    return json(labels.map(untyped))
  })
}

export function deleteLabels(rq: RouteRequest): Promise<Reply> {
  return always400(async () => {
    await rq.app.cluster.labels.delete.run(rq.ctx, { labels: asStrings(await rq.entity()) })
    return empty()
  })
}

/** @NOTE any `action` but unbind counts as none (platform-apis.md §6.5). */
export function updateLabel(rq: RouteRequest): Promise<Reply> {
  const label = rq.params['label'] ?? ''
  return always400(async () => {
    if (rq.query.get('action') === 'unbind') {
      const body = asStruct(await rq.entity(), 'v1alpha1.UnbindClustersRequest')
      const clusters = asStrings(body['clusters'])
      return json(await rq.app.cluster.labels.unbind.run(rq.ctx, { label, clusters }))
    }
    const body = asStruct(await rq.entity(), 'v1alpha1.CreateLabelRequest')
    const args = { label, key: text(body['key']), value: text(body['value']) }
    return json(await rq.app.cluster.labels.update.run(rq.ctx, args))
  })
}

export function bindLabels(rq: RouteRequest): Promise<Reply> {
  return always400(async () => {
    const body = asStruct(await rq.entity(), 'v1alpha1.BindingClustersRequest')
    await rq.app.cluster.labels.bind.run(rq.ctx, {
      labels: asStrings(body['labels']),
      clusters: asStrings(body['clusters']),
    })
    return empty()
  })
}
