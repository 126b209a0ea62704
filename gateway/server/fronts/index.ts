import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../../config/index.ts'
import type { App } from '../../context/app.ts'
import { createBackoff } from '../../kube/backoff.ts'
import type { RouteRow } from '../../../rest-compat/index.ts'
import type { HttpServer } from '../http.ts'
import { createAnswers } from './answers.ts'
import { Front } from './front.ts'
import type { OwnerTokens } from './tokens.ts'
import { createVersions } from './versions.ts'

/** Milliseconds before a front that died is started again; longer each time where that fails. */
const AGAIN = { base: 1000, max: 60_000 }

/** A fresh folder with a place for the owner's socket, which nobody else can reach. */
export async function createOwnerSocket(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), `ks-facade-owner-${process.pid}-`))
  return {
    path: join(folder, 'socket'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export interface FrontsOptions {
  readonly config: Config
  readonly app: App
  readonly rows: readonly RouteRow[]
  readonly owned: OwnerTokens
  readonly socketPath: string
  readonly openHosts?: readonly string[] | undefined
}

/**
 * Starts `facade.threads` listeners in threads of their own, all on the port of the configuration, in front of this thread:
 * the owner of the caches, which listens at `socketPath`. Throws when the first of them cannot start.
 */
export async function startFronts(options: FrontsOptions): Promise<HttpServer> {
  const { config, app, owned } = options
  const { log } = app
  await using stack = new AsyncDisposableStack()
  const versions = stack.use(createVersions(app.ticks))
  const answers = createAnswers(app, options.rows, versions)
  const { insecurePort, securePort, bindAddress } = config.server
  const fronts = new Set<Front>()
  const ending = new AbortController()
  const owning = { app, tokens: owned.tokens, answers }
  const start = async (port: number): Promise<number> => {
    const front = new Front(owning, {
      config: ofOne(config),
      socketPath: options.socketPath,
      port,
      versions: versions.shared,
      ended: owned.ended,
      auditLevel: app.auditor?.level,
      logLevel: log.level,
      openHosts: options.openHosts ?? [],
    })
    fronts.add(front)
    void replaced(front)
    return front.listening()
  }
  const replaced = async (front: Front): Promise<void> => {
    const code = await front.ended
    fronts.delete(front)
    // One that never listened is the matter of whoever started it.
    if (ending.signal.aborted || front.port === undefined) return
    log.error({ code }, 'a front has ended, another takes its place')
    again(front.port)
  }
  const again = (port: number, backoff = createBackoff(AGAIN)): void => {
    const timer = setTimeout(() => {
      if (ending.signal.aborted) return
      start(port).catch((error: unknown) => {
        if (ending.signal.aborted) return
        log.error({ err: error }, 'a front cannot be started')
        again(port, backoff)
      })
    }, backoff.next())
    timer.unref()
  }
  stack.defer(async () => {
    ending.abort()
    await Promise.all([...fronts].map((front) => front.end()))
  })
  const wanted = securePort || insecurePort
  await demandFree(wanted, bindAddress)
  const port = await start(wanted)
  await Promise.all(Array.from({ length: config.facade.threads - 1 }, () => start(port)))
  stack.defer(
    app.metrics.countedBeside(() => Promise.all([...fronts].map((front) => front.samples()))),
  )
  const moved = stack.move()
  const host = ['0.0.0.0', '::'].includes(bindAddress) ? '127.0.0.1' : bindAddress
  return {
    url: `${securePort ? 'https' : 'http'}://${host}:${port}`,
    port,
    [Symbol.asyncDispose]: () => moved[Symbol.asyncDispose](),
  }
}

/**
 * Throws EADDRINUSE for a port that somebody listens on. The fronts would not: what listens with SO_REUSEPORT shares it with
 * every process of its user that does the same, another server of this kind too, and neither would know.
 */
async function demandFree(port: number, host: string): Promise<void> {
  const server = createServer((early) => early.destroy())
  server.listen({ port, host, exclusive: true })
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

/** Each front lets a caller have its share of what there is for all of them. */
function ofOne(config: Config): Config {
  const { limits, threads } = config.facade
  const share = (most: number): number => Math.ceil(most / threads)
  const { requestsPerUser, streamsPerUser } = limits
  return {
    ...config,
    facade: {
      ...config.facade,
      caches: [],
      limits: {
        ...limits,
        requestsPerUser: share(requestsPerUser),
        streamsPerUser: share(streamsPerUser),
      },
    },
  }
}
