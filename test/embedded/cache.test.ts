import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { ensureBinary } from '../../gateway/embedded/index.ts'
import { cached, cachedOrBuilt, cacheKey, sourceDir } from '../../gateway/embedded/cache.ts'
import { acquireLock, LockedError } from '../../gateway/embedded/lock.ts'

const key = 'plane-0123456789abcdef'

async function folder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ks-facade-test-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  return dir
}

function io(lines: string[] = [], signal = new AbortController().signal) {
  return { onProgress: (line: string) => lines.push(line), signal }
}

/** A builder that writes `text`, and counts how often it ran. */
function builder(text = 'the binary') {
  const build = Object.assign(
    async (target: string) => {
      build.runs++
      await new Promise(setImmediate)
      await writeFile(target, text)
    },
    { runs: 0 },
  )
  return build
}

test('a binary is built once and then taken from the cache', async (t) => {
  const dir = await folder(t)
  const build = builder()
  const first = await cachedOrBuilt(dir, key, build, io())
  assert.equal(await readFile(first, 'utf8'), 'the binary')
  assert.equal(await cachedOrBuilt(dir, key, build, io()), first)
  assert.equal(build.runs, 1)
})

test('two starts at once build once: the second says that it waits, and gets the same file', async (t) => {
  const dir = await folder(t)
  const build = builder()
  const lines: string[] = []
  const files = await Promise.all([1, 2, 3].map(() => cachedOrBuilt(dir, key, build, io(lines))))
  assert.equal(new Set(files).size, 1)
  assert.equal(build.runs, 1)
  assert.match(lines.join(), /is building the control plane: waiting/)
  assert.deepEqual(await readdir(dir), [key])
})

test('a binary that is cut off, or that lacks its checksum, is never used but built anew', async (t) => {
  const dir = await folder(t)
  const build = builder()
  const file = await cachedOrBuilt(dir, key, build, io())
  await truncate(file, 4)
  assert.equal(await cached(dir, key), undefined)
  await cachedOrBuilt(dir, key, build, io())
  assert.equal(await readFile(file, 'utf8'), 'the binary')
  await rm(`${file}.sha256`)
  assert.equal(await cached(dir, key), undefined)
  await cachedOrBuilt(dir, key, build, io())
  assert.equal(build.runs, 3)
})

test('a build that fails or is stopped leaves nothing behind', async (t) => {
  const dir = await folder(t)
  const failing = async (target: string) => {
    await writeFile(target, 'half of')
    throw new Error('go build ended with 1')
  }
  await assert.rejects(cachedOrBuilt(dir, key, failing, io()), /go build ended with 1/)
  const stop = new AbortController()
  const stopped = async (target: string) => {
    await writeFile(target, 'half of')
    stop.abort(new Error('stopped by SIGINT'))
  }
  await assert.rejects(cachedOrBuilt(dir, key, stopped, io([], stop.signal)), /stopped by SIGINT/)
  assert.deepEqual(await readdir(dir), [])
})

test('what a killed build left is not used, and its lock is taken over', async (t) => {
  const dir = await folder(t)
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  await mkdir(join(dir, `${key}.draft`))
  await writeFile(join(dir, `${key}.draft`, 'plane'), 'half of')
  await writeFile(join(dir, `${key}.lock`), `${dead.pid} 1`)
  const file = await cachedOrBuilt(dir, key, builder(), io())
  assert.equal(await readFile(file, 'utf8'), 'the binary')
  assert.deepEqual(await readdir(dir), [key])
})

test('a full disk is said in words, with the folder and the way out', async (t) => {
  const dir = await folder(t)
  const full = () => Promise.reject(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' }))
  await assert.rejects(cachedOrBuilt(dir, key, full, io()), (error: Error) => {
    assert.match(error.message, /no space left .* in .*ks-facade-test-.*XDG_CACHE_HOME/)
    return true
  })
  const byGo = () =>
    Promise.reject(new Error('go build ended with 1:\nlink: no space left on device'))
  await assert.rejects(cachedOrBuilt(dir, key, byGo, io()), /no space left while the control plane/)
  assert.deepEqual(await readdir(dir), [])
})

test('the key of the cache follows every source file', async (t) => {
  const dir = await folder(t)
  await writeFile(join(dir, 'main.go'), 'package main')
  const before = await cacheKey(dir)
  await mkdir(join(dir, 'agent'))
  await writeFile(join(dir, 'agent', 'idle.sh'), 'echo')
  const after = await cacheKey(dir)
  assert.notEqual(before, after)
  await writeFile(join(dir, 'notes.md'), 'words')
  assert.equal(await cacheKey(dir), after)
  assert.match(await cacheKey(sourceDir), /^plane-[0-9a-f]{16}$/)
})

test('a lock that is held is refused with the number of its holder', async (t) => {
  const path = join(await folder(t), 'lock')
  {
    await using _ = await acquireLock(path)
    await assert.rejects(acquireLock(path), (error) => {
      assert.ok(error instanceof LockedError)
      assert.equal(error.pid, process.pid)
      return true
    })
  }
  await using _ = await acquireLock(path)
})

test('without a binary and without Go, every way to one is listed', async (t) => {
  const dir = await folder(t)
  const env = { XDG_CACHE_HOME: dir, XDG_CONFIG_HOME: dir, PATH: dir }
  await assert.rejects(ensureBinary({ env }), (error: Error) => {
    for (const way of [
      /--kubeconfig/,
      /KUBEBUILDER_ASSETS/,
      /Go 1\.\d+ or newer/,
      /GOPROXY/,
      /envtest/,
    ]) {
      assert.match(error.message, way)
    }
    return true
  })
})

test('etcd and kube-apiserver of KUBEBUILDER_ASSETS are used; without Go the rest is named as missing', async (t) => {
  const dir = await folder(t)
  const env = { XDG_CACHE_HOME: dir, XDG_CONFIG_HOME: dir, PATH: '', KUBEBUILDER_ASSETS: dir }
  await assert.rejects(
    ensureBinary({ env }),
    /KUBEBUILDER_ASSETS=.* no executable etcd and kube-apiserver/,
  )
  for (const name of ['etcd', 'kube-apiserver']) {
    await writeFile(join(dir, name), '#!/bin/sh\n')
    await chmod(join(dir, name), 0o755)
  }
  const lines: string[] = []
  const found = await ensureBinary({ env, onProgress: (line) => lines.push(line) })
  assert.deepEqual(found.missing, ['kube-controller-manager', 'kube-scheduler', 'node-agent'])
  assert.equal(found.launchers.get('etcd')?.file, join(dir, 'etcd'))
  assert.match(lines.join(), /starting without kube-controller-manager/)
})
