import { join } from 'node:path'
import type { Tab } from './browser.ts'

const folder = join(import.meta.dirname, '../../docs/images')

/** Writes the page, light and dark, into `docs/images` where SCREENSHOTS=1 is set; else does nothing. */
export async function screenshot({ page }: Tab, name: string): Promise<void> {
  if (process.env['SCREENSHOTS'] !== '1') return
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' })
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
