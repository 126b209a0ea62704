import { ApiError, badRequest } from '../../lib/errors.ts'
import type { YamlReader } from '../../lib/yaml/index.ts'
import { chartFiles, type ArchiveFile, type Selection } from '../platform/index.ts'
import { described, text, type Description } from './chart-fields.ts'
import type { AppResource } from './types.ts'

/** What a chart says about itself. */
export interface Chart extends Description {
  readonly name: string
  readonly version: string
  /** Its metadata, values and definitions of kinds. */
  readonly files: readonly ArchiveFile[]
}

type Fields = Record<string, unknown>

/** Most bytes of one YAML file that are parsed, and most aliases that are followed in it. */
const YAML_LIMIT = 1024 * 1024
const ALIASES = 50
/** Bytes of all files of a chart that are read. */
const READ_LIMIT = 8 * 1024 * 1024
const DEFINITIONS = /^crds\/.*\.ya?ml$/
/** Most documents of a package of YAML. */
const DOCUMENTS = 1000

/**
 * Reads a chart archive (Helm documentation, "The Chart File Structure"). Throws ApiError 400 for one that is no chart,
 * has unsafe paths, too many or too large files, or YAML that cannot be read.
 */
export async function readChart(yaml: YamlReader, archive: Uint8Array): Promise<Chart> {
  const files = await archiveFiles(archive, { keep: isRead, most: READ_LIMIT })
  const metadata = files.find(({ name }) => name === 'Chart.yaml')
  if (!metadata) throw badRequest('Chart.yaml file is missing')
  const fields = mapping(await yamlValue(yaml, metadata), 'Chart.yaml')
  const name = text(fields['name'])
  const version = text(fields['version'])
  if (name === '') throw badRequest('validation: chart.metadata.name is required')
  if (version === '') throw badRequest('validation: chart.metadata.version is required')
  if (/[\\/]/.test(name) || name === '.' || name === '..') {
    throw badRequest(`validation: chart.metadata.name "${name}" is invalid`)
  }
  const values = files.find((file) => file.name === 'values.yaml')
  if (values) mapping((await yamlValue(yaml, values)) ?? {}, 'values.yaml')
  return {
    name,
    version,
    ...described(fields),
    files,
  }
}

/** Files that say something about a chart; the others are only what it is made of. */
function isRead(name: string): boolean {
  return name === 'Chart.yaml' || name === 'values.yaml' || DEFINITIONS.test(name)
}

/** Files of an archive, its top folder taken off, all or those to keep. Throws ApiError 400. */
export async function archiveFiles(
  archive: Uint8Array,
  selection?: Selection,
): Promise<readonly ArchiveFile[]> {
  try {
    return await chartFiles(archive, selection)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw badRequest(`invalid chart archive: ${error.message}`, error)
  }
}

/** Whether bytes are gzip (RFC 1952 §2.3.1), as chart archives are. */
export function isArchive(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Kinds that a chart's `crds/` folder defines, by the version that is served and stored. Throws ApiError 400. */
export async function chartResources(yaml: YamlReader, { files }: Chart): Promise<AppResource[]> {
  const found: AppResource[] = []
  for (const file of files) {
    if (!DEFINITIONS.test(file.name)) continue
    for (const value of await documents(yaml, file.data, file.name)) {
      if (value['kind'] !== 'CustomResourceDefinition') continue
      const resource = definedResource(value)
      if (resource) found.push(resource)
    }
  }
  return found
}

function definedResource({ spec }: Fields): AppResource | undefined {
  const { group, names, versions } = (spec ?? {}) as {
    group?: string
    names?: { plural?: string }
    versions?: { name?: string; served?: boolean; storage?: boolean }[]
  }
  const version = versions?.find(({ served, storage }) => served && storage)
  if (!version) return undefined
  const Resource = names?.plural ?? ''
  const of = { Group: group ?? '', Version: version.name ?? '', Resource }
  return { ...of, Name: '', Desc: '', ParentNode: '' }
}

/** Objects of a text of YAML documents, empty ones left out. Throws ApiError 400 for what cannot be read. */
async function documents(yaml: YamlReader, data: Uint8Array, name = 'package'): Promise<Fields[]> {
  if (data.length > YAML_LIMIT) throw badRequest(`${name} is too large`)
  let values: unknown[]
  try {
    values = await yaml.documents(textOf(data), { aliases: ALIASES, documents: DOCUMENTS })
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw badRequest(`error converting YAML to JSON: ${name}: ${firstLine(error)}`, error)
  }
  return values.filter((value) => value !== null).map((value) => mapping(value, name))
}

/** Objects of a package of YAML. Throws ApiError 400 for bad YAML, 422 for a document that is no Kubernetes object. */
export async function manifestObjects(yaml: YamlReader, data: Uint8Array): Promise<Fields[]> {
  const objects = await documents(yaml, data)
  for (const { apiVersion, kind } of objects) {
    if (typeof apiVersion === 'string' && apiVersion !== '' && typeof kind === 'string' && kind) {
      continue
    }
    throw new ApiError(422, 'Invalid', 'every document needs apiVersion and kind')
  }
  return objects
}

async function yamlValue(yaml: YamlReader, { name, data }: ArchiveFile): Promise<unknown> {
  if (data.length > YAML_LIMIT) throw badRequest(`${name} is too large`)
  try {
    return (await yaml.documents(textOf(data), { aliases: ALIASES, documents: 1 }))[0] ?? null
  } catch (error) {
    if (error instanceof ApiError) throw error
    throw badRequest(`cannot load ${name}: ${firstLine(error)}`, error)
  }
}

const textOf = (data: Uint8Array): string => Buffer.from(data).toString('utf8')

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'bad YAML'
}

function mapping(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw badRequest(`cannot load ${name}: it is not a mapping`)
}
