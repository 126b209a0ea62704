/**
 * Writes docs/console.md from the pages and flows that `npm run test:console` walks: `node test/docs/console.ts --write`.
 * The test beside it fails when the committed page is stale.
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'prettier'
import {
  accessFlows,
  addCluster,
  clusterFlows,
  projectFlows,
  removeCluster,
  tenantFlows,
} from '../console/flows.ts'
import {
  accessPages,
  clusterDetails,
  clusterPages,
  hidden,
  projectDetails,
  projectPages,
  workspacePages,
} from '../console/pages.ts'
import { known } from '../console/refusals.ts'

export const page = resolve(import.meta.dirname, '../../docs/console.md')

const areas = [
  {
    name: 'Platform and access',
    under: '',
    pages: accessPages,
    flows: accessFlows,
  },
  {
    name: 'Clusters',
    under: '/clusters',
    pages: [...clusterPages, ...clusterDetails],
    flows: [...clusterFlows, addCluster('branch', ''), removeCluster('branch')],
  },
  { name: 'Workspaces', under: '/workspaces/demo', pages: workspacePages, flows: tenantFlows },
  {
    name: 'Projects',
    under: '/demo/clusters/host/projects/demo-project',
    pages: [...projectPages, ...projectDetails],
    flows: projectFlows,
  },
]

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

/** The page as text. */
export function renderConsole(): Promise<string> {
  const lines = [
    '# The legacy console',
    '',
    'Generated from what `npm run test:console` walks, by `node test/docs/console.ts --write`.',
    '',
    'The published web console (npm `@ks-console/*` 4.1.1) runs unchanged in front of ks-facade. `npm start -- --console` puts it',
    'in front of the embedded platform and prints its address, for a person; `npm run test:console` walks it in a headless',
    'Chromium, all on loopback. The first of either installs 400 MB of packages into `node_modules/.cache`. Words after `--`',
    'walk only the parts whose names have one of them: `npm run test:console -- clusters`, `-- flows`, `-- shells`, `-- leo`.',
    '',
    'Each page must show something of its own, and nothing that failed may be asked for it that the original answers; what',
    'scripts of the console do not catch fails the walk too. Each flow must come to its call, which is answered, and show what',
    'came of it.',
    '',
    '## As an administrator',
    ...areas.flatMap(({ name, under, pages, flows }) => [
      '',
      `### ${name}`,
      '',
      `${pages.length} pages${under && `, under ${code(under)} where nothing else is said`}:`,
      pages.map(([path]) => code(path.replace(under, '') || path)).join(', ') + '.',
      '',
      '| flow | comes to |',
      '| --- | --- |',
      ...flows.map(
        ({ does, call: [method, path] }) =>
          `| ${does} | ${code(`${method} ${path.source.replaceAll('\\', '').replace(/\$$/, '')}`)} |`,
      ),
    ]),
    '',
    'And shells: in a container of a pod, and of kubectl, over the websockets that the console opens.',
    '',
    '## As ordinary users',
    '',
    '`dora` runs the workspace of the demo: all pages of workspaces and projects. `leo` reads one project: its lists and details.',
    'What they may not do is not offered:',
    '',
    '| user | page | has no |',
    '| --- | --- | --- |',
    ...Object.entries(hidden).flatMap(([user, pages]) =>
      pages.map(([path, , hides]) => `| ${user} | ${code(path)} | ${code(hides.source)} |`),
    ),
    '',
    '## Calls that fail on the original too',
    '',
    '| address | status | why |',
    '| --- | --- | --- |',
    ...known.map(([path, codes, why]) => `| ${code(path.source)} | ${codes.join(', ')} | ${why} |`),
    '',
    'To ordinary users the frame of every page asks for the cluster, which is refused with 403.',
    '',
    'The console itself has bugs that no server mends: both of its halves write into one style sheet while they start, and on a',
    'busy machine one falls over the other (the walk reloads, as a person does); the tabs of a page in a project are not',
    'reached by their addresses, nor is its page of a container; a storage class without annotations empties their list.',
    '',
  ]
  return format(lines.join('\n'), { parser: 'markdown', printWidth: 100 })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const text = await renderConsole()
  if (process.argv.includes('--write')) await writeFile(page, text)
  else process.stdout.write(text)
}
