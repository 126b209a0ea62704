import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PASSWORD, startStage, type Stage } from '../terminal/stage.ts'
import { isAccessible, logIn, openTab, rowsOf, shows, type Tab } from './browser.ts'
import { deploy, scale } from './objects.ts'
import { screenshot } from './screenshots.ts'

const admin = { name: 'admin', password: PASSWORD }

describe('the explorer', () => {
  let stage: Stage
  let tab: Tab
  before(async () => {
    stage = await startStage()
    await deploy(stage.kube, 'web', 2)
    await deploy(stage.kube, 'api', 1)
    tab = await openTab()
  })
  after(async () => {
    await tab?.[Symbol.asyncDispose]()
    await stage?.[Symbol.asyncDispose]()
  })
  const open = (place: string) => tab.page.goto(`${stage.url}/explorer#${place}`)

  it('says why a login is refused, and puts nothing of it into the address', async () => {
    const { page } = tab
    await page.goto(`${stage.url}/explorer`)
    await isAccessible(page)
    await page.getByLabel('Account').fill('admin')
    await page.getByLabel('Password').fill('not-the-password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor()
    assert.equal(page.url(), `${stage.url}/explorer`)
  })

  it('opens with a table that filters and sorts', async () => {
    const { page } = tab
    await logIn(tab, stage.url, admin)
    await page.getByRole('combobox', { name: 'Namespace' }).selectOption('default')
    const names = async () => (await rowsOf(page)).map(([name]) => name)
    await shows(names, (found) => assert.deepEqual(new Set(found), new Set(['api', 'web'])))
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await shows(names, (found) => assert.deepEqual(found, ['api', 'web']))
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await shows(names, (found) => assert.deepEqual(found, ['web', 'api']))
    await page.getByRole('searchbox', { name: 'Name contains' }).fill('ap')
    await shows(names, (found) => assert.deepEqual(found, ['api']))
    await page.getByText('1–1 of 1').waitFor()
    await page.getByRole('searchbox', { name: 'Name contains' }).fill('')
    await page.getByRole('searchbox', { name: 'Label selector' }).fill('app in (web)')
    await shows(names, (found) => assert.deepEqual(found, ['web']))
    await page.getByRole('searchbox', { name: 'Label selector' }).fill('')
    await shows(names, (found) => assert.equal(found.length, 2))
  })

  it('follows a scale as it happens', async () => {
    const { page } = tab
    await page.getByText('Live', { exact: true }).waitFor()
    const ready = async () => (await rowsOf(page)).find(([name]) => name === 'api')?.[2]
    await scale(stage.kube, 'api', 3)
    await shows(ready, (found) => assert.equal(found, '3/3'))
    await scale(stage.kube, 'api', 0)
    await shows(ready, (found) => assert.equal(found, '0/0'))
    await deploy(stage.kube, 'new', 1)
    await shows(
      async () => (await rowsOf(page)).length,
      (rows) => assert.equal(rows, 3),
    )
    await screenshot(tab, 'explorer-table')
    await isAccessible(page)
  })

  it('shows the operations behind a view, as they were sent', async () => {
    const { page } = tab
    const sent: { query: string; variables: unknown }[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/graphql') && request.method() === 'POST')
        sent.push(request.postDataJSON() as { query: string; variables: unknown })
    })
    await open('kind=/v1/configmaps&namespace=default')
    await page.reload()
    await page.getByRole('link', { name: 'kube-root-ca.crt' }).waitFor()
    await page.getByRole('button', { name: 'Show me the GraphQL' }).click()
    const panel = page.getByRole('complementary', { name: 'The GraphQL behind this view' })
    await panel.getByText('subscription ConfigMapsChanged').first().waitFor()
    const texts = await panel.locator('pre').allInnerTexts()
    const list = sent.find(({ query }) => query.includes('list: configMaps'))
    assert.ok(list, 'the list was asked for')
    assert.ok(texts.includes(list.query), 'the text is shown')
    const variables = texts[texts.indexOf(list.query) + 1] ?? ''
    assert.deepEqual(JSON.parse(variables), list.variables)
    await screenshot(tab, 'explorer-graphql')
    await isAccessible(page)
    await panel.getByRole('link', { name: 'Open in GraphiQL' }).first().click()
    await page.getByText('ConfigMapsChanged').first().waitFor()
  })

  it('applies what was changed of an object, and shows whose the rest is', async () => {
    const { page } = tab
    await open('kind=apps/v1/deployments&name=web&in=default')
    const editor = page.getByRole('textbox', { name: 'YAML of web' })
    await editor.fill((await editor.inputValue()).replace(/^ {4}app: web$/m, '$&\n    tier: front'))
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Applied.').waitFor()
    await shows(
      () => editor.inputValue(),
      (text) => assert.match(text, /tier: front/),
    )
    await editor.fill((await editor.inputValue()).replace('replicas: 2', 'replicas: 1'))
    await page.getByRole('button', { name: 'Apply' }).click()
    const conflicts = page.getByRole('region', { name: 'Others own what you changed' })
    await conflicts.getByRole('cell', { name: '.spec.replicas' }).waitFor()
    await screenshot(tab, 'explorer-conflict')
    await isAccessible(page)
    await conflicts.getByRole('button', { name: 'Apply anyway' }).click()
    await page.getByText('Applied.').waitFor()
    const web = await stage.kube.get(
      { group: 'apps', version: 'v1', resource: 'deployments' },
      'web',
      {
        namespace: 'default',
      },
    )
    assert.equal((web['spec'] as { replicas: number }).replicas, 1)
    assert.equal(web.metadata.labels?.['tier'], 'front')
  })

  it('shows a log as it is written', async () => {
    const { page } = tab
    await open('kind=apps/v1/deployments&name=web&in=default&tab=logs')
    const log = page.getByRole('log', { name: 'Log of web' })
    await log.getByText('line 1 of web').first().waitFor()
    await log.getByText('line 3 of web').first().waitFor()
    await page.getByRole('searchbox', { name: 'Only lines with' }).fill('line 2')
    await shows(
      async () => (await log.locator('> div').allInnerTexts()).map((line) => line.slice(-13)),
      (lines) => assert.deepEqual(lines, ['line 2 of web']),
    )
    await screenshot(tab, 'explorer-log')
    await isAccessible(page)
  })

  it('runs a shell', async () => {
    const { page } = tab
    const pods = await stage.kube.list(
      { group: '', version: 'v1', resource: 'pods' },
      { namespace: 'default', labelSelector: 'app=web' },
    )
    const pod = pods.items[0]?.metadata.name ?? ''
    await open(`kind=/v1/pods&name=${pod}&in=default&tab=terminal`)
    await page.getByRole('button', { name: 'Start' }).click()
    const screen = () => page.locator('.xterm-rows > div').allInnerTexts()
    const sees = (line: string) =>
      shows(screen, (lines) => assert.ok(lines.map((text) => text.trim()).includes(line), line))
    await page
      .getByRole('textbox', { name: 'Terminal input' })
      .pressSequentially('echo $((40 + 2))\n')
    await sees('42')
    await screenshot(tab, 'explorer-shell')
    await isAccessible(page)
    await page.keyboard.press('Control+Shift+Escape')
    assert.equal(await page.evaluate(`document.activeElement.innerText`), 'Start')
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type('exit 3\n')
    await page.getByText('The shell has ended with exit code 3.').waitFor()
  })

  it('goes everywhere by keyboard', async () => {
    const { page } = tab
    await page.getByRole('button', { name: 'Log out (admin)' }).click()
    await open('kind=apps/v1/deployments&namespace=default&sort=NAME')
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
    const { page } = tab
    await open('kind=apps/v1/deployments&name=web&in=default')
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
    const { page } = tab
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
    const { page } = tab
    await stage.member('tess', [
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    ])
    await page.getByRole('button', { name: 'Log out (admin)' }).click()
    assert.equal(await page.evaluate('sessionStorage.length'), 0)
    await logIn(tab, stage.url, { name: 'tess', password: PASSWORD }, '#kind=/v1/pods')
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
  })

  it('has broken neither a script nor its content security policy', () => {
    // Chromium logs answers with an error status as well; the refused login was one.
    const others = tab.complaints.filter((text) => !text.includes('the server responded with'))
    assert.deepEqual(others, [])
  })
})
