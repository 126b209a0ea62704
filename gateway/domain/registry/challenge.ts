/** One challenge of `WWW-Authenticate`. */
export interface Challenge {
  /** Lower case. */
  readonly scheme: string
  /** By name in lower case. */
  readonly parameters: Readonly<Record<string, string>>
}

const PART =
  /[\s,]*(?:(?<key>[\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<plain>[^\s,"]*))|(?<scheme>[\w!#$%&'*+.^`|~-]+))/y

/** The challenges of a header, several in one value or in several (RFC 9110 §11.6.1). What cannot be read ends the list. */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const text = typeof header === 'string' ? header : (header ?? []).join(', ')
  const challenges: { scheme: string; parameters: Record<string, string> }[] = []
  PART.lastIndex = 0
  while (PART.lastIndex < text.length) {
    const groups = PART.exec(text)?.groups
    if (!groups) break
    const { key, quoted, plain, scheme } = groups
    if (scheme !== undefined) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} })
    const last = challenges.at(-1)
    if (key !== undefined && last) {
      last.parameters[key.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? ''
    }
  }
  return challenges
}

/** The challenge that can be answered: a bearer token before a password. */
export function answerable(challenges: readonly Challenge[]): Challenge | undefined {
  const of = (scheme: string) => challenges.find((challenge) => challenge.scheme === scheme)
  return of('bearer') ?? of('basic')
}
