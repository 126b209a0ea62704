export type { ForwardTarget } from './forward-target.ts'
