import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Server } from 'node:https'
import type { Logger } from 'pino'

export interface CertificateFiles {
  certFile: string
  keyFile: string
}

export interface Certificate {
  cert: Buffer
  key: Buffer
}

/** Milliseconds between looks at the files. */
const LOOK_MS = 10_000

/** Certificate chain and key; throws an error that names the files when they cannot be used. */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  try {
    const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)])
    createSecureContext({ cert, key })
    return { cert, key }
  } catch (error) {
    const names = `${files.certFile} and ${files.keyFile}`
    throw new Error(`the certificate and key of ${names} cannot be used`, { cause: error })
  }
}

/**
 * Takes a changed certificate for new connections; open ones stay as they are. The files are read again and again, as a
 * mounted Secret changes by its links, which file watchers miss. A pair that cannot be used (the files are written one
 * after the other) leaves the one before in place. Disposing ends it.
 */
export function followCertificate(
  server: Pick<Server, 'setSecureContext'>,
  files: CertificateFiles,
  options: { first: Certificate; log: Logger; everyMs?: number },
): Disposable {
  let current = options.first
  let looking = false
  let told = ''
  const look = async (): Promise<void> => {
    try {
      const next = await readCertificate(files)
      told = ''
      if (next.cert.equals(current.cert) && next.key.equals(current.key)) return
      server.setSecureContext(next)
      current = next
      options.log.info({ certFile: files.certFile }, 'the certificate was renewed')
    } catch (error) {
      const text = String(error)
      if (text !== told) options.log.warn({ err: error }, 'the certificate stays as it was')
      told = text
    }
  }
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void look().finally(() => (looking = false))
  }, options.everyMs ?? LOOK_MS).unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
