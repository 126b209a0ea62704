import { badRequest } from '../../../gateway/lib/errors.ts'
import { asStrings, asStruct, text } from '../../wire/typed.ts'

/**
 * Image configurations (OCI image specification) as the original's Go types print them: fields in their order, empty
 * ones left out, unknown ones dropped (resources-tenant.md §8.3, §9.4). Throws ApiError 400 for a field of another type.
 */
type Fields = Readonly<Record<string, unknown>>
type Read = (value: unknown) => unknown

const ZERO_TIME = '0001-01-01T00:00:00Z'
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/

/** A time as Go prints it: RFC 3339 without zeros at the end of the fraction, the year 1 where there is none. */
function time(value: unknown): string {
  const given = text(value, 'time.Time')
  if (given === '') return ZERO_TIME
  const [, seconds, fraction = '', zone = ''] = TIME.exec(given) ?? []
  if (seconds === undefined) throw badRequest(`parsing time "${given}"`)
  const rest = fraction.replace(/0+$/, '')
  return `${seconds}${rest && `.${rest}`}${zone === '+00:00' ? 'Z' : zone}`
}

const string: Read = (value) => text(value)
const flag: Read = (value) => value === true
const strings: Read = (value) => asStrings(value)
const number: Read = (value) => (typeof value === 'number' ? value : 0)
const labels: Read = (value) => {
  const given = asStruct(value, 'map[string]string')
  const keys = Object.keys(given).toSorted()
  return Object.fromEntries(keys.map((key) => [key, text(given[key])]))
}
const set: Read = (value) => {
  const keys = Object.keys(asStruct(value, 'map[string]struct {}')).toSorted()
  return Object.fromEntries(keys.map((key) => [key, {}]))
}

/** The fields that are there and not empty. */
function present(fields: Fields, read: Readonly<Record<string, Read>>): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, as] of Object.entries(read)) {
    const value = as(fields[name])
    if (!isEmpty(value)) out[name] = value
  }
  return out
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value
}

const HEALTHCHECK = {
  Test: strings,
  Interval: number,
  Timeout: number,
  StartPeriod: number,
  Retries: number,
}

const CONFIG: Readonly<Record<string, Read>> = {
  AttachStderr: flag,
  AttachStdin: flag,
  AttachStdout: flag,
  Cmd: strings,
  Healthcheck: (value) => present(asStruct(value, 'v1.HealthConfig'), HEALTHCHECK),
  Domainname: string,
  Entrypoint: strings,
  Env: strings,
  Hostname: string,
  Image: string,
  Labels: labels,
  OnBuild: strings,
  OpenStdin: flag,
  StdinOnce: flag,
  Tty: flag,
  User: string,
  Volumes: set,
  WorkingDir: string,
  ExposedPorts: set,
  ArgsEscaped: flag,
  NetworkDisabled: flag,
  MacAddress: string,
  StopSignal: string,
  Shell: strings,
}

/** Body of imageconfig. */
export function imageConfigBody(config: Fields): object {
  const rootfs = asStruct(config['rootfs'], 'v1.RootFS')
  const history = config['history']
  return {
    architecture: text(config['architecture']),
    ...present(config, { author: string, container: string }),
    created: time(config['created']),
    ...present(config, { docker_version: string }),
    ...(Array.isArray(history) && history.length > 0 ? { history: history.map(step) } : {}),
    os: text(config['os']),
    rootfs: {
      type: text(rootfs['type']),
      diff_ids: Array.isArray(rootfs['diff_ids']) ? asStrings(rootfs['diff_ids']) : null,
    },
    config: present(asStruct(config['config'], 'v1.Config'), CONFIG),
    ...present(config, { 'os.version': string, variant: string, 'os.features': strings }),
  }
}

function step(value: unknown): object {
  const fields = asStruct(value, 'v1.History')
  return {
    ...present(fields, { author: string }),
    created: time(fields['created']),
    ...present(fields, { created_by: string, comment: string, empty_layer: flag }),
  }
}

const LEGACY_CONFIG: Readonly<Record<string, Read>> = {
  Hostname: string,
  Domainname: string,
  User: string,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  ExposedPorts: set,
  Tty: flag,
  OpenStdin: flag,
  StdinOnce: flag,
  Env: strings,
  Cmd: strings,
  ArgsEscaped: flag,
  Image: string,
  Volumes: set,
  WorkingDir: string,
  Entrypoint: strings,
  OnBuild: strings,
}

/** @NOTE of the labels only the maintainer is shown, always. */
function legacyConfig(value: unknown): object {
  const fields = asStruct(value, 'registries.Config')
  const own = asStruct(fields['Labels'], 'registries.Labels')
  return {
    ...present(fields, LEGACY_CONFIG),
    Labels: { maintainer: text(own['maintainer']) },
    ...present(fields, { StopSignal: string }),
  }
}

/** `imageBlob` of the legacy route. @NOTE the key `rootfs omitempty` is literal, and its value always empty. */
export function legacyBlob(config: Fields): object {
  const history = config['history']
  return {
    ...present(config, { architecture: string }),
    config: legacyConfig(config['config']),
    ...present(config, { container: string }),
    container_config: legacyConfig(config['container_config']),
    created: time(config['created']),
    ...present(config, { docker_version: string }),
    ...(Array.isArray(history) && history.length > 0 ? { history: history.map(legacyStep) } : {}),
    ...present(config, { os: string }),
    'rootfs omitempty': {},
  }
}

function legacyStep(value: unknown): object {
  const fields = asStruct(value, 'registries.History')
  return {
    created: time(fields['created']),
    ...present(fields, { created_by: string, empty_layer: flag }),
  }
}

const DESCRIPTOR = { mediaType: string, size: number, digest: string }

/** `imageManifest` of the legacy route. */
export function legacyManifest(manifest: Fields): object {
  const { layers } = manifest
  const descriptor = (value: unknown) =>
    present(asStruct(value, 'registries.Descriptor'), DESCRIPTOR)
  return {
    ...present(manifest, { schemaVersion: number, mediaType: string }),
    config: descriptor(manifest['config']),
    ...(Array.isArray(layers) && layers.length > 0 ? { layers: layers.map(descriptor) } : {}),
  }
}
