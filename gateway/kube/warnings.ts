/** One value of a `Warning` header: code, agent and quoted text (RFC 7234 §5.5). */
const warning = /\d{3} \S+ "((?:[^"\\]|\\.)*)"(?: "[^"]*")?/g

/** The texts of `Warning` headers, each once, in their order. */
export function warningsOf(header: string | string[] | undefined): string[] {
  const lines = typeof header === 'string' ? [header] : (header ?? [])
  const texts = lines.flatMap((line) =>
    [...line.matchAll(warning)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1')),
  )
  return [...new Set(texts)]
}
