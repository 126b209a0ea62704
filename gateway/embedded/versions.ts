import facts from './plane/versions.json' with { type: 'json' }

/** Every pinned fact of the control plane: versions, build flags, checksums. They stand in `plane/versions.json` only. */
export const versions = facts

/** `linux-amd64` and the like: how Go and the envtest archives name this machine. */
export function platform(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  return `${process.platform}-${arch}`
}

/** The pinned checksum of this machine's platform in `table`, undefined where there is none. */
export function pinned(table: Readonly<Record<string, string>>): string | undefined {
  return table[platform()]
}
