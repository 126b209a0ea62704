/**
 * `npm run fuzz [-- SECONDS [graph|rest]]`: an embedded platform, asked by Schemathesis for five minutes or as long as is said,
 * by its graph or by the routes of its OpenAPI document. Prints what it found; exits 1 for an answer that is not the
 * server's own.
 */
import { ensurePython } from '../env/python.ts'
import { startGraphWorld } from '../graphql/graph.ts'
import { runSchemathesis } from './schemathesis.ts'

const seconds = Number(process.argv[2] ?? 300)
const face = process.argv[3] === 'rest' ? 'rest' : 'graph'
const python = await ensurePython('fuzz')
await using world = await startGraphWorld()
const token = await world.login('admin')
const url = `${world.url}${face === 'rest' ? '/openapi/v2' : '/graphql'}`
const { output, cases, tested, fields, failures } = await runSchemathesis({
  python,
  url,
  face,
  token,
  seconds,
  cases: 20,
})
console.log(output)
console.log(`${cases} cases of ${tested} of ${fields} root fields or routes, ${failures} failures`)
if (failures > 0 || cases === 0) process.exitCode = 1
