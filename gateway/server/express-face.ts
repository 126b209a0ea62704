import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Express } from 'express'

/** Answers one request by an express application; resolves when the answer is sent or the client is gone. */
export function answerBy(http: Express, req: IncomingMessage, res: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    res.once('close', () => resolve())
    http(req, res)
  })
}
