import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  editToApply,
  type JsonObject,
  type ManagedFields,
} from '../../gateway/server/explorer/client/object/edit.ts'

const me = 'editor'

const container = { name: 'web', image: 'nginx:1', env: [{ name: 'A', value: '1' }] }

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', uid: '1', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    template: { spec: { containers: [container, { name: 'side', image: 'busybox' }] } },
  },
} satisfies JsonObject

const byName = (name: string, fields: JsonObject): JsonObject => ({
  [`k:${JSON.stringify({ name })}`]: { '.': {}, ...fields },
})

function managed(manager: string, operation: string, fieldsV1: JsonObject): ManagedFields {
  return { manager, operation, subresource: null, fieldsV1 }
}

const others = managed('kubectl', 'Update', {
  'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
  'f:spec': {
    'f:replicas': {},
    'f:template': {
      'f:spec': {
        'f:containers': {
          ...byName('web', { 'f:image': {}, 'f:env': byName('A', { 'f:value': {} }) }),
          ...byName('side', { 'f:image': {} }),
        },
      },
    },
  },
})

const identity = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
}

/** The deployment with other containers. */
const containing = (...containers: JsonObject[]): JsonObject => ({
  ...deployment,
  spec: { ...deployment.spec, template: { spec: { containers } } },
})

describe('an edited text as what is applied', () => {
  it('is nothing where nothing changed', () => {
    assert.equal(editToApply(deployment, deployment, [others], me).object, undefined)
    const served = { ...deployment, metadata: { ...deployment.metadata, uid: '2' } }
    assert.equal(editToApply(deployment, served, [others], me).object, undefined)
  })

  it('is only what changed', () => {
    const after = { ...deployment, spec: { ...deployment.spec, replicas: 5 } }
    assert.deepEqual(editToApply(deployment, after, [others], me), {
      object: { ...identity, spec: { replicas: 5 } },
      removed: [],
    })
  })

  it('names an item of a merged list by its keys, and leaves its neighbours alone', () => {
    const after = containing(
      { ...container, env: [{ name: 'A', value: '2' }] },
      { name: 'side', image: 'busybox' },
    )
    assert.deepEqual(editToApply(deployment, after, [others], me).object, {
      ...identity,
      spec: {
        template: { spec: { containers: [{ name: 'web', env: [{ name: 'A', value: '2' }] }] } },
      },
    })
  })

  it('adds an item whole, and a list that nobody manages as a whole', () => {
    const added = { name: 'new', image: 'redis', args: ['a', 'b'] }
    const after = containing(container, { name: 'side', image: 'busybox', args: ['c'] }, added)
    assert.deepEqual(editToApply(deployment, after, [others], me).object, {
      ...identity,
      spec: { template: { spec: { containers: [{ name: 'side', args: ['c'] }, added] } } },
    })
  })

  it('tells what the text no longer has', () => {
    const { labels: _, ...metadata } = deployment.metadata
    const after = { ...containing(container), metadata }
    const { removed } = editToApply(deployment, after, [others], me)
    assert.deepEqual(removed.toSorted(), [
      'metadata.labels',
      'spec.template.spec.containers[["side"]]',
    ])
  })

  it('holds on to what the editor applied before, but for what is gone from the text', () => {
    const mine = managed(me, 'Apply', {
      'f:metadata': { 'f:labels': { 'f:app': {} } },
      'f:spec': { 'f:replicas': {} },
    })
    const after = { ...deployment, spec: { ...deployment.spec, paused: true } }
    assert.deepEqual(editToApply(deployment, after, [others, mine], me).object, {
      ...identity,
      metadata: { ...identity.metadata, labels: { app: 'web' } },
      spec: { replicas: 2, paused: true },
    })
    const { replicas: _, ...spec } = deployment.spec
    const without = editToApply(deployment, { ...deployment, spec }, [others, mine], me)
    assert.deepEqual(without, {
      object: { ...identity, metadata: { ...identity.metadata, labels: { app: 'web' } } },
      removed: ['spec.replicas'],
    })
  })
})
