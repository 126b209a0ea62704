/** How the original writes answers and reads bodies: the door for route tables and filters. */
export { empty, json, jsonMessage, jsonText, text, withHeaders } from './json.ts'
export { kubeListReply, listOf, listReply } from './list.ts'
export {
  emptyObjectError,
  goQuote,
  internalError,
  notAcceptable,
  proxyFailure,
  rawStatus,
  routerError,
  sanitize,
  statusOf,
  textError,
} from './errors.ts'
export { statusReply, toStatus } from './status.ts'
export { DEFAULT_BODY_LIMIT, parseEntity, readBody, readEntity } from './entity.ts'
export { acceptable, consumable, parseAccept } from './negotiate.ts'
