/**
 * `npm run image:check`: builds the image for real and runs it as the chart does, against an embedded platform. Prints what
 * it saw, as figures for docs/operate.md; ends with 1 where the image is not as promised.
 */
import assert from 'node:assert/strict'
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { ask, bearer, eventually, graph, hasKinds, login } from '../../e2e/http.ts'
import { startWorld, PASSWORD, type World } from '../../iam/world.ts'
import { freePort } from '../../env/ports.ts'
import { chart } from '../support.ts'
import { buildImage, type Image } from './build.ts'
import { assertContent } from './content.ts'
import { runImage, USER, type Container } from './container.ts'

const help = `Builds deploy/image/Dockerfile and runs what comes of it as the chart does: user ${USER}, a root that cannot be
written, no capability, an empty /tmp, the configuration at /etc/kubesphere. Asks it for health, a login, a list, the graph,
the pages and metrics, ends it with SIGTERM, and prints sizes and times. About three minutes, the first time four.

It needs root on a Debian, and installs what it lacks with apt-get: buildah, runc, debootstrap. No Docker, no daemon, no
registry of images: the base is made of Debian's packages and the npm package \`node\`. Images are kept in
node_modules/.cache/ks-facade-image, 0.5 GB.`

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
const progress = (line: string) => console.error(line)

if (process.argv.includes('--help')) console.log(help)
else if (process.platform !== 'linux' || process.getuid?.() !== 0) {
  console.error('image:check needs root on Linux: it mounts the image and runs it as somebody else')
  process.exitCode = 1
} else await check()

async function check(): Promise<void> {
  await using image = await buildImage(progress)
  const files = await assertContent(image.rootfs)
  console.log(`built in ${seconds(image.took)}`)
  const { packed, unpacked } = image.size
  console.log(`size: ${megabytes(packed)} to pull, ${megabytes(unpacked)} unpacked, ${files} files`)
  progress('starting a platform beside it')
  await using world = await startWorld()
  await using folder = await configFor(world)
  const { heapMiB } = parse(await readFile(join(chart, 'values.yaml'), 'utf8')) as {
    heapMiB: number
  }
  const port = await freePort()
  const args = ['--config=/etc/kubesphere/kubesphere.yaml', '--logtostderr=true']
  args.push('--bind-address=127.0.0.1', `--insecure-port=${port}`)
  await using container = await runImage(image, folder.path, { args, heapMiB })
  try {
    await assertConfined(container, image)
    await assertServes(container)
  } catch (error) {
    console.error(container.said())
    throw error
  }
  const { code, ms } = await container.stop()
  const said = container.said()
  assert.equal(code, 0, said)
  assert.doesNotMatch(said, /"level":(?:50|60)|Unhandled|^ {4}at /m)
  console.log(`SIGTERM: ended with 0 after ${seconds(ms)}`)
}

/** Configuration and kubeconfig, readable for everybody as volumes of a pod are. */
async function configFor(world: World) {
  const path = await mkdtemp(join(tmpdir(), 'ks-facade-config-'))
  const { kubernetes, authentication, multicluster } = world.app.config
  await copyFile(kubernetes.kubeconfig, join(path, 'kubeconfig'))
  const { jwtSecret } = authentication.issuer
  const { clusterRole, hostClusterName } = multicluster
  const config = {
    authentication: { multipleLogin: true, issuer: { jwtSecret } },
    multicluster: { clusterRole, hostClusterName },
    kubernetes: { kubeconfig: '/etc/kubesphere/kubeconfig' },
  }
  await writeFile(join(path, 'kubesphere.yaml'), stringify(config))
  await chmod(path, 0o755)
  await chmod(join(path, 'kubeconfig'), 0o644)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

async function assertConfined(container: Container, image: Image): Promise<void> {
  const status = await container.status()
  const user = `${USER}`
  assert.deepEqual(status.get('Uid')?.split('\t'), [user, user, user, user])
  assert.equal(image.config.User, `${USER}:${USER}`)
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
    assert.equal(Number(`0x${status.get(set)}`), 0, set)
  assert.equal(status.get('NoNewPrivs'), '1')
  const mounts = await container.mounts()
  for (const path of ['/', '/etc/kubesphere'])
    assert.ok(mounts.get(path)?.split(',').includes('ro'), `${path} can be written`)
  console.log(`confined: user ${USER}, no capabilities, no new privileges, root read-only`)
}

async function assertServes(container: Container): Promise<void> {
  const { url, startMs } = container
  const since = performance.now()
  const code = async (path: string, token = '') =>
    (await ask(url + path, { headers: token ? bearer(token) : {} })).status
  for (const path of ['/healthz', '/livez']) assert.equal(await code(path), 200, path)
  await eventually(
    '/readyz',
    () => code('/readyz'),
    (seen) => seen === 200,
  )
  const readyMs = startMs + performance.now() - since
  console.log(`listens after ${seconds(startMs)}, ready after ${seconds(readyMs)}`)
  const token = await login(url, 'admin', PASSWORD)
  const lists = [
    '/kapis/resources.kubesphere.io/v1alpha3/namespaces?limit=5',
    '/kapis/iam.kubesphere.io/v1beta1/users',
    '/api/v1/namespaces',
  ]
  for (const path of [...lists, '/metrics']) assert.equal(await code(path, token), 200, path)
  await hasKinds(url, token)
  const { codes, data } = await graph(url, token, '{ me { name } users { nodes { name } } }')
  assert.deepEqual(codes, [], JSON.stringify(data))
  const memory = Number.parseInt((await container.status()).get('VmRSS') ?? '', 10) * 1024
  // Bundled out of packages at the first visit: what was left out of the image shows here.
  for (const page of ['/graphql/assets/client.js', '/explorer/assets/client.js'])
    assert.equal(await code(page, token), 200, page)
  console.log(`answered: health, login, ${lists.length} lists, graph, metrics, both pages`)
  console.log(`resident: ${megabytes(memory)} after its first requests`)
}
