import type { Attributes, UserInfo } from '../operation.ts'
import type { Download, UploadFile } from './files.ts'
import type { CommandClient } from './remote-command.ts'

export type { Download, UploadFile }

/** Who asks for a terminal, and all by which it may be taken away again. */
export interface TerminalCaller {
  readonly user: UserInfo
  /** The bearer token of the login; absent for HTTP Basic. */
  readonly token?: string | undefined
  readonly sourceIP: string
  readonly userAgent?: string | undefined
  /** What the caller was let in by, judged again whenever rights change; beside it, exec itself always is. */
  readonly entry?: Attributes | undefined
}

/** What a terminal is opened on. */
export type TerminalTarget =
  | {
      readonly kind: 'pod'
      readonly namespace: string
      readonly pod: string
      readonly container: string
      /** `bash` or `sh` for that one alone; anything else tries them in this order. */
      readonly shell: string
    }
  /** The caller's own kubectl pod. */
  | { readonly kind: 'kubectl' }
  | { readonly kind: 'node'; readonly node: string }

export type FileTarget = {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly path: string
}

export interface SessionEnd {
  readonly why:
    | 'exited'
    /** It could not be started, or the connection to the pod broke. */
    | 'failed'
    /** The client went away. */
    | 'closed'
    | 'idle'
    | 'expired'
    /** The right to it was lost. */
    | 'revoked'
    | 'shutdown'
  /** Fit for the client's eyes; empty for a clean exit. */
  readonly message: string
  readonly exitCode?: number
}

/** How a session differs from a person's shell. */
export interface TerminalOpening {
  /** A member cluster as the caller has it: it judges the caller, and only pods are for sessions there. */
  readonly member?: CommandClient | undefined
  /** Runs instead of a shell, without one around it. */
  readonly command?: readonly string[] | undefined
  /** Whether there is a terminal, which joins both outputs. Default: yes. */
  readonly tty?: boolean | undefined
  /** Whether the output says why a session ended that the person did not end. Default: yes. */
  readonly farewell?: boolean | undefined
  /** Whether a shell that ends badly is followed by the next, as in the original's terminal. Default: yes. */
  readonly everyShell?: boolean | undefined
}

/** Output as it came. */
export interface TerminalPiece {
  /** Always `stdout` where there is a terminal. */
  readonly stream: 'stdout' | 'stderr'
  readonly data: Uint8Array
}

/** A terminal: bytes both ways and a size. Nothing in it knows how they travel. */
export interface TerminalSession {
  readonly id: string
  /** Iterate once; the session starts with it. Ends when the session does. */
  readonly output: AsyncIterable<TerminalPiece>
  /** Bytes typed. False = wait for `drained` before more. */
  write(data: Uint8Array): boolean
  /** Resolves when `write` may go on, or the session has ended. */
  drained(): Promise<void>
  /** Ctrl-D where there is a terminal, then the end of the input; output goes on until the program ends. */
  endInput(): void
  /** 1 to 65535 each; other sizes are ignored. */
  resize(cols: number, rows: number): void
  /** The client has gone: the program sees Ctrl-D and the end of its input, the session is over soon after. */
  close(): void
  /** Settles when everything of the session is released; never rejects. */
  readonly ended: Promise<SessionEnd>
}

/** What the log and the audit trail hear of: a session when it opens and when it is over, a transfer once it is over. */
export interface TerminalEvent {
  readonly type: 'open' | 'close' | 'upload' | 'download'
  /** Of the session or the transfer. */
  readonly session: string
  readonly user: string
  readonly sourceIP: string
  /** `pods/<namespace>/<name>`, `nodes/<name>`. */
  readonly target: string
  /** Of a transfer. */
  readonly path?: string
  /** Bytes to the client and from it. */
  readonly sent?: number
  readonly received?: number
  /** Milliseconds. */
  readonly took?: number
  readonly why?: SessionEnd['why']
  /** What the client was told when it did not end well. */
  readonly message?: string
}

/** Interactive sessions and files of pods, on the cluster of this process. */
export interface TerminalService extends AsyncDisposable {
  /** Throws ApiError 403 unless the caller may exec there; the message is the authorizer's reason, mostly empty. */
  authorize(caller: TerminalCaller, target: TerminalTarget | FileTarget): Promise<void>
  /**
   * Throws as `authorize`; ApiError 429 when the caller has too many sessions, 503 while the server stops. Nothing is
   * started yet.
   */
  open(
    caller: TerminalCaller,
    target: TerminalTarget,
    opening?: TerminalOpening,
  ): Promise<TerminalSession>
  /**
   * Unpacks files into a folder of a container; returns what tar had to say. Throws as `authorize`; ApiError 500 when
   * it fails.
   */
  upload(
    caller: TerminalCaller,
    target: FileTarget,
    files: readonly UploadFile[],
    signal: AbortSignal,
  ): Promise<string>
  /** A file or folder as a tar stream. Throws as `authorize`; ApiError 404 for a missing path, 500 when it fails. */
  download(caller: TerminalCaller, target: FileTarget, signal: AbortSignal): Promise<Download>
  /**
   * Watches over a terminal that another server runs: `onLost` is told once when the account or the login is gone. The
   * function returned ends that.
   */
  follow(caller: TerminalCaller, onLost: (why: string) => void): () => void
  /** Ends every session because the server is stopping; none can be opened any more. Resolves when all are over. */
  endAll(): Promise<void>
  /** Most bytes of an upload. */
  readonly uploadLimit: number
  /** Sessions open now. */
  readonly sessions: number
}
