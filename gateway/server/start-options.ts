import { parseArgs } from 'node:util'

export interface StartOptions {
  port: number | undefined
  dataDir: string | undefined
  kubeconfig: string | undefined
  demo: boolean
  console: boolean
}

export const startHelp = [
  'A Kubernetes control plane with the objects of the platform, and ks-facade in front of it, until Ctrl-C.',
  '',
  '  --port N         listens on N; default 9090, or any free port when that is taken',
  '  --data-dir D     keeps the cluster and the login in D for the next start',
  '  --kubeconfig F   uses an existing cluster (also KUBECONFIG); nothing is started or seeded there',
  '  --no-demo        leaves out the demo workspace',
  '  --console        puts the published web console in front; its first start installs it (400 MB)',
].join('\n')

/** Flags of `npm start`. Throws with a message that names the flag when one is unknown or its value is bad. */
export function parseStart(args: string[], env: NodeJS.ProcessEnv): StartOptions {
  const { values } = parseArgs({
    args,
    allowNegative: true,
    options: {
      port: { type: 'string' },
      'data-dir': { type: 'string' },
      kubeconfig: { type: 'string' },
      demo: { type: 'boolean', default: true },
      console: { type: 'boolean', default: false },
    },
  })
  const port = values.port === undefined ? undefined : Number(values.port)
  if (port !== undefined && !(/^\d+$/.test(values.port ?? '') && port < 65536)) {
    throw new Error(`--port ${values.port}: a port is a number from 0 to 65535`)
  }
  return {
    port,
    dataDir: values['data-dir'],
    kubeconfig: values.kubeconfig ?? (env.KUBECONFIG || undefined),
    demo: values.demo,
    console: values.console,
  }
}
