/**
 * Writes docs/compat.md from the route tables and from the list of deliberate differences:
 * `node test/docs/compat.ts --write`. The test beside it fails when the committed page is stale.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'prettier'
import { allRoutes } from '../../rest-compat/routes/index.ts'

const root = resolve(import.meta.dirname, '../..')
export const page = resolve(root, 'docs/compat.md')

interface Difference {
  id: string
  reason: string
  /** A sharp edge that was looked at and stays as the original has it. */
  kept?: boolean
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function table(rows: readonly Difference[]): string[] {
  const byReason = Map.groupBy(rows, ({ reason }) => reason)
  return [
    '| what ks-facade does, and why | recorded cases and decisions |',
    '| --- | --- |',
    ...[...byReason].map(
      ([reason, same]) =>
        `| ${cell(reason)} | ${same.map(({ id }) => `\`${cell(id)}\``).join('<br>')} |`,
    ),
  ]
}

/** The page as text: differences first, then every route by group. */
export async function renderCompat(): Promise<string> {
  const differences = JSON.parse(
    await readFile(resolve(root, 'test/contract/expectation.json'), 'utf8'),
  ) as Difference[]
  const kept = differences.filter((one) => one.kept)
  const byTag = Map.groupBy(allRoutes, ({ tags }) => tags[0] ?? 'other')
  const lines = [
    '# Compatibility with ks-apiserver',
    '',
    'Generated from the route tables and from `test/contract/expectation.json` by `node test/docs/compat.ts --write`.',
    '',
    'ks-facade reproduces what a well-behaved client can depend on: paths, status codes, JSON values, error texts,',
    'headers, order. It never reproduces what leaks a secret, bypasses authorization, crashes or loses data.',
    '',
    '## Where answers differ on purpose',
    '',
    ...table(differences.filter((one) => !one.kept)),
    '',
    '## What stays as it is, on purpose',
    '',
    ...table(kept),
    '',
    '## Routes',
    '',
    `${allRoutes.length} routes, besides the proxies: \`/api\`, \`/apis\`, \`/dist\`, \`/proxy\`, \`/clusters/{cluster}\`, APIServices and the generic`,
    '`/kapis/{group}/{version}` over every served kind.',
    'Nothing that ks-apiserver documents is missing: `test/docs/routes.test.ts` holds this table to it.',
    ...[...byTag]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .flatMap(([tag, rows]) => [
        '',
        `### ${tag}`,
        '',
        '| method | path | does |',
        '| --- | --- | --- |',
        ...rows.map(
          ({ method, path, summary }) => `| ${method} | \`${path}\` | ${cell(summary)} |`,
        ),
      ]),
    '',
  ]
  return format(lines.join('\n'), { parser: 'markdown', printWidth: 100 })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await renderCompat()
  if (process.argv.includes('--write')) await writeFile(page, text)
  else process.stdout.write(text)
}
