const MASK = '***'

/** Ends of keys (lower case, without `-`, `_` and `.`) whose text is a secret. */
const SECRET_KEY =
  /(?:password|passwd|passphrase|secret|token|kubeconfig|privatekey|apikey|accesskey|secretaccesskey|signkey|signkeydata|keyfile|keydata|credential|credentials|authorization|cookie|codeverifier|ticket|dockerconfigjson)$/

/**
 * Texts that are secrets wherever they stand: bcrypt hashes, JWTs, private keys. Whoever sends a request writes the text:
 * nothing here may begin again within what it has read, or a long one would hold everybody up.
 */
const SECRET_TEXT =
  /\$2[abxy]\$\d\d\$[./A-Za-z0-9]{20,}|(?<![\w-])eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*)?|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g

/** The password in a URL. A search that begins at one `://` ends at the next. */
const SECRET_USERINFO = /(:\/\/[^\s/?#@:]*:)[^\s/?#]*@/g

/** `key: value` and `key=value` lines in a text, such as a configuration file. */
const SECRET_LINE =
  /^([ \t]*(?:-[ \t]+)*["']?[\w.-]*(?:password|passwd|secret|token|signkeydata|privatekey|accesskey)["']?[ \t]*[:=][ \t]*)\S.*$/gim

const SECRET_FIELDS = new Set(['data', 'stringData', 'binaryData'])
const DEPTH = 100

/**
 * A copy of a JSON value without secrets: texts below telling keys, environment variables and JSON patches of telling
 * names, all data of Secrets (`secrets` = the request is about Secrets), hashes, tokens, private keys and passwords of URLs in any text,
 * JSON in texts included.
 */
export function maskSecrets(value: unknown, secrets = false): unknown {
  return mask(value, { secrets, below: false }, 0)
}

interface Place {
  /** Inside an object whose data is secret. */
  readonly secrets: boolean
  /** Below a key that says secret. */
  readonly below: boolean
}

function mask(value: unknown, place: Place, depth: number): unknown {
  if (depth > DEPTH) return MASK
  if (typeof value === 'string') return place.below && value !== '' ? MASK : maskText(value, depth)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => mask(item, place, depth + 1))
  return maskObject(value as Record<string, unknown>, place, depth)
}

function maskObject(
  object: Record<string, unknown>,
  place: Place,
  depth: number,
): Record<string, unknown> {
  const { kind, type } = object
  const secrets =
    place.secrets || kind === 'Secret' || kind === 'SecretList' || isSecretType(type, object)
  const named = namesSecret(object, secrets)
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(object)) {
    const below =
      (SECRET_FIELDS.has(key) && secrets) ||
      (key === 'value' && named) ||
      (place.below && typeof value !== 'boolean') ||
      SECRET_KEY.test(plainKey(key))
    // Defined rather than assigned: a key may be `__proto__`.
    Object.defineProperty(out, key, {
      value: mask(value, { secrets, below }, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return out
}

/** A Secret without its kind, as items of a list come. */
function isSecretType(type: unknown, object: Record<string, unknown>): boolean {
  return typeof type === 'string' && typeof object['data'] === 'object' && 'metadata' in object
}

/** An environment variable, a parameter or a patch operation that carries a secret as `value`. */
function namesSecret({ name, path, op }: Record<string, unknown>, secrets: boolean): boolean {
  if (typeof name === 'string' && SECRET_KEY.test(plainKey(name))) return true
  if (typeof path !== 'string' || typeof op !== 'string') return false
  const parts = path.split('/')
  return (
    SECRET_KEY.test(plainKey(parts.at(-1) ?? '')) || (secrets && SECRET_FIELDS.has(parts[1] ?? ''))
  )
}

function plainKey(key: string): string {
  return key.toLowerCase().replace(/[-_.]/g, '')
}

function maskText(text: string, depth: number): string {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.stringify(mask(JSON.parse(text), { secrets: false, below: false }, depth + 1))
    } catch {
      // No JSON after all.
    }
  }
  const plain = text.replace(SECRET_TEXT, MASK).replace(SECRET_USERINFO, `$1${MASK}@`)
  return plain.includes('\n') || plain.includes(':') || plain.includes('=')
    ? plain.replace(SECRET_LINE, `$1${MASK}`)
    : plain
}
