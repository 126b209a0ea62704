/** Words of the Rego subset that `rego.ts` reads. */
export type Token =
  | { readonly kind: 'string'; readonly text: string }
  /** A word, or a reference such as `input.User.Name`. */
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string }
  /** End of a statement: a newline or `;`. */
  | { readonly kind: 'end'; readonly text: string }

const WORD =
  /[ \t\r]+|(\n|;)|#[^\n]*|("(?:[^"\\\n]|\\.)*")|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(:=|==|=|[,(){}[\]])/y

/** Undefined where the text holds something that the subset lacks. */
export function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = []
  const word = new RegExp(WORD)
  while (word.lastIndex < text.length) {
    const match = word.exec(text)
    if (!match) return undefined
    const [, end, quoted, name, mark] = match
    if (end !== undefined) tokens.push({ kind: 'end', text: end })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark })
    else if (quoted !== undefined) {
      const plain = unquote(quoted)
      if (plain === undefined) return undefined
      tokens.push({ kind: 'string', text: plain })
    }
  }
  return tokens
}

/** Rego's quoted strings are JSON strings. */
function unquote(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string
  } catch {
    return undefined
  }
}
