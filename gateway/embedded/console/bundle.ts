import { createRequire } from 'node:module'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type Plugin } from 'esbuild'

const languages = ['en', 'zh']

/** A module of lines that esbuild reads as if it stood in the installed folder. */
function entry(name: string, lines: readonly string[], folder: string): Plugin {
  return {
    name: 'entry',
    setup(setup) {
      setup.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({
        path: name,
        namespace: 'entry',
      }))
      setup.onLoad({ filter: /.*/, namespace: 'entry' }, () => ({
        contents: lines.join('\n'),
        resolveDir: folder,
      }))
    },
  }
}

async function bundle(name: string, lines: readonly string[], folder: string): Promise<void> {
  await build({
    entryPoints: [name],
    plugins: [entry(name, lines, folder)],
    absWorkingDir: folder,
    outdir: join(folder, 'dist/js'),
    bundle: true,
    minify: true,
    format: 'iife',
    logLevel: 'silent',
    // Some of its ECMAScript modules have `module`, of which webpack makes an object, in the keys of their caches.
    define: { 'process.env.NODE_ENV': '"production"', global: 'window', module: '"module"' },
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff2': 'dataurl', '.ttf': 'dataurl' },
    alias: { path: 'path-browserify' },
  })
}

/** Modules that the console hands to extensions, by the names its server gives them. */
function sharedModules(folder: string): string[] {
  const file = join(folder, 'node_modules/@ks-console/server/configs/systemImports.js')
  const map = createRequire(file)(file) as Record<string, string>
  return Object.entries(map).flatMap(([module, name], index) => [
    `import * as shared${index} from ${JSON.stringify(module)}`,
    `System.set(${JSON.stringify(name)}, { ...shared${index} })`,
  ])
}

async function texts(folder: string, language: string): Promise<string> {
  const from = join(folder, 'node_modules/@ks-console/locales/dist', language)
  const all: Record<string, unknown> = {}
  for (const name of (await readdir(from)).toSorted())
    Object.assign(all, JSON.parse(await readFile(join(from, name), 'utf8')))
  return JSON.stringify(all)
}

/**
 * Makes `dist` of the console in `folder` out of its published modules: what its own webpack configuration makes, but by
 * esbuild, which is here and takes seconds. Its pages ask for three scripts; one holds everything.
 */
export async function bundleConsole(folder: string): Promise<void> {
  const dist = join(folder, 'dist')
  for (const name of ['dll', 'js', 'locales']) await mkdir(join(dist, name), { recursive: true })
  await bundle(
    'main',
    [`import { run } from '@ks-console/core'`, ...sharedModules(folder), 'run()'],
    folder,
  )
  await bundle(
    'terminal',
    [`import { runTerminal } from '@ks-console/core'`, 'runTerminal()'],
    folder,
  )
  const manifest: Record<string, string> = {
    'main.js': 'js/main.js',
    'terminal.js': 'js/terminal.js',
    'vendor.js': 'js/vendor.js',
  }
  for (const language of languages) {
    const file = `locales/${language}.json`
    await writeFile(join(dist, file), await texts(folder, language))
    manifest[`locales-${language}`] = file
  }
  await writeFile(join(dist, 'js/vendor.js'), '')
  await writeFile(join(dist, 'dll/common.js'), '')
  await writeFile(join(dist, 'dll/manifest.json'), JSON.stringify({ 'common.js': 'common.js' }))
  await writeFile(join(dist, 'manifest.json'), JSON.stringify(manifest))
  const assets = join(folder, 'node_modules/@ks-console/bootstrap/assets')
  await cp(assets, join(dist, 'assets'), {
    recursive: true,
    filter: (path) => !path.includes(join('assets', 'v3dist')),
  })
  await cp(join(assets, 'v3dist'), join(dist, 'v3dist'), { recursive: true })
}
