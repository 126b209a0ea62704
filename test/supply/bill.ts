import { createHash } from 'node:crypto'

/** A part of a bill of materials (CycloneDX 1.6, `component`). */
export interface Component {
  readonly type: 'library'
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses?: readonly [{ readonly expression: string }]
  readonly hashes?: readonly [{ readonly alg: 'SHA-512' | 'SHA-256'; readonly content: string }]
}

/** What an entry of package-lock.json (version 3) says of a package. */
export interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly link?: boolean
  readonly hasInstallScript?: boolean
}

export interface Lock {
  readonly name: string
  readonly version: string
  readonly packages: Readonly<Record<string, LockedPackage>>
}

export interface Bill {
  readonly bomFormat: 'CycloneDX'
  readonly specVersion: '1.6'
  readonly serialNumber: string
  readonly version: 1
  readonly metadata: { readonly component: object }
  readonly components: readonly Component[]
}

/** The packages that run in production, by the place where they are installed. */
export function productionPackages({ packages }: Lock): [place: string, of: LockedPackage][] {
  return Object.entries(packages).filter(([place, { dev, link }]) => place !== '' && !dev && !link)
}

/** The name of the package that is installed at `place`. */
export function nameAt(place: string): string {
  return place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** Modules of a go.sum with the hash of what is compiled, `h1:` of dirhash: base64 of a SHA-256. */
export function goModules(sum: string): { name: string; version: string; hash: string }[] {
  return Array.from(sum.matchAll(/^(\S+) (v[^\s/]+) h1:(\S+)$/gm), ([, name, version, hash]) => ({
    name: name ?? '',
    version: version ?? '',
    hash: hash ?? '',
  }))
}

/**
 * The bill of materials of what runs: packages of the lock file without those of development, and modules of the Go
 * programs that are built from these `go.sum` texts. The same input gives the same bill. Source: CycloneDX 1.6, package
 * URL (purl) types npm and golang.
 */
export function billOf(lock: Lock, goSums: readonly string[]): Bill {
  const components = new Map<string, Component>()
  for (const [place, { version = '', license, integrity = '' }] of productionPackages(lock)) {
    const name = nameAt(place)
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
    const [algorithm, digest = ''] = integrity.split('-')
    components.set(purl, {
      ...component(name, version, purl),
      ...(license ? { licenses: [{ expression: license }] } : {}),
      ...(algorithm === 'sha512' ? { hashes: [{ alg: 'SHA-512', content: hex(digest) }] } : {}),
    })
  }
  for (const { name, version, hash } of goSums.flatMap(goModules)) {
    const purl = `pkg:golang/${name.toLowerCase()}@${version}`
    components.set(purl, {
      ...component(name, version, purl),
      hashes: [{ alg: 'SHA-256', content: hex(hash) }],
    })
  }
  const sorted = [...components.values()].toSorted((a, b) => (a.purl < b.purl ? -1 : 1))
  const { name, version } = lock
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(sorted.map(({ purl }) => purl).join('\n'))}`,
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': name, name, version },
    },
    components: sorted,
  }
}

function component(name: string, version: string, purl: string) {
  return { type: 'library', 'bom-ref': purl, name, version, purl } as const
}

function hex(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex')
}

/** RFC 9562, version 8: of what is in the bill. */
function uuidOf(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex')
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `8${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-')
}
