import assert from 'node:assert/strict'
import { test } from 'node:test'
import { externalEffects } from '../../gateway/domain/effects.ts'
import { createResources } from '../../gateway/domain/resources/index.ts'
import type { KubeObject } from '../../gateway/kube/types.ts'
import { face } from './support.ts'

const BASE = '/kapis/workloadtemplate.kubesphere.io/v1alpha1'

const secret = (name: string, labels: Record<string, string>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace: 'a', uid: name, resourceVersion: '1', labels, managedFields: [] },
  data: { key: 'c2VjcmV0' },
})

const objects = {
  secrets: [
    secret('template', { 'workloadtemplate.kubesphere.io': 'true' }),
    secret('other', { app: 'x' }),
  ],
}

async function call(method: string, path: string, body?: string, type = 'application/json') {
  const resources = createResources({ effects: externalEffects })
  await using app = await face({ objects, allow: () => true, app: { resources } })
  const response = await fetch(app.url + BASE + path, {
    method,
    headers: {
      authorization: 'Bearer carol',
      ...(body === undefined ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body }),
  })
  return { status: response.status, text: await response.text() }
}

test('hole 28: a Secret that is no workload template cannot be read, replaced or deleted as one', async () => {
  for (const [method, body, what = 'Secret'] of [
    ['GET', undefined],
    ['PUT', JSON.stringify({ metadata: { name: 'other' }, stringData: { key: 'mine' } })],
    ['DELETE', undefined, 'secrets'],
  ] as const) {
    const { status, text } = await call(method, '/namespaces/a/workloadtemplates/other', body)
    assert.deepEqual([status, text], [404, `${what} "other" not found\n`], method)
  }
  const list = await call('GET', '/workloadtemplates')
  assert.match(list.text, /"template"/)
  assert.doesNotMatch(list.text, /"other"|managedFields/)
})

test('a list of templates that a filter empties prints null for its items, an empty page does not', async () => {
  const empty = await call('GET', '/namespaces/a/workloadtemplates?name=nothing')
  assert.deepEqual(JSON.parse(empty.text), { items: null, totalItems: 0 })
  const none = await call('GET', '/namespaces/none/workloadtemplates')
  assert.deepEqual(JSON.parse(none.text), { items: [], totalItems: 0 })
})

test('a body that is no JSON is a 500, one of another type a 400, a taken name a 409', async () => {
  const path = '/namespaces/a/workloadtemplates'
  assert.deepEqual(await call('POST', path, '{'), { status: 500, text: 'unexpected EOF\n' })
  assert.deepEqual(await call('POST', path, 'x', 'text/plain'), {
    status: 400,
    text: '[ServiceError:400] Unable to unmarshal content of type:text/plain\n',
  })
  assert.deepEqual(await call('POST', path, '{"metadata":{"name":"other"}}'), {
    status: 409,
    text: 'workloadtemplate other already exists\n',
  })
  const elsewhere = await call('PUT', `${path}/template`, '{"metadata":{"name":"other"}}')
  assert.equal(elsewhere.status, 400)
})
