/** Terminals and files of pods: transport-free sessions over kube-apiserver's remote commands. */
export { acceptSocket, type ClientSocket, type SocketClose } from './client-socket.ts'
export {
  createExecs,
  type ExecEvent,
  type ExecOwner,
  type ExecService,
  type ExecStream,
} from './execs.ts'
export { createTerminal, type TerminalOptions } from './service.ts'
export type * from './types.ts'
