/** Logs of pods: transport-free streams that are as slow as their readers. */
export { createLogs, type LogDeps, type LogService } from './service.ts'
export type { Pod } from './pods.ts'
export type * from './types.ts'
