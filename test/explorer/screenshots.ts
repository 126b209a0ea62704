import { join } from 'node:path'
import type { Tab } from './browser.ts'

const folder = join(import.meta.dirname, '../../docs/images')

/** Writes the page into `docs/images` where SCREENSHOTS=1 is set; else does nothing. */
export async function screenshot(
  { page }: Tab,
  name: string,
  ...themes: ('light' | 'dark')[]
): Promise<void> {
  if (process.env['SCREENSHOTS'] !== '1') return
  const size = page.viewportSize()
  await page.setViewportSize({ width: 1280, height: 720 })
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme })
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' })
  }
  await page.emulateMedia({ colorScheme: 'light' })
  if (size) await page.setViewportSize(size)
}
