import type { Contact } from './types.ts'

type Fields = Readonly<Record<string, unknown>>

/** Characters of a text that goes into an object: pictures are put into icons as data. */
const LONGEST = 64 * 1024
const MOST_CONTACTS = 100

/** What people read of a chart. */
export interface Description {
  readonly description: string
  readonly home: string
  readonly icon: string
  readonly maintainers: readonly Contact[]
}

/** Out of chart metadata (Helm documentation, "The Chart.yaml File"); members of other types count as missing. */
export function described(fields: Fields): Description {
  const maintainers = fields['maintainers']
  return {
    description: text(fields['description']),
    home: text(fields['home']),
    icon: text(fields['icon']),
    maintainers: Array.isArray(maintainers)
      ? maintainers.slice(0, MOST_CONTACTS).map((item: unknown) => contact(item))
      : [],
  }
}

/** A text as it is, a number as it was meant; empty for what is neither, or too long. */
export function text(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.length <= LONGEST ? value : ''
}

function contact(value: unknown): Contact {
  const { name, email, url } = (value ?? {}) as Fields
  const fields = { name: text(name), email: text(email), url: text(url) }
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== ''))
}
