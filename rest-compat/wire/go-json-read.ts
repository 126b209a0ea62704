/**
 * Go's JSON scanner, for what JSON.parse does not say: where the first value of a text ends, and Go's own words for
 * what is wrong with it. Source: documentation of encoding/json `Decoder.Decode` and `SyntaxError`.
 */
export type FirstValue = { text: string } | { error: string }

/** The first JSON value in `text`, or the error that `json.Decoder` would report. Depth is bounded as Go's is: 10000. */
export function firstValue(text: string): FirstValue {
  const scanner = new Scanner(text)
  try {
    scanner.space()
    if (scanner.done()) return { error: 'EOF' }
    const start = scanner.at
    scanner.value(0)
    return { text: text.slice(start, scanner.at) }
  } catch (error) {
    if (error instanceof SyntaxError) return { error: error.message }
    throw error
  }
}

class Scanner {
  at = 0
  private readonly text: string
  constructor(text: string) {
    this.text = text
  }

  done(): boolean {
    return this.at >= this.text.length
  }

  space(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at++
  }

  private fail(context: string): never {
    if (this.done()) throw new SyntaxError('unexpected EOF')
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0)
    throw new SyntaxError(`invalid character ${quoteChar(character)} ${context}`)
  }

  value(depth: number): void {
    if (depth > 10_000) throw new SyntaxError('exceeded max depth')
    this.space()
    const character = this.text[this.at] ?? ''
    if (character === '{') this.object(depth)
    else if (character === '[') this.array(depth)
    else if (character === '"') this.string()
    else if (character === '-' || (character >= '0' && character <= '9')) this.number()
    else if (character === 't') this.word('true')
    else if (character === 'f') this.word('false')
    else if (character === 'n') this.word('null')
    else this.fail('looking for beginning of value')
  }

  private object(depth: number): void {
    this.at++
    this.space()
    if (this.text[this.at] === '}') {
      this.at++
      return
    }
    for (;;) {
      this.space()
      if (this.text[this.at] !== '"') this.fail('looking for beginning of object key string')
      this.string()
      this.space()
      if (this.text[this.at] !== ':') this.fail('after object key')
      this.at++
      this.value(depth + 1)
      this.space()
      const next = this.text[this.at]
      if (next !== ',' && next !== '}') this.fail('after object key:value pair')
      this.at++
      if (next === '}') return
    }
  }

  private array(depth: number): void {
    this.at++
    this.space()
    if (this.text[this.at] === ']') {
      this.at++
      return
    }
    for (;;) {
      this.value(depth + 1)
      this.space()
      const next = this.text[this.at]
      if (next !== ',' && next !== ']') this.fail('after array element')
      this.at++
      if (next === ']') return
    }
  }

  private string(): void {
    this.at++
    for (;;) {
      const character = this.text[this.at]
      if (character === undefined || character < ' ') this.fail('in string literal')
      this.at++
      if (character === '"') return
      if (character !== '\\') continue
      const escape = this.text[this.at] ?? ''
      if (escape === 'u') {
        this.at++
        for (let count = 0; count < 4; count++) {
          if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? ''))
            this.fail(String.raw`in \u hexadecimal character escape`)
          this.at++
        }
      } else if (escape !== '' && '"\\/bfnrt'.includes(escape)) this.at++
      else this.fail('in string escape code')
    }
  }

  private digits(): void {
    while (/[0-9]/.test(this.text[this.at] ?? '')) this.at++
  }

  private number(): void {
    if (this.text[this.at] === '-') this.at++
    if (!/[0-9]/.test(this.text[this.at] ?? '')) this.fail('in numeric literal')
    if (this.text[this.at] === '0') this.at++
    else this.digits()
    if (this.text[this.at] === '.') {
      this.at++
      if (!/[0-9]/.test(this.text[this.at] ?? ''))
        this.fail('after decimal point in numeric literal')
      this.digits()
    }
    if (/[eE]/.test(this.text[this.at] ?? '')) {
      this.at++
      if (/[+-]/.test(this.text[this.at] ?? '')) this.at++
      if (!/[0-9]/.test(this.text[this.at] ?? '')) this.fail('in exponent of numeric literal')
      this.digits()
    }
  }

  private word(word: string): void {
    for (let index = 1; index < word.length; index++) {
      this.at++
      if (this.text[this.at] !== word[index]) {
        this.fail(`in literal ${word} (expecting ${quoteChar(word[index] ?? '')})`)
      }
    }
    this.at++
  }
}

function quoteChar(character: string): string {
  if (character === "'") return String.raw`'\''`
  if (character === '"') return `'"'`
  return `'${JSON.stringify(character).slice(1, -1)}'`
}
