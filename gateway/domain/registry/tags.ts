import { jsonObject, RegistryError } from './errors.ts'
import { refused } from './http.ts'
import type { Session } from './session.ts'

const PAGE = 1000
/** Bytes of a page, and how many names a list may have. */
const LONGEST_PAGE = 4 * 1024 * 1024
const MOST_NAMES = 100_000
const MOST_PAGES = 1000

/**
 * All tags of a repository in the registry's order (OCI distribution specification, "Listing Tags"), page after page as
 * `Link` says. Throws RegistryError, also for pages without an end.
 */
export function listTags(session: Session, repository: string): Promise<string[]> {
  return listNames(session, `/v2/${repository}/tags/list`, 'tags', `tags of ${repository}`)
}

/** Names of all repositories that this login may see (Docker Registry HTTP API V2, "Listing Repositories"), as `listTags`. */
export function listRepositories(session: Session): Promise<string[]> {
  return listNames(session, '/v2/_catalog', 'repositories', 'repositories')
}

async function listNames(
  session: Session,
  path: string,
  member: string,
  what: string,
): Promise<string[]> {
  const names: string[] = []
  let url: URL | undefined = new URL(`${path}?n=${PAGE}`, session.origin)
  const seen = new Set<string>()
  while (url) {
    if (seen.has(url.href) || seen.size === MOST_PAGES || names.length > MOST_NAMES) {
      throw new RegistryError('tags', `the list of ${what} has no end`)
    }
    seen.add(url.href)
    const page = { path: url, accept: 'application/json', limit: LONGEST_PAGE }
    const answer = await session.get({ step: 'tags', ...page })
    if (answer.status !== 200) throw refused('tags', url, answer)
    const { [member]: listed } = jsonObject('tags', answer.body)
    // Registries write null for a repository whose tags are gone.
    if (Array.isArray(listed)) {
      for (const name of listed) if (typeof name === 'string') names.push(name)
    }
    url = nextPage(answer.headers['link'], url)
  }
  return names
}

/** Where the next page is (RFC 8288): at the same registry, anything else would be led there. */
function nextPage(header: string | string[] | undefined, page: URL): URL | undefined {
  const text = Array.isArray(header) ? header.join(', ') : (header ?? '')
  const [, target] = /<([^>]*)>[^<]*?;\s*rel="?next"?/i.exec(text) ?? []
  if (target === undefined) return undefined
  const url = URL.parse(target, page)
  if (url?.origin === page.origin) return url
  throw new RegistryError('tags', 'the next page of a list is said to be at another host')
}
