/** Commands that a pod's terminal tries, in order: `bash` or `sh` alone when asked for by exactly that name. */
export function shellsFor(asked: string): readonly string[] {
  return asked === 'bash' || asked === 'sh' ? [asked] : ['bash', 'sh']
}
