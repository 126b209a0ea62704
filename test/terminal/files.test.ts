import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { ask, bearer } from '../e2e/http.ts'
import { untilGone } from '../embedded/processes.ts'
import { eventually, startStage, TERMINAL, type Stage } from './stage.ts'

const run = promisify(execFile)
const FILE = `${TERMINAL}/namespaces/default/pods/box/file`
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe('files of a pod', () => {
  let stage: Stage
  /** A folder that the processes of pods see, since they are processes of this machine. */
  let folder: string
  /** Where the server keeps what comes until it is whole. */
  let spool: string | undefined
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ks-facade-files-'))
    stage = await startStage()
    await stage.pod('box')
    // Of this server alone: other suites upload at the same time.
    spool = await mkdtemp(join(tmpdir(), 'ks-facade-spool-'))
    process.env['TMPDIR'] = spool
  })
  after(async () => {
    await stage?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
    if (spool) await rm(spool, { recursive: true, force: true })
  })

  const query = (path: string, more = '') => `?path=${encodeURIComponent(path)}${more}`
  const upload = (body: FormData, path = folder, token = stage.admin) =>
    ask(`${stage.url}${FILE}${query(path)}`, { method: 'POST', body, headers: bearer(token) })
  const download = (path: string, token = stage.admin) =>
    fetch(`${stage.url}${FILE}${query(path)}`, { headers: bearer(token) })
  const form = (files: Record<string, [Uint8Array<ArrayBuffer>, string]>) => {
    const data = new FormData()
    for (const [field, [bytes, name]] of Object.entries(files)) {
      data.append(field, new Blob([bytes]), name)
    }
    return data
  }
  const spools = async () => (await readdir(spool ?? '')).length

  it('come back as they were sent, byte for byte, however long their names', async () => {
    const big = new Uint8Array(randomBytes(19_000_000))
    const small = new TextEncoder().encode('\r\n--x\r\n')
    const odd = `${'ä'.repeat(60)} "quoted".bin`
    const answer = await upload(
      form({ a: [big, 'big.bin'], b: [small, odd], c: [small, 'x/../e'] }),
    )
    assert.deepEqual([answer.status, answer.text], [200, ''])
    await eventually(async () => (await spools()) === 0)
    assert.equal(sha(await readFile(join(folder, 'big.bin'))), sha(big))
    assert.equal(sha(await readFile(join(folder, 'e'))), sha(small))
    assert.equal((await stat(join(folder, 'big.bin'))).mode & 0o777, 0o600)
    assert.equal((await readdir(folder)).filter((name) => name.startsWith('ää')).length, 1)

    const got = await download(join(folder, 'big.bin'))
    assert.equal(got.status, 200)
    assert.equal(got.headers.get('content-type'), 'application/octet-stream')
    assert.equal(got.headers.get('content-disposition'), 'attachment; filename=big.bin.tar')
    const tar = new Uint8Array(await got.arrayBuffer())
    assert.equal(got.headers.get('content-length'), String(tar.length))
    assert.equal(sha(await unpacked(tar, 'big.bin')), sha(big))
  })

  it('come back as folders', async () => {
    const inner = join(folder, 'tree', 'n'.repeat(120), 'o'.repeat(120))
    await mkdir(inner, { recursive: true })
    await writeFile(join(inner, 'leaf'), 'green')
    await symlink('leaf', join(inner, 'link'))
    const got = await download(join(folder, 'tree'))
    assert.equal(got.headers.get('content-length'), null)
    const leaf = join('tree', 'n'.repeat(120), 'o'.repeat(120), 'leaf')
    assert.equal(
      (await unpacked(new Uint8Array(await got.arrayBuffer()), leaf)).toString(),
      'green',
    )
  })

  it('are named by one path, which no shell reads', async () => {
    const marker = join(folder, 'injected')
    const got = await download(`${folder}/none; touch ${marker}`)
    assert.equal(got.status, 404)
    assert.match(await got.text(), /No such file or directory/)
    await assert.rejects(stat(marker))
    const option = await download('--checkpoint-action=exec=touch')
    assert.equal(option.status, 404)
  })

  it('are refused beyond the limit, and leave nothing on the disk of the server', async () => {
    const much = new Uint8Array(21 * 1024 * 1024)
    const declared = await upload(form({ a: [much, 'much'] })).catch(() => undefined)
    assert.ok(declared === undefined || declared.status === 413, String(declared?.status))
    const chunked = form({ a: [much, 'much'] })
    const request = new Request('http://x/', { method: 'POST', body: chunked })
    const streamed = await fetch(`${stage.url}${FILE}${query(folder)}`, {
      method: 'POST',
      headers: {
        ...bearer(stage.admin),
        'content-type': request.headers.get('content-type') ?? '',
      },
      body: request.body,
      duplex: 'half',
    }).catch(() => undefined)
    assert.ok(streamed === undefined || streamed.status === 413, String(streamed?.status))
    await assert.rejects(stat(join(folder, 'much')))
    await eventually(async () => (await spools()) === 0)
  })

  it('have the errors of the original', async () => {
    const json = await ask(`${stage.url}${FILE}${query('/')}`, {
      headers: { ...bearer(stage.admin), 'content-type': 'application/json' },
    })
    assert.equal(json.status, 415)
    const post = await ask(`${stage.url}${FILE}`, {
      method: 'POST',
      body: '{}',
      headers: { ...bearer(stage.admin), 'content-type': 'application/json' },
    })
    assert.equal(post.status, 415)
    const broken = await ask(`${stage.url}${FILE}${query(folder)}`, {
      method: 'POST',
      body: '--b\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\ncut',
      headers: { ...bearer(stage.admin), 'content-type': 'multipart/form-data; boundary=b' },
    })
    assert.deepEqual([broken.status, broken.text], [500, 'multipart: NextPart: EOF\n'])
    const missing = await ask(`${stage.url}${FILE.replace('box', 'nope')}${query('/x')}`, {
      headers: bearer(stage.admin),
    })
    assert.deepEqual(
      [missing.status, missing.text],
      [500, 'strconv.ParseUint: parsing "": invalid syntax\n'],
    )
    const much = new Uint8Array(10_000_000)
    const nowhere = await upload(form({ a: [much, 'f'] }), join(folder, 'not-there'))
    assert.equal(nowhere.status, 404)
    assert.match(nowhere.text, /not-there: Cannot open/)
    const bad = await upload(form({ a: [new Uint8Array(3), '..'] }))
    assert.equal(bad.status, 500)
  })

  it('need the right to exec', async () => {
    const token = await stage.member('filer')
    assert.equal((await upload(form({ a: [new Uint8Array(3), 'ok'] }), folder, token)).status, 200)
    const gvr = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'roles' }
    const patch = [{ op: 'remove', path: '/rules/0' }]
    await stage.kube.patch(gvr, 'filer', patch, { namespace: 'default', type: 'json' })
    assert.equal((await upload(form({ a: [new Uint8Array(3), 'no'] }), folder, token)).status, 403)
    assert.equal((await download(join(folder, 'ok'), token)).status, 403)
    await assert.rejects(stat(join(folder, 'no')))
  })

  it('stop being read when the client goes away', async () => {
    const abort = new AbortController()
    await run('mkfifo', [join(folder, 'fifo')])
    const dir = join(folder, 'slow')
    await mkdir(dir)
    await writeFile(join(dir, 'zeros'), new Uint8Array(50_000_000))
    const got = await fetch(`${stage.url}${FILE}${query(dir)}`, {
      headers: bearer(stage.admin),
      signal: abort.signal,
    })
    const reader = got.body?.getReader()
    await reader?.read()
    abort.abort()
    await assert.rejects(async () => {
      for (;;) if ((await reader?.read())?.done) return
    })
    await untilGone(`tar\0cf\0-\0--\0${dir}`)
  })

  async function unpacked(tar: Uint8Array, name: string): Promise<Buffer> {
    const place = await mkdtemp(join(folder, 'out-'))
    await writeFile(join(place, 'a.tar'), tar)
    await run('tar', ['xf', 'a.tar'], { cwd: place })
    return readFile(join(place, folder, name))
  }
})
