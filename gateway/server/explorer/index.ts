import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { resolve } from 'node:path'
import express from 'express'
import { answerBy } from '../express-face.ts'
import { bundledAssets, pageHeaders } from '../pages/assets.ts'

/** Nothing from elsewhere and nothing inline, but for the style elements of the terminal, which carry the nonce. */
const policy = (nonce: string) => [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' 'nonce-${nonce}'`,
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
]

const page = (nonce: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>ks-facade</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="explorer/assets/client.css" />
  </head>
  <body>
    <div id="root"></div>
    <noscript>This page needs JavaScript.</noscript>
    <script src="explorer/assets/client.js" nonce="${nonce}" defer></script>
  </body>
</html>
`

const entryPoints = { client: resolve(import.meta.dirname, 'client/main.tsx') }

export interface ExplorerFace {
  /** Answers one request whose path is `/explorer` or below; resolves when the answer is sent or the client is gone. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
}

/** A page for people at `/explorer`, made of the graph alone; it logs in at `/oauth/token` like every client. */
export function createExplorer(): ExplorerFace {
  const http = express()
  http.disable('x-powered-by').disable('etag').enable('strict routing')
  http.get('/explorer', (_req, res) => {
    const nonce = randomBytes(16).toString('base64')
    res
      .set(pageHeaders(policy(nonce)))
      .type('html')
      .send(page(nonce))
  })
  http.get('/explorer/', (_req, res) => res.redirect(308, '../explorer'))
  http.get('/explorer/assets/:name', bundledAssets(entryPoints))
  http.use((_req, res) => void res.status(404).type('text').send('404 page not found\n'))
  return {
    handle: (req, res) => answerBy(http, req, res),
  }
}
