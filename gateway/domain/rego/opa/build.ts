/**
 * The recipe of `evaluator.wasm.br`: `node gateway/domain/rego/opa/build.ts` builds it with the Go version of `go.mod`
 * and writes its checksums into `evaluator.json`; with `--check` it builds and compares, and changes nothing. The same
 * sources give the same bytes on every machine. `GO` names the Go command where it is not on PATH.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { withMaximumMemory } from './memory.ts'

/** Pages of 64 KiB that an evaluator may grow to: 192 MiB. */
const MOST_PAGES = 3072

const here = import.meta.dirname
const sha256 = (of: Uint8Array | string): string => createHash('sha256').update(of).digest('hex')

/** One checksum over everything that the module is made from. */
export async function sourcesSum(): Promise<string> {
  const names = ['build.ts', 'go.mod', 'go.sum', 'main.go', 'memory.ts']
  const texts = await Promise.all(names.map((name) => readFile(join(here, name), 'utf8')))
  return sha256(names.map((name, at) => `${name}\n${texts[at] ?? ''}`).join('\n'))
}

async function compile(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'ks-facade-rego-'))
  const target = join(folder, 'evaluator.wasm')
  try {
    const version = /^go (\S+)$/m.exec(await readFile(join(here, 'go.mod'), 'utf8'))?.[1] ?? ''
    const args = ['build', '-trimpath', '-buildmode=c-shared', '-ldflags=-s -w', '-o', target, '.']
    execFileSync(process.env['GO'] ?? 'go', args, {
      cwd: here,
      stdio: 'inherit',
      env: {
        ...process.env,
        GOOS: 'wasip1',
        GOARCH: 'wasm',
        GOWASM: '',
        CGO_ENABLED: '0',
        GOFLAGS: '-mod=readonly -buildvcs=false',
        GOWORK: 'off',
        GOTOOLCHAIN: `go${version}`,
      },
    })
    return withMaximumMemory(await readFile(target), MOST_PAGES)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function main(check: boolean): Promise<void> {
  const wasm = await compile()
  const facts = join(here, 'evaluator.json')
  if (check) {
    const { wasmSha256 } = JSON.parse(await readFile(facts, 'utf8')) as { wasmSha256: string }
    const same = wasmSha256 === sha256(wasm)
    console.log(`${same ? 'same' : 'NOT the same'} as evaluator.json: ${sha256(wasm)}`)
    process.exitCode = same ? 0 : 1
    return
  }
  const packed = brotliCompressSync(wasm, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: wasm.length,
    },
  })
  await writeFile(join(here, 'evaluator.wasm.br'), packed)
  const sums = {
    sourcesSha256: await sourcesSum(),
    wasmSha256: sha256(wasm),
    wasmBytes: wasm.length,
    packedSha256: sha256(packed),
  }
  await writeFile(facts, `${JSON.stringify(sums, null, 2)}\n`)
  console.log(`${wasm.length} bytes, ${packed.length} packed`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await main(process.argv.includes('--check'))
}
