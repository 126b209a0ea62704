const INTEGERS = ['limit', 'timeoutSeconds']
const FALSE = new Set(['false', '0'])
/** Values that could not stand in a path cannot pin a name. */
const NO_NAME = /^\.{1,2}$|[/%]/

/**
 * What the request filter reads out of the query of a list: whether it is a watch, and the name when the field
 * selector pins `metadata.name` to one value. The name counts only if the whole query decodes as list options.
 * Source: Kubernetes API concepts, "Efficient detection of changes"; pipeline.md §5.3.
 */
export function readListOptions(query: ReadonlyMap<string, string> | undefined): {
  watch: boolean
  name: string
} {
  if (!query) return { watch: false, name: '' }
  const flag = query.get('watch')
  const watch = flag !== undefined && !FALSE.has(flag.toLowerCase())
  const fieldSelector = query.get('fieldSelector')
  if (!fieldSelector) return { watch, name: '' }
  const numbersDecode = INTEGERS.every((key) => /^[+-]?\d+$/.test(query.get(key) || '0'))
  const labelsDecode = isLabelSelector(query.get('labelSelector') ?? '')
  const terms = numbersDecode && labelsDecode ? parseFieldSelector(fieldSelector) : undefined
  const pinned = terms?.find(({ key, op }) => key === 'metadata.name' && op === '=')?.value ?? ''
  return { watch, name: NO_NAME.test(pinned) ? '' : pinned }
}

interface FieldTerm {
  key: string
  op: '=' | '!='
  value: string
}

/** Terms of a field selector; undefined where it cannot be parsed. A backslash escapes `,`, `=` and itself. */
function parseFieldSelector(text: string): FieldTerm[] | undefined {
  const terms: FieldTerm[] = []
  for (const part of text.match(/(?:\\[^]|[^\\,])+/g) ?? []) {
    const term = /^([^=!]*?)(!=|==|=)([^]*)$/.exec(part)
    if (!term) return undefined
    const [, key = '', operator, raw = ''] = term
    const value = unescapeValue(raw)
    if (value === undefined) return undefined
    terms.push({ key, op: operator === '!=' ? '!=' : '=', value })
  }
  return terms
}

function unescapeValue(raw: string): string | undefined {
  if (!/^(?:\\[\\,=]|[^\\,=])*$/.test(raw)) return undefined
  return raw.replace(/\\([\\,=])/g, '$1')
}

const LABEL_KEY = String.raw`(?:[a-zA-Z0-9][-a-zA-Z0-9.]*\/)?[a-zA-Z0-9](?:[-\w.]*[a-zA-Z0-9])?`
const LABEL_VALUE = String.raw`[-\w.]*`
const REQUIREMENT = String.raw`\s*(?:!?\s*${LABEL_KEY}|${LABEL_KEY}\s*(?:==?|!=)\s*${LABEL_VALUE}|${LABEL_KEY}\s*[<>]\s*\d+|${LABEL_KEY}\s+(?:not)?in\s*\([^()]*\))\s*`
const LABEL_SELECTOR = new RegExp(`^(?:${REQUIREMENT}(?:,${REQUIREMENT})*)?$`)

/** Whether the text has the form of a label selector. Bounded: longer ones are taken as one. */
function isLabelSelector(text: string): boolean {
  return text.length > 1024 || LABEL_SELECTOR.test(text)
}
