export { parseDocuments, YamlError, type YamlOptions } from './parse.ts'
export { createYamlReader, type YamlReader } from './reader.ts'
