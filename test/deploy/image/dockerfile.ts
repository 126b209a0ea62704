import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deployFolder } from '../support.ts'

export interface Instruction {
  readonly name: string
  /** What follows the name, continuation lines joined. */
  readonly rest: string
}

/** Instructions of deploy/image/Dockerfile by stage, in their order; each stage begins with its `FROM`. */
export async function stages(): Promise<readonly (readonly Instruction[])[]> {
  const text = await readFile(join(deployFolder, 'image/Dockerfile'), 'utf8')
  const lines = text.replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '')
  const found: Instruction[][] = []
  for (const line of lines.split('\n').filter(Boolean)) {
    const [, name = '', rest = ''] = /^(\w+) (.*)$/.exec(line) ?? []
    if (name === 'FROM') found.push([])
    found.at(-1)?.push({ name, rest })
  }
  return found
}

/** What a `COPY` takes out of the context, and where it puts it; nothing for one that copies from another stage. */
export function copied({ name, rest }: Instruction): { sources: string[]; target: string } {
  const words = rest.split(' ').filter((word) => !word.startsWith('--'))
  if (name !== 'COPY' || rest.includes('--from=')) return { sources: [], target: '' }
  return { sources: words.slice(0, -1), target: words.at(-1) ?? '' }
}
