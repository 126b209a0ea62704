import assert from 'node:assert/strict'
import { chromium, type Page } from 'playwright-core'
import { run } from '../env/run.ts'

/** Milliseconds that the page gets to show something, on a machine that is busy. */
const patience = 60_000

export interface Tab extends AsyncDisposable {
  readonly page: Page
  /** What the page complained of: errors of scripts, and of its content security policy. */
  readonly complaints: readonly string[]
}

/** A tab of Chromium with nothing remembered. */
export async function openTab(options: { dark?: boolean; language?: string } = {}): Promise<Tab> {
  await using stack = new AsyncDisposableStack()
  const browser = await chromium.launch({
    executablePath: (await run('sh', ['-c', 'command -v chromium'])).trim(),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  })
  stack.defer(() => browser.close())
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    colorScheme: options.dark ? 'dark' : 'light',
    locale: options.language ?? 'en-GB',
  })
  page.setDefaultTimeout(patience)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  const owned = stack.move()
  return { page, complaints, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}

/** Opens the explorer and logs in; `at` is the place behind `#`. */
export async function logIn(
  { page }: Tab,
  url: string,
  user: { name: string; password: string },
  at = '',
): Promise<void> {
  await page.goto(`${url}/explorer${at}`)
  await page.getByLabel('Account').fill(user.name)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('button', { name: `Log out (${user.name})` }).waitFor()
}

/** The cells of the table's rows as they are shown, the names first. */
export async function rowsOf(page: Page): Promise<string[][]> {
  const rows = await page.locator('.grid tbody tr').all()
  return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()))
}

/** Waits until what `look` gives passes `check`; fails as `check` does when it does not in time. */
export async function shows<T>(look: () => Promise<T>, check: (value: T) => void): Promise<void> {
  const deadline = performance.now() + patience
  for (;;) {
    const value = await look()
    try {
      check(value)
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** Tells of every violation that axe-core finds on the page as it is: WCAG 2.2, levels A and AA. */
export async function isAccessible(page: Page): Promise<void> {
  const { source } = (await import('axe-core')).default
  // By the debugger, which the page's policy for scripts does not concern.
  await page.evaluate(source)
  const found = await page.evaluate<string[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })
      .then(({ violations }) => violations.map(({ id, nodes }) =>
        id + ': ' + nodes.map(({ target, failureSummary }) => target + ' ' + failureSummary).join('; ')))`,
  )
  assert.deepEqual(found, [])
}
