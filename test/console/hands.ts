import type { Locator, Page } from 'playwright-core'
import type { Visitor } from './stage.ts'

export const shown = { visible: true }

export const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true }).filter(shown)

export const press = (page: Page, name: string): Promise<void> => button(page, name).last().click()

const word = (page: Page, text: string): Locator =>
  page.getByText(text, { exact: true }).filter(shown).last()

/** Opens the form of a page that lists things. */
export async function form(
  visitor: Visitor,
  path: string,
  shows: RegExp,
  name = 'Create',
): Promise<void> {
  await visitor.go(path, shows)
  await button(visitor.page, name).first().click()
}

/** The fields of the form that is open; those of the console's newer half have no names. */
export const fields = (page: Page): Locator =>
  page.locator('input:not([type]):not([placeholder])').filter(shown)

export const field = (page: Page, name: string): Locator => page.locator(`input[name="${name}"]`)

/** Picks `item` of the menu behind `opener`, which a page that is still drawing may close again. */
export async function pick(page: Page, opener: Locator, item: string): Promise<void> {
  const wanted = word(page, item)
  for (;;) {
    await opener.click()
    const picked = await wanted.click({ timeout: 3_000 }).then(
      () => true,
      () => false,
    )
    if (picked) return
  }
}

/** Of the menu of the row that shows `text`. */
export const pickOfRow = (page: Page, text: string, item: string): Promise<void> =>
  pick(page, page.locator('tr').filter({ hasText: text }).locator('button').last(), item)

/** Of the menu of a page of details. */
export const pickOfPage = (page: Page, item: string): Promise<void> =>
  pick(page, button(page, 'More').last(), item)

/** Replaces the text of the editor that is open by what `edit` makes of it. */
export async function write(page: Page, edit: (text: string) => string): Promise<void> {
  type Element = { env: { editor: { getValue(): string; setValue(text: string): void } } }
  const open = page.locator('.ace_editor').filter(shown).last()
  const text = await open.evaluate((element) => (element as never as Element).env.editor.getValue())
  await open.evaluate(
    (element, value) => (element as never as Element).env.editor.setValue(value),
    edit(text),
  )
}

/** Answers the question whether `name` shall really go. */
export async function confirm(page: Page, name: string, by = 'OK'): Promise<void> {
  await page.getByPlaceholder(name, { exact: true }).filter(shown).last().fill(name)
  await press(page, by)
}
