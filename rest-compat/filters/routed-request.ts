import type { IncomingMessage } from 'node:http'
import type { App } from '../../gateway/context/app.ts'
import type { RequestContext } from '../../gateway/context/types.ts'
import type { ExtensionDocuments } from '../../gateway/domain/extensions/index.ts'
import { parseQuery } from '../../gateway/lib/go-url.ts'
import type { RouteRequest, RouteRow } from '../routes/registry.ts'
import { DEFAULT_BODY_LIMIT, readBody, readEntity } from '../wire/entity.ts'
import type { Exchange } from './exchange.ts'

/** What a handler gets of an exchange. The body is read once, whoever asks first. */
export class RoutedRequest implements RouteRequest {
  readonly app: App
  readonly ctx: RequestContext
  readonly params: Readonly<Record<string, string>>
  readonly req: IncomingMessage
  readonly documents: ExtensionDocuments | undefined
  readonly #x: Exchange
  #body: Promise<Uint8Array> | undefined
  #query: URLSearchParams | undefined

  constructor(
    x: Exchange,
    params: Readonly<Record<string, string>>,
    documents?: ExtensionDocuments,
  ) {
    this.app = x.app
    this.ctx = x.ctx
    this.params = params
    this.req = x.req
    this.documents = documents
    this.#x = x
  }

  get query(): URLSearchParams {
    return (this.#query ??= new URLSearchParams(parseQuery(this.#x.rawQuery)))
  }

  readonly bytes = (limit = DEFAULT_BODY_LIMIT): Promise<Uint8Array> =>
    (this.#body ??= readBody(this.req, limit))

  readonly entity = async <T>(): Promise<T> => readEntity<T>(this.#x.headers, await this.bytes())
}

/** What a handler gets where the request is in another thread: all but its body and head, which it must not ask for. */
export class RemoteRequest implements RouteRequest {
  readonly app: App
  readonly ctx: RequestContext
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly #row: RouteRow

  constructor(row: RouteRow, of: Pick<RouteRequest, 'app' | 'ctx' | 'params' | 'query'>) {
    this.app = of.app
    this.ctx = of.ctx
    this.params = of.params
    this.query = of.query
    this.#row = row
  }

  get req(): never {
    return this.#absent()
  }

  readonly bytes = (): never => this.#absent()

  readonly entity = (): never => this.#absent()

  #absent(): never {
    throw new Error(`${this.#row.operation} reads of a request what is in another thread`)
  }
}
