import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { run } from './run.ts'

const cache = resolve(import.meta.dirname, '../../node_modules/.cache')

/** What each use imports, in an environment of its own. */
const environments = {
  conformance: { folder: 'ks-facade-python', packages: ['httpx', 'pyyaml', 'bcrypt'] },
  kubernetes: { folder: 'ks-facade-python-37.0.2', packages: ['kubernetes[aio]==37.0.2'] },
  fuzz: {
    folder: 'ks-facade-python-schemathesis-4.32.5',
    packages: ['schemathesis==4.32.5', 'clairvoyance==2.5.5'],
  },
  gql: { folder: 'ks-facade-python-gql-4.4.0', packages: ['gql[httpx,websockets]==4.4.0'] },
  moto: { folder: 'ks-facade-python-moto-5.2.5', packages: ['moto[server]==5.2.5'] },
}

const install = `test -d "$1/ready" && exit
python3 -m venv "$1" && home=$1 && shift &&
"$home/bin/python" -m pip install --quiet "$@" && mkdir "$home/ready"`

/** Path of a Python that has what the tests of this kind import; made on first use (about 20 s). */
export async function ensurePython(
  kind: keyof typeof environments = 'conformance',
): Promise<string> {
  const { folder, packages } = environments[kind]
  const home = join(cache, folder)
  const python = join(home, 'bin/python')
  if (existsSync(join(home, 'ready'))) return python
  await mkdir(cache, { recursive: true })
  // Tests that run at the same time may each want it: one makes it, the others wait.
  await run('flock', [`${home}.lock`, 'sh', '-c', install, 'install', home, ...packages])
  return python
}
