import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { defaultConfig } from '../../gateway/config/index.ts'
import { startConsole } from '../../gateway/embedded/console/index.ts'
import { startControllers, type Controllers } from '../../gateway/embedded/controllers/index.ts'
import { seed } from '../../gateway/embedded/seeds/index.ts'
import type { KubeClient } from '../../gateway/kube/api.ts'
import { startFacade } from '../../gateway/server/serve.ts'
import { createLogger } from '../../gateway/telemetry/index.ts'
import { ensureDebianPackages } from '../env/packages.ts'
import { startTestPlane } from '../env/plane.ts'
import { run } from '../env/run.ts'
import { otherAddress } from '../rest/two-clusters.ts'
import { startMember } from './member.ts'
import { createObjects } from './objects.ts'
import { startRecorder, type Call } from './recorder.ts'

export const PASSWORD = 'Pa55word-of-tests'
const SECRET = 'secret-of-the-console-tests'

export interface Visitor {
  readonly page: Page
  /** Errors that scripts of the console did not catch, but for those of `fellOver`. */
  readonly errors: string[]
  /** Opens a page and waits until it shows a text of its own, in its embedded parts too. */
  go(path: string, shows: RegExp): Promise<void>
}

export interface Stage extends AsyncDisposable {
  readonly calls: Call[]
  readonly kube: KubeClient
  /** Starts a second cluster and gives its kubeconfig; nothing where the machine has loopback addresses alone. */
  member(): Promise<string | undefined>
  /** Logs in at the console in a browser of its own. */
  visit(user: string, password: string): Promise<Visitor>
}

/** The published console in front of ks-facade on an embedded platform with its demo, and a browser that reaches only loopback. */
export async function startStage(): Promise<Stage> {
  await ensureDebianPackages(['chromium'])
  await using stack = new AsyncDisposableStack()
  const log = createLogger({ level: 'error' })
  const plane = stack.use(await startTestPlane({ nodes: 1 }))
  const config = defaultConfig({
    kubernetes: { kubeconfig: plane.kubeconfigPath },
    server: { bindAddress: '127.0.0.1', insecurePort: 0 },
    multicluster: { clusterRole: 'host', hostClusterName: 'host' },
    authentication: { multipleLogin: true, issuer: { jwtSecret: SECRET } },
  })
  let controllers: Controllers | undefined
  const facade = stack.use(
    await startFacade(config, {
      log,
      reconcile: async (clusters) => {
        const { host } = clusters
        await seed(host.client, { demo: true, adminPassword: PASSWORD, log })
        controllers = await startControllers({
          host,
          log,
          config,
          access: (name) => clusters.access(name),
        })
        return controllers
      },
    }),
  )
  await controllers?.settled()
  await createObjects(facade.app.clusters.host.client)
  const recorder = stack.use(await startRecorder(facade.server.url))
  const web = stack.use(await startConsole(recorder.url, { onProgress: console.error }))
  const browser: Browser = await chromium.launch({
    executablePath: (await run('sh', ['-c', 'command -v chromium'])).trim(),
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  })
  stack.defer(() => browser.close())
  const owned = stack.move()
  return {
    calls: recorder.calls,
    kube: facade.app.clusters.host.client,
    async member() {
      const address = otherAddress()
      return address && owned.use(await startMember(address, SECRET, log)).kubeconfig
    },
    async visit(user, password) {
      const context = await browser.newContext({
        baseURL: web.url,
        locale: 'en-US',
        viewport: { width: 1400, height: 1000 },
      })
      return login(context, user, password)
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

/**
 * Both halves of the console write into one style sheet while they start, and on a busy machine one of them falls over the
 * other's; a person reloads then.
 */
const fellOver = /'deleteRule' on 'CSSStyleSheet'|Minified React error #321/

async function login(context: BrowserContext, user: string, password: string): Promise<Visitor> {
  const page = await context.newPage()
  page.setDefaultTimeout(90_000)
  const errors: string[] = []
  page.on('pageerror', ({ message }) => fellOver.test(message) || errors.push(message))
  await page.goto('/login')
  await page.locator('input:not([type=password])').first().fill(user)
  await page.locator('input[type=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/login'))
  return {
    page,
    errors,
    async go(path, shows) {
      try {
        await go(page, path, shows)
      } catch (cause) {
        throw new Error(`${path} does not show ${shows}; scripts say: ${errors.join('; ')}`, {
          cause,
        })
      }
    },
  }
}

async function go(page: Page, path: string, shows: RegExp): Promise<void> {
  const text = page.getByText(shows).filter({ visible: true }).first()
  const drawn = text.waitFor().then(() => true)
  drawn.catch(() => {})
  for (;;) {
    const fell = Promise.withResolvers<boolean>()
    const listen = ({ message }: Error) => fellOver.test(message) && fell.resolve(false)
    page.on('pageerror', listen)
    try {
      await page.goto(path, { waitUntil: 'load' })
      if (await Promise.race([drawn, fell.promise])) return
    } finally {
      page.off('pageerror', listen)
    }
  }
}
