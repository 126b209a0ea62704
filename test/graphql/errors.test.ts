import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ApiError, fromStatus, type Reason } from '../../gateway/lib/errors.ts'
import { codeOf } from '../../resolvers/errors.ts'
import { appDouble, ask, serveGraphql, type Face } from './double.ts'

const token = 'good-ann'

const table: [number, Reason, string][] = [
  [400, 'BadRequest', 'BAD_USER_INPUT'],
  [401, 'Unauthorized', 'UNAUTHENTICATED'],
  [403, 'Forbidden', 'FORBIDDEN'],
  [404, 'NotFound', 'NOT_FOUND'],
  [405, 'MethodNotAllowed', 'METHOD_NOT_SUPPORTED'],
  [409, 'AlreadyExists', 'ALREADY_EXISTS'],
  [409, 'Conflict', 'CONFLICT'],
  [410, 'Expired', 'CURSOR_EXPIRED'],
  [413, 'RequestEntityTooLarge', 'BAD_USER_INPUT'],
  [415, 'UnsupportedMediaType', 'UNSUPPORTED_MEDIA_TYPE'],
  [422, 'Invalid', 'INVALID'],
  [429, 'TooManyRequests', 'TOO_MANY_REQUESTS'],
  [500, 'InternalError', 'INTERNAL_SERVER_ERROR'],
  [503, 'ServiceUnavailable', 'UNAVAILABLE'],
  [504, 'Timeout', 'DEADLINE_EXCEEDED'],
  [400, 'ClusterNotFound', 'CLUSTER_NOT_FOUND'],
  [503, 'ClusterNotReady', 'CLUSTER_NOT_READY'],
  [502, 'ClusterUnreachable', 'CLUSTER_UNREACHABLE'],
]

describe('errors', () => {
  let app: ReturnType<typeof appDouble>
  let face: Face
  let broken: unknown
  let hang: AbortSignal | undefined

  before(async () => {
    const get = {
      name: 'users.get',
      needs: () => ({}),
      run: async (scope: { signal: AbortSignal }, { name }: { name: string }) => {
        if (name !== 'hang') throw broken
        hang = scope.signal
        return new Promise((_resolve, reject) => {
          scope.signal.addEventListener('abort', () => {
            reject(new ApiError(504, 'Timeout', 'the cluster did not answer in time'))
          })
        })
      },
    }
    app = appDouble({ iam: { users: { get } } as never })
    face = await serveGraphql(app)
  })
  after(() => face[Symbol.asyncDispose]())

  const failure = async (error: unknown) => {
    broken = error
    const { status, body } = await ask(face.url, '{ user(name: "x") { name } }', { token })
    assert.equal(status, 200)
    assert.deepEqual(body.data, { user: null })
    return body.errors?.[0] ?? assert.fail('no error')
  }

  for (const [code, reason, expected] of table) {
    it(`${reason} is ${expected}`, () => {
      assert.equal(codeOf(new ApiError(code, reason, '')), expected)
    })
  }

  it('carry the Kubernetes Status, its causes and when to try again', async () => {
    const { message, path, extensions } = await failure(
      fromStatus(422, {
        message: 'user is invalid',
        reason: 'Invalid',
        code: 422,
        details: {
          name: 'x',
          causes: [{ field: 'spec.email', message: 'no address', reason: 'FieldValueInvalid' }],
          retryAfterSeconds: 3,
        },
      }),
    )
    assert.equal(message, 'user is invalid')
    assert.deepEqual(path, ['user'])
    assert.equal(extensions['code'], 'INVALID')
    assert.equal(extensions['retryAfter'], 3)
    assert.deepEqual(extensions['causes'], [
      { field: 'spec.email', message: 'no address', reason: 'FieldValueInvalid' },
    ])
    assert.equal((extensions['status'] as { reason: string }).reason, 'Invalid')
  })

  it('of ours say nothing but where to look', async () => {
    for (const error of [
      new TypeError('secret detail'),
      new ApiError(500, 'InternalError', 'secret detail'),
      'secret detail',
    ]) {
      const found = await failure(error)
      assert.equal(found.message, 'internal server error')
      assert.equal(found.extensions['code'], 'INTERNAL_SERVER_ERROR')
      assert.ok(!JSON.stringify(found).includes('secret'))
      assert.match(String(found.extensions['requestId']), /^[0-9a-f-]{36}$/)
    }
  })

  it('of the API server keep its words', async () => {
    const status = { message: 'failed calling webhook', reason: 'InternalError', code: 500 }
    const found = await failure(fromStatus(500, status))
    assert.equal(found.message, 'failed calling webhook')
  })

  it('come when an operation takes too long, and its work is aborted', async () => {
    await using hasty = await serveGraphql(app, { deadlines: { query: 50, mutation: 50 } })
    const { body } = await ask(hasty.url, '{ user(name: "hang") { name } }', { token })
    assert.equal(body.errors?.[0]?.extensions['code'], 'DEADLINE_EXCEEDED')
    assert.equal(hang?.aborted, true)
  })

  it('leave the other fields of a document their data', async () => {
    broken = new ApiError(403, 'Forbidden', 'no')
    const { body } = await ask(face.url, '{ a: user(name: "x") { name } __typename }', { token })
    assert.deepEqual(body.data, { a: null, __typename: 'Query' })
  })
})
