import type { IncomingHttpHeaders } from 'node:http'
import { header } from '../../filters/exchange.ts'
import type { Reply } from '../registry.ts'

/**
 * Why a request is no websocket handshake, in the order and with the answers of the original (platform-apis.md §9.1);
 * undefined for one that is.
 */
export function handshakeFault(headers: IncomingHttpHeaders): Reply | undefined {
  if (!tokens(header(headers, 'connection')).includes('upgrade')) return fault(400, 'Bad Request')
  if (!tokens(header(headers, 'upgrade')).includes('websocket')) {
    return fault(426, 'Upgrade Required', { upgrade: 'websocket' })
  }
  if (!tokens(header(headers, 'sec-websocket-version')).includes('13')) {
    return fault(400, 'Bad Request')
  }
  const key = header(headers, 'sec-websocket-key')
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key)) return fault(400, 'Bad Request')
  return undefined
}

function tokens(value: string): string[] {
  return value.split(',').map((token) => token.trim().toLowerCase())
}

function fault(status: number, text: string, more: Record<string, string> = {}): Reply {
  return {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'sec-websocket-version': '13',
      ...more,
    },
    body: `${text}\n`,
  }
}
