import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { ensureDebianPackages } from '../../env/packages.ts'
import { run } from '../../env/run.ts'

const root = resolve(import.meta.dirname, '../../..')
const home = join(root, 'node_modules/.cache/ks-facade-image')
/** Where certificates of the registry's authority are during the build, and not in what comes of it. */
const authority = '/run/registry-authority.crt'
/** No daemon, no kernel feature: layers are copies, commands of the build run in a chroot. */
const store = ['--root', join(home, 'store'), '--runroot', join(home, 'run')]
const isolation = ['--isolation', 'chroot']

export interface Image extends AsyncDisposable {
  /** Folder that its root is mounted at. */
  readonly rootfs: string
  readonly config: { readonly Env: string[]; readonly Entrypoint: string[]; readonly User: string }
  /** Bytes unpacked, and bytes that a registry is sent. */
  readonly size: { readonly unpacked: number; readonly packed: number }
  /** Milliseconds that the build took, its base not counted. */
  readonly took: number
}

const buildah = (...args: string[]) =>
  run('buildah', ['--storage-driver', 'vfs', ...store, ...args])
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

/**
 * Builds deploy/image/Dockerfile with buildah, on a base made of Debian's packages and the npm package `node`, and mounts
 * it. Needs root. Throws where a step fails. Disposing takes the image away and keeps the base.
 */
export async function buildImage(progress: (line: string) => void): Promise<Image> {
  await ensureDebianPackages(['buildah', 'runc', 'debootstrap'])
  await using stack = new AsyncDisposableStack()
  progress('making the base (half a minute where it is not there yet)')
  const base = await ensureBase()
  const { cafile } = await npmSettings()
  progress('building the image (a minute)')
  const started = performance.now()
  await buildah(
    'build',
    ...isolation,
    `--build-arg=NODE=${base}`,
    ...(cafile ? ['--volume', `${cafile}:${authority}:ro`] : []),
    `--file=${join(root, 'deploy/image/Dockerfile')}`,
    '--tag=ks-facade',
    root,
  )
  const took = performance.now() - started
  stack.defer(() => buildah('rmi', '--force', 'ks-facade').then(() => undefined))
  const container = lastLine(await buildah('from', ...isolation, 'localhost/ks-facade'))
  stack.defer(() => buildah('rm', container).then(() => undefined))
  const rootfs = lastLine(await buildah('mount', container))
  const described = JSON.parse(await buildah('inspect', '--type', 'image', 'ks-facade')) as {
    OCIv1: { config: Image['config'] }
  }
  const unpacked = Number.parseInt(await run('du', ['-sb', rootfs]), 10)
  const packed = await packedSize()
  const owned = stack.move()
  return {
    rootfs,
    took,
    config: described.OCIv1.config,
    size: { unpacked, packed },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

async function packedSize(): Promise<number> {
  const folder = await mkdtemp(join(home, 'packed-'))
  try {
    await buildah('push', '--quiet', 'ks-facade', `oci:${folder}:checked`)
    return Number.parseInt(await run('du', ['-sb', join(folder, 'blobs')]), 10)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function npmSettings(): Promise<{ registry: string; cafile: string }> {
  const value = async (key: string) => (await run('npm', ['config', 'get', key])).trim()
  const cafile = await value('cafile')
  return { registry: await value('registry'), cafile: existsSync(cafile) ? cafile : '' }
}

/**
 * Name of an image like `node:24-bookworm-slim`: Debian's smallest system, Node and npm. Registries of images are not
 * needed; packages come from where apt-get and npm of this machine take theirs.
 */
async function ensureBase(): Promise<string> {
  const name = 'localhost/node-base'
  const there = await buildah('images', '--noheading', '--format', '{{.Name}}')
  if (there.split('\n').includes(name)) return name
  const folder = join(home, 'base')
  if (!existsSync(folder)) await makeSystem(folder)
  const { registry, cafile } = await npmSettings()
  const lines = [
    'FROM scratch',
    'COPY . /',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `ENV NPM_CONFIG_REGISTRY=${registry}`,
    ...(cafile ? [`ENV NPM_CONFIG_CAFILE=${authority}`] : []),
  ]
  const file = join(home, 'base.Dockerfile')
  await writeFile(file, `${lines.join('\n')}\n`)
  await buildah('build', ...isolation, '--file', file, '--tag', 'node-base', folder)
  await rm(folder, { recursive: true })
  return name
}

async function makeSystem(folder: string): Promise<void> {
  const fresh = `${folder}-${process.pid}`
  await mkdir(fresh, { recursive: true })
  const about = await run('apt-get', [
    'indextargets',
    '--format',
    '$(SITE)',
    'Identifier: Packages',
  ])
  const [mirror = ''] = about.split('\n')
  await run('debootstrap', ['--variant=minbase', 'bookworm', fresh, mirror])
  await cp(process.execPath, join(fresh, 'usr/local/bin/node'))
  const npm = resolve((await run('npm', ['root', '--global'])).trim(), 'npm')
  await cp(npm, join(fresh, 'usr/local/lib/node_modules/npm'), { recursive: true })
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(fresh, 'usr/local/bin/npm'))
  await mkdir(dirname(folder), { recursive: true })
  await rename(fresh, folder)
}
