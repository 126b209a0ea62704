import { jsonObject, RegistryError } from './errors.ts'
import { refused } from './http.ts'
import type { Session } from './session.ts'

const PAGE = 1000
/** Bytes of a page, and how many tags a repository may have. */
const LONGEST_PAGE = 4 * 1024 * 1024
const MOST_TAGS = 100_000
const MOST_PAGES = 1000

/**
 * All tags of a repository in the registry's order (OCI distribution specification, "Listing Tags"), page after page as
 * `Link` says. Throws RegistryError, also for pages without an end.
 */
export async function listTags(session: Session, repository: string): Promise<string[]> {
  const tags: string[] = []
  let url: URL | undefined = new URL(`/v2/${repository}/tags/list?n=${PAGE}`, session.origin)
  const seen = new Set<string>()
  while (url) {
    if (seen.has(url.href) || seen.size === MOST_PAGES || tags.length > MOST_TAGS) {
      throw new RegistryError('tags', `the list of tags of ${repository} has no end`)
    }
    seen.add(url.href)
    const page = { path: url, accept: 'application/json', limit: LONGEST_PAGE }
    const answer = await session.get({ step: 'tags', ...page })
    if (answer.status !== 200) throw refused('tags', url, answer)
    const { tags: listed } = jsonObject('tags', answer.body)
    // Registries write null for a repository whose tags are gone.
    if (Array.isArray(listed)) {
      for (const tag of listed) if (typeof tag === 'string') tags.push(tag)
    }
    url = nextPage(answer.headers['link'], url)
  }
  return tags
}

/** Where the next page is (RFC 8288): at the same registry, anything else would be led there. */
function nextPage(header: string | string[] | undefined, page: URL): URL | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '')
  const [, target] = /<([^>]*)>[^<]*?;\s*rel="?next"?/i.exec(text) ?? []
  if (target === undefined) return undefined
  const url = URL.parse(target, page)
  if (url?.origin === page.origin) return url
  throw new RegistryError('tags', 'the next page of tags is said to be at another host')
}
