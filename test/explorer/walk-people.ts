import assert from 'node:assert/strict'
import { it } from 'node:test'
import { PASSWORD } from '../terminal/stage.ts'
import { isAccessible, logIn, rowsOf, shows } from './browser.ts'
import type { Walk } from './walk.ts'

/** Keyboards, languages, light, and who may see what. */
export function people(walk: () => Walk): void {
  it('goes everywhere by keyboard', async () => {
    const { page } = walk().tab
    await page.getByRole('button', { name: 'Log out (admin)' }).click()
    await walk().open('kind=apps/v1/deployments&namespace=default&sort=NAME')
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const focused = () =>
      page.evaluate<string>(`document.activeElement.ariaLabel ?? document.activeElement.innerText`)
    await page.keyboard.type('admin')
    await press('Tab')
    await page.keyboard.type(PASSWORD)
    await press('Enter')
    await page.getByRole('link', { name: 'web', exact: true }).waitFor()
    assert.equal(await focused(), 'Deployment', 'the view that comes gets the focus')
    // Filters and headings, then the one row that Tab reaches.
    await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab')
    assert.equal(await focused(), 'api')
    await press('End')
    assert.equal(await focused(), 'web')
    await press('ArrowUp', 'ArrowDown', 'Enter')
    await page.getByRole('textbox', { name: 'YAML of web' }).waitFor()
    assert.match(await focused(), /Deployment web/)
    await press('Tab', 'Tab')
    assert.equal(await focused(), 'YAML')
    await press('ArrowRight')
    await page.getByRole('table', { name: 'Events' }).waitFor()
    await press('ArrowLeft', 'Tab')
    assert.equal(await focused(), 'YAML of web')
    await press('ControlOrMeta+s')
    await page.getByText('Nothing has changed.').waitFor()
    await page.getByRole('button', { name: 'Show me the GraphQL' }).focus()
    await press('Enter')
    await page.getByRole('complementary').waitFor()
    assert.equal(await focused(), 'The GraphQL behind this view')
    await press('Escape')
    assert.equal(await focused(), 'Show me the GraphQL')
    await page.evaluate(`document.activeElement.blur()`)
    await page.getByRole('link', { name: 'Skip to the content' }).focus()
    await press('Enter', 'Tab')
    assert.equal(await focused(), 'Deployment', 'the first link of the content')
  })

  it('speaks Chinese', async () => {
    const { page } = walk().tab
    await walk().open('kind=apps/v1/deployments&name=web&in=default')
    await page.getByRole('combobox', { name: 'Language' }).selectOption('zh')
    await page.getByRole('combobox', { name: '命名空间' }).waitFor()
    assert.equal(await page.evaluate(`document.documentElement.lang`), 'zh')
    await page.getByRole('tab', { name: '事件' }).click()
    await page.reload()
    await page.getByRole('button', { name: '退出登录 (admin)' }).waitFor()
    await isAccessible(page)
    await page.getByRole('combobox', { name: '语言' }).selectOption('en')
  })

  it('is dark where the system is, or where somebody says so', async () => {
    const { page } = walk().tab
    const ground = () => page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`)
    const light = await ground()
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await ground()
    assert.notEqual(dark, light)
    await isAccessible(page)
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('light')
    assert.equal(await ground(), light)
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('system')
    await page.emulateMedia({ colorScheme: 'light' })
  })

  it('shows somebody else what they may see, and says so of the rest', async () => {
    const { page } = walk().tab
    await walk().stage.member('tess', [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ])
    await page.getByRole('button', { name: 'Log out (admin)' }).click()
    assert.equal(await page.evaluate('sessionStorage.length'), 0)
    await logIn(
      walk().tab,
      walk().stage.url,
      { name: 'tess', password: PASSWORD },
      '#kind=/v1/pods',
    )
    await shows(
      () => rowsOf(page),
      (rows) => assert.ok(rows.length > 0 && rows.every((row) => row[1] === 'default')),
    )
    await page.getByText('Live', { exact: true }).waitFor()
    const kinds = page.getByRole('navigation').getByRole('link')
    const shown = await kinds.allInnerTexts()
    assert.ok(shown.includes('Pod') && !shown.includes('Secret'))
    await page.locator('.grid a').first().click()
    await page.getByRole('tab', { name: 'Terminal' }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('alert').filter({ hasText: 'FORBIDDEN' }).waitFor()
    await walk().open('kind=/v1/pods')
    await page.getByText('Live', { exact: true }).waitFor()
    const bindings = { group: 'iam.kubesphere.io', version: 'v1beta1', resource: 'rolebindings' }
    await walk().stage.kube.delete(bindings, 'tess', { namespace: 'default' })
    await shows(
      () => rowsOf(page),
      (rows) => assert.deepEqual(rows, [], 'a right that is gone ends what is shown'),
    )
  })
}
