/**
 * What a CAS server says about a ticket, in XML: the user, or why there is none. Reads elements by their path, so that
 * a released attribute called `user` is not taken for the user. Throws Error for anything that is no such answer; so are
 * comments, CDATA and document types, which no server needs here. Source: CAS Protocol 3.0, §2.5.
 */
export function casUser(xml: string): string {
  if (/<!/.test(xml)) throw new Error('the CAS server did not answer in plain XML')
  const path: string[] = []
  const texts = new Map<string, string>()
  let refusal: string | undefined
  const tag = /<(\/?)([^\s<>/?]+)([^<>]*?)(\/?)>|<\?[^<>]*\?>/g
  let textFrom = 0
  for (const match of xml.matchAll(tag)) {
    const [whole, closing, name, attributes = '', empty] = match
    const at = path.join('/')
    const text = xml.slice(textFrom, match.index)
    textFrom = match.index + whole.length
    if (name === undefined) continue
    const local = name.slice(name.indexOf(':') + 1)
    if (closing) {
      if (path.pop() !== local) throw new Error('the CAS server did not answer in XML')
      if (!texts.has(at)) texts.set(at, text)
      continue
    }
    if (at === 'serviceResponse' && local === 'authenticationFailure') {
      refusal = /\bcode\s*=\s*["']([\w-]{1,60})["']/.exec(attributes)?.[1] ?? 'INVALID_TICKET'
    }
    if (!empty) path.push(local)
  }
  if (refusal !== undefined) throw new Error(`the CAS server refused the ticket: ${refusal}`)
  const user = texts.get('serviceResponse/authenticationSuccess/user')
  if (path.length > 0 || user === undefined) {
    throw new Error('the CAS server named no user')
  }
  return unescapeXml(user.trim())
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#'))
      return Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
