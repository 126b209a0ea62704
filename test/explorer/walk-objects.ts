import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isAccessible, shows } from './browser.ts'
import { screenshot } from './screenshots.ts'
import type { Walk } from './walk.ts'

/** Text, log and shell of an object. */
export function objects(walk: () => Walk): void {
  it('applies what was changed of an object, and shows whose the rest is', async () => {
    const { page } = walk().tab
    await walk().open('kind=apps/v1/deployments&name=web&in=default')
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
    await screenshot(walk().tab, 'explorer-conflict', 'light')
    await isAccessible(page)
    await conflicts.getByRole('button', { name: 'Apply anyway' }).click()
    await page.getByText('Applied.').waitFor()
    const web = await walk().stage.kube.get(
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
    const { page } = walk().tab
    await walk().open('kind=apps/v1/deployments&name=web&in=default&tab=logs')
    const log = page.getByRole('log', { name: 'Log of web' })
    await log.getByText('line 1 of web').first().waitFor()
    await log.getByText('line 3 of web').first().waitFor()
    await page.getByRole('searchbox', { name: 'Only lines with' }).fill('line 2')
    await shows(
      async () => (await log.locator('> div').allInnerTexts()).map((line) => line.slice(-13)),
      (lines) => assert.deepEqual(lines, ['line 2 of web']),
    )
    await screenshot(walk().tab, 'explorer-log', 'light')
    await isAccessible(page)
  })

  it('goes on after the connection broke, and shows no line twice', async () => {
    const { page } = walk().tab
    let sockets = 0
    let cut = () => {}
    await page.routeWebSocket('**/graphql', (socket) => {
      sockets++
      socket.connectToServer()
      cut = () => void socket.close({ code: 1001 })
    })
    await page.reload()
    await walk().open('kind=apps/v1/deployments&name=web&in=default&tab=logs')
    const log = page.getByRole('log', { name: 'Log of web' }).locator('> div')
    const lines = async () => (await log.allInnerTexts()).toSorted((a, b) => a.localeCompare(b))
    await shows(lines, (found) => assert.ok(found.length >= 5))
    const before = await lines()
    const opened = sockets
    cut()
    await shows(
      async () => sockets,
      (count) => assert.ok(count > opened),
    )
    await shows(lines, (found) => assert.deepEqual(found, before))
  })

  it('runs a shell', async () => {
    const { page } = walk().tab
    const pods = await walk().stage.kube.list(
      { group: '', version: 'v1', resource: 'pods' },
      { namespace: 'default', labelSelector: 'app=web' },
    )
    const pod = pods.items[0]?.metadata.name ?? ''
    await walk().open(`kind=/v1/pods&name=${pod}&in=default&tab=terminal`)
    await page.getByRole('button', { name: 'Start' }).click()
    const screen = () => page.locator('.xterm-rows > div').allInnerTexts()
    const sees = (line: string) =>
      shows(screen, (lines) => assert.ok(lines.map((text) => text.trim()).includes(line), line))
    await page
      .getByRole('textbox', { name: 'Terminal input' })
      .pressSequentially('echo $((40 + 2))\n')
    await sees('42')
    await screenshot(walk().tab, 'explorer-shell', 'dark')
    await isAccessible(page)
    await page.keyboard.press('Control+Shift+Escape')
    assert.equal(await page.evaluate(`document.activeElement.innerText`), 'Start')
    await page.locator('.xterm-helper-textarea').focus()
    await page.keyboard.type('exit 3\n')
    await page.getByText('The shell has ended with exit code 3.').waitFor()
  })
}
