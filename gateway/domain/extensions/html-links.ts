import { Transform } from 'node:stream'

/** Attributes that hold a URL, by element. Source: the HTML standard's index of attributes, older ones included. */
const URL_ATTRIBUTES: ReadonlyMap<string, readonly string[]> = new Map([
  ['a', ['href']],
  ['applet', ['codebase']],
  ['area', ['href']],
  ['audio', ['src']],
  ['base', ['href']],
  ['blockquote', ['cite']],
  ['body', ['background']],
  ['button', ['formaction']],
  ['command', ['icon']],
  ['del', ['cite']],
  ['embed', ['src']],
  ['form', ['action']],
  ['frame', ['longdesc', 'src']],
  ['head', ['profile']],
  ['html', ['manifest']],
  ['iframe', ['longdesc', 'src']],
  ['img', ['longdesc', 'src', 'usemap']],
  ['input', ['src', 'usemap', 'formaction']],
  ['ins', ['cite']],
  ['link', ['href']],
  ['object', ['classid', 'codebase', 'data', 'usemap']],
  ['q', ['cite']],
  ['script', ['src']],
  ['source', ['src']],
  ['video', ['poster', 'src']],
])

/** Elements whose content is text, whatever it looks like. */
const RAW_TEXT = new Set(
  ['iframe', 'noembed', 'noframes', 'plaintext', 'script', 'style', 'textarea'].concat(
    'title',
    'xmp',
  ),
)

/** Most characters of a tag that are held until its end; a longer one passes as it is. */
const TAG_LIMIT = 64 * 1024

/** Where the text stands that has not been passed on. */
type Within = 'text' | 'comment' | { readonly raw: string }

/**
 * Passes HTML on with the URLs of its attributes changed by `rewrite`; everything else stays byte for byte. Holds no
 * more than one tag. The encoding must agree with ASCII, as UTF-8 does.
 */
export function createHtmlLinks(rewrite: (url: string) => string): Transform {
  let rest = ''
  let within: Within = 'text'
  const advance = (last: boolean): string => {
    let out = ''
    for (;;) {
      const step = next(rest, within, rewrite, last)
      out += step.out
      rest = rest.slice(step.used)
      const stuck = step.used === 0 && step.within === within
      within = step.within
      if (stuck || rest === '') return out
    }
  }
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      rest += chunk.toString('latin1')
      done(null, Buffer.from(advance(false), 'latin1'))
    },
    flush(done) {
      done(null, Buffer.from(advance(true) + rest, 'latin1'))
    },
  })
}

interface Step {
  readonly out: string
  /** Characters that are dealt with; none where more is needed. */
  readonly used: number
  readonly within: Within
}

function next(text: string, within: Within, rewrite: (url: string) => string, last: boolean): Step {
  if (within === 'comment') return until(text, '-->', within, 3)
  if (within !== 'text') return until(text.toLowerCase(), `</${within.raw}`, within, 0, text)
  const open = text.indexOf('<')
  if (open !== 0) return pass(text, open < 0 ? text.length : open)
  if (text.startsWith('<!--')) return { out: '<!--', used: 4, within: 'comment' }
  if (!last && '<!--'.startsWith(text)) return wait(within)
  if (/^<[/!?]/.test(text)) {
    const close = text.indexOf('>')
    return close < 0 ? tooLong(text) : pass(text, close + 1)
  }
  if (!/^<[a-z]/i.test(text)) return pass(text, 1)
  const tag = tagAt(text)
  if (!tag) return tooLong(text)
  return {
    out: edited(text, tag, rewrite),
    used: tag.end,
    within: RAW_TEXT.has(tag.name) ? { raw: tag.name } : 'text',
  }
}

function pass(text: string, used: number): Step {
  return { out: text.slice(0, used), used, within: 'text' }
}

function wait(within: Within): Step {
  return { out: '', used: 0, within }
}

function tooLong(text: string): Step {
  // All of it, or the same characters would be looked through again from each `<` among them.
  return text.length > TAG_LIMIT ? pass(text, text.length) : wait('text')
}

/** Up to `end`, and `more` characters of it; what may be the beginning of `end` is kept. */
function until(text: string, end: string, within: Within, more: number, as = text): Step {
  const at = text.indexOf(end)
  if (at >= 0) return { out: as.slice(0, at + more), used: at + more, within: 'text' }
  const used = Math.max(0, text.length - end.length + 1)
  return { out: as.slice(0, used), used, within }
}

interface Tag {
  readonly name: string
  readonly end: number
  /** Where the values of attributes that hold a URL stand. */
  readonly urls: readonly (readonly [from: number, to: number])[]
}

/** The start tag at the beginning of `text`; undefined where its end is not there yet. */
function tagAt(text: string): Tag | undefined {
  let at = 1
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const name = take(/[^\s/>]+/y).toLowerCase()
  const wanted = URL_ATTRIBUTES.get(name) ?? []
  const urls: [number, number][] = []
  for (;;) {
    take(/[\s/]+/y)
    if (at >= text.length) return undefined
    if (text[at] === '>') return { name, end: at + 1, urls }
    const attribute = take(/=?[^\s/>=]*/y).toLowerCase()
    take(/\s+/y)
    if (text[at] !== '=') continue
    take(/=\s*/y)
    const quote = text[at]
    let value: [number, number]
    if (quote === '"' || quote === "'") {
      const close = text.indexOf(quote, at + 1)
      if (close < 0) return undefined
      value = [at + 1, close]
      at = close + 1
    } else {
      const from = at
      take(/[^\s>]*/y)
      value = [from, at]
    }
    if (wanted.includes(attribute)) urls.push(value)
  }
}

function edited(text: string, { end, urls }: Tag, rewrite: (url: string) => string): string {
  let out = ''
  let from = 0
  for (const [start, stop] of urls) {
    out += text.slice(from, start) + rewrite(text.slice(start, stop))
    from = stop
  }
  return out + text.slice(from, end)
}
