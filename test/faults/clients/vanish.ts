import { spawnSync } from 'node:child_process'

/** A network of one cable. What is at its far end vanishes without a word when the cable is cut. */
export interface Cable extends Disposable {
  /** The address by which the far end finds this machine. */
  readonly address: string
  /** Runs the command in its arguments at the far end. */
  readonly far: readonly string[]
  cut(): void
  join(): void
}

const [near, distant, name] = ['kf-near', 'kf-far', 'ks-facade-far']
const addresses = { near: '10.203.0.1', far: '10.203.0.2' }

function ip(...words: readonly string[]): boolean {
  return spawnSync('ip', words, { stdio: 'ignore' }).status === 0
}

/** Undefined where this process may lay none. */
export function layCable(): Cable | undefined {
  const laid =
    ip('netns', 'add', name) &&
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', distant, 'netns', name) &&
    ip('addr', 'add', `${addresses.near}/30`, 'dev', near) &&
    ip('link', 'set', near, 'up') &&
    ip('-n', name, 'addr', 'add', `${addresses.far}/30`, 'dev', distant) &&
    ip('-n', name, 'link', 'set', distant, 'up')
  const remove = () => {
    ip('link', 'del', near)
    ip('netns', 'del', name)
  }
  if (!laid) {
    remove()
    return undefined
  }
  return {
    address: addresses.near,
    far: ['ip', 'netns', 'exec', name],
    cut: () => void ip('link', 'set', near, 'down'),
    join: () => void ip('link', 'set', near, 'up'),
    [Symbol.dispose]: remove,
  }
}
