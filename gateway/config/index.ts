export { ConfigError } from './types.ts'
export type { AuthenticationConfig, Config, DeepPartial } from './types.ts'
