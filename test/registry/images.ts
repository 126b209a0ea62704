import type { Registry } from '../env/registry.ts'

export const DOCKER = 'application/vnd.docker.distribution.manifest.v2+json'
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json'
export const OCI = 'application/vnd.oci.image.manifest.v1+json'
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'

/** The configuration of an image, as builders write it. */
export function configOf(architecture = 'amd64'): Record<string, unknown> {
  return {
    architecture,
    os: 'linux',
    created: '2026-01-02T03:04:05.120000000Z',
    author: 'somebody',
    config: {
      Env: ['PATH=/bin', 'A=<b>'],
      Cmd: ['serve'],
      Entrypoint: null,
      Labels: { maintainer: 'someone', 'b.c': '1' },
      ExposedPorts: { '80/tcp': {} },
      Healthcheck: { Test: ['CMD', 'true'], Interval: 5_000_000_000 },
      Tty: false,
      Unknown: 'dropped',
    },
    history: [
      { created: '2026-01-02T03:04:05Z', created_by: 'COPY . .' },
      { created_by: 'CMD', empty_layer: true },
    ],
    rootfs: { type: 'layers', diff_ids: [`sha256:${'a'.repeat(64)}`] },
    moby: 'dropped',
  }
}

export interface Pushed {
  readonly repository: string
  readonly tag?: string
  readonly mediaType?: string
  readonly architecture?: string
  readonly authorization?: string | undefined
}

/** Pushes an image of one small layer; returns the digest of its manifest. */
export async function pushImage(
  registry: Registry,
  { repository, tag, mediaType = DOCKER, architecture = 'amd64', authorization }: Pushed,
): Promise<string> {
  const config = JSON.stringify(configOf(architecture))
  const layer = Buffer.from(`layer of ${architecture}`)
  const docker = mediaType === DOCKER
  const kind = (name: string) =>
    docker
      ? `application/vnd.docker.${name === 'config' ? 'container.image.v1+json' : 'image.rootfs.diff.tar.gzip'}`
      : `application/vnd.oci.image.${name === 'config' ? 'config.v1+json' : 'layer.v1.tar+gzip'}`
  return registry.manifest({
    repository,
    ...(tag === undefined ? {} : { tag }),
    mediaType,
    authorization,
    document: {
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: kind('config'),
        size: Buffer.byteLength(config),
        digest: await registry.blob(repository, config, authorization),
      },
      layers: [
        {
          mediaType: kind('layer'),
          size: layer.length,
          digest: await registry.blob(repository, layer, authorization),
        },
      ],
    },
  })
}

/** Pushes images for several architectures and the list of them. */
export async function pushIndex(
  registry: Registry,
  { repository, tag = 'latest', mediaType = DOCKER_LIST }: Omit<Pushed, 'architecture'>,
  architectures: readonly string[],
): Promise<string> {
  const child = mediaType === DOCKER_LIST ? DOCKER : OCI
  const manifests = []
  for (const architecture of architectures) {
    const digest = await pushImage(registry, { repository, mediaType: child, architecture })
    manifests.push({ mediaType: child, size: 1, digest, platform: { os: 'linux', architecture } })
  }
  const document = { schemaVersion: 2, mediaType, manifests }
  return registry.manifest({ repository, tag, mediaType, document })
}
