/** How the original writes answers and reads bodies: the door for route tables and filters. */
export { empty, json, jsonMessage } from './json.ts'
export { kubeListReply, listOf, listReply } from './list.ts'
export {
  emptyObjectError,
  goQuote,
  internalError,
  notAcceptable,
  proxyFailure,
  rawStatus,
  routerError,
  textError,
} from './errors.ts'
export { statusReply } from './status.ts'
export { parseEntity, readEntity } from './entity.ts'
