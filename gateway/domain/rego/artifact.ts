import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { compile } from './webassembly.ts'
import facts from './opa/evaluator.json' with { type: 'json' }

const unpack = promisify(brotliDecompress)

/** The evaluator of `opa/`, compiled. Throws where the file is not the one that `evaluator.json` describes. */
export async function loadEvaluator(
  file: URL = new URL('opa/evaluator.wasm.br', import.meta.url),
): Promise<WebAssembly.Module> {
  const packed = await readFile(file)
  const sum = Buffer.from(await crypto.subtle.digest('SHA-256', packed)).toString('hex')
  if (sum !== facts.packedSha256) {
    throw new Error(`the Rego evaluator has checksum ${sum}, not ${facts.packedSha256}`)
  }
  const wasm = await unpack(packed, { maxOutputLength: facts.wasmBytes })
  return compile(wasm)
}
