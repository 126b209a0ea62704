/**
 * Bundles the page and serves it on a free port of this machine; requests below `/graphql` and `/oauth` go on to the
 * ks-facade of the command line, so that the browser sees one origin.
 */
import { once } from 'node:events'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build } from 'esbuild'
import { commandLine } from '../login.ts'

const [url = ''] = commandLine('serve.ts URL', 1)

const { outputFiles } = await build({
  entryPoints: [new URL('main.tsx', import.meta.url).pathname],
  bundle: true,
  write: false,
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
})
const script = outputFiles[0]?.contents ?? ''
const page = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Deployments</title>
  <link rel="icon" href="data:," />
  <div id="root"></div>
  <script src="main.js"></script>
</html>
`

/** The same request to ks-facade. The page's origin is its own: it stays out, with the browser's host. */
function forward(req: IncomingMessage) {
  const { host: _, origin: __, ...headers } = req.headers
  return request(new URL(req.url ?? '/', url), { method: req.method ?? 'GET', headers })
}

const server = createServer((req, res) => {
  if (req.url === '/') res.setHeader('content-type', 'text/html').end(page)
  else if (req.url === '/main.js') res.setHeader('content-type', 'text/javascript').end(script)
  else if (/^\/(?:graphql|oauth)\b/.test(req.url ?? '')) {
    const sent = forward(req)
    sent.on('response', (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    sent.on('error', () => res.writeHead(502).end())
    req.pipe(sent)
  } else res.writeHead(404).end()
})
server.on('upgrade', (req, socket, head) => {
  socket.on('error', () => {})
  const sent = forward(req).end()
  sent.on('error', () => socket.destroy())
  sent.on('upgrade', (answer, other, first) => {
    const { rawHeaders } = answer
    const lines = rawHeaders.flatMap((name, at) =>
      at % 2 ? [] : [`${name}: ${rawHeaders[at + 1]}`],
    )
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`)
    other.on('error', () => socket.destroy())
    other.unshift(first)
    socket.unshift(head)
    socket.pipe(other).pipe(socket)
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
