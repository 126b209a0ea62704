import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { readDiscovery } from '../../gateway/kube/discovery-documents.ts'

const verbs = ['get', 'patch', 'update']

/** A client of a server that has these documents, by path. */
function clientOf(documents: Readonly<Record<string, object>>): KubeClient {
  const client: Pick<KubeClient, 'stream'> = {
    stream: async ({ path }) => {
      const text = JSON.stringify(documents[path] ?? { kind: 'APIGroupList', groups: [] })
      return { status: 200, headers: {}, body: Readable.from([Buffer.from(text)]) }
    },
  }
  return client as KubeClient
}

const aggregated = {
  '/apis': {
    kind: 'APIGroupDiscoveryList',
    items: [
      {
        metadata: { name: 'apps' },
        versions: [
          {
            version: 'v1',
            resources: [
              {
                resource: 'deployments',
                responseKind: { kind: 'Deployment' },
                scope: 'Namespaced',
                verbs: ['get'],
                subresources: [
                  { subresource: 'scale', responseKind: { kind: 'Scale' }, verbs },
                  { subresource: 'status', responseKind: { kind: 'Deployment' }, verbs },
                  { subresource: 'rollback', responseKind: { kind: 'Status' }, verbs: ['create'] },
                ],
              },
              {
                resource: 'odds',
                responseKind: { kind: 'Odd' },
                scope: 'Namespaced',
                verbs: ['get'],
                subresources: [{ subresource: 'scale', responseKind: { kind: 'Ladder' }, verbs }],
              },
            ],
          },
        ],
      },
    ],
  },
}

const walked = {
  '/apis': { kind: 'APIGroupList', groups: [{ name: 'apps', versions: [{ version: 'v1' }] }] },
  '/apis/apps/v1': {
    resources: [
      { name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['get'] },
      { name: 'deployments/scale', kind: 'Scale', namespaced: true, verbs },
      { name: 'deployments/status', kind: 'Deployment', namespaced: true, verbs },
      { name: 'deployments/rollback', kind: 'Status', namespaced: true, verbs: ['create'] },
      { name: 'odds', kind: 'Odd', namespaced: true, verbs: ['get'] },
      { name: 'odds/scale', kind: 'Ladder', namespaced: true, verbs },
    ],
  },
}

describe('parts of objects in discovery', () => {
  for (const [how, documents] of Object.entries({ aggregated, walked })) {
    it(`are scales and statuses, where it is ${how}`, async () => {
      const kinds = await readDiscovery(clientOf(documents))
      assert.deepEqual(
        kinds.map(({ kind, subresources }) => [kind, subresources]),
        [
          ['Deployment', { scale: verbs, status: verbs }],
          ['Odd', undefined],
        ],
      )
    })
  }
})
