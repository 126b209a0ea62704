#!/usr/local/bin/node
/**
 * The command of the image, under the name of the original's: `ks-apiserver --logtostderr=true` serves. The heap grows in
 * small steps, as in gateway/bootstrap.mjs, before anything is loaded.
 */
import { setFlagsFromString } from 'node:v8'

for (const flag of ['--max-semi-space-size=8', '--heap-growing-percent=20'])
  setFlagsFromString(flag)
const own = process.argv[2] === 'ks-apiserver' ? 3 : 2
process.argv.splice(2, own - 2, 'serve')
await import(new URL(process.env.KS_FACADE_MAIN ?? '/app/gateway/server/main.ts', 'file:///').href)
