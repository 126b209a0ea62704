import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isAccessible, logIn, rowsOf, shows } from './browser.ts'
import { deploy, scale } from './objects.ts'
import { screenshot } from './screenshots.ts'
import { admin, type Walk } from './walk.ts'

/** Login and tables. */
export function tables(walk: () => Walk): void {
  it('says why a login is refused, and puts nothing of it into the address', async () => {
    const { page } = walk().tab
    await page.goto(`${walk().stage.url}/explorer`)
    await isAccessible(page)
    await page.getByLabel('Account').fill('admin')
    await page.getByLabel('Password').fill('not-the-password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').filter({ hasText: /\w/ }).waitFor()
    assert.equal(page.url(), `${walk().stage.url}/explorer`)
  })

  it('opens with a table that filters and sorts', async () => {
    const { page } = walk().tab
    await logIn(walk().tab, walk().stage.url, admin)
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
    const { page } = walk().tab
    await page.getByText('Live', { exact: true }).waitFor()
    const ready = async () => (await rowsOf(page)).find(([name]) => name === 'api')?.[2]
    await scale(walk().stage.kube, 'api', 3)
    await shows(ready, (found) => assert.equal(found, '3/3'))
    await scale(walk().stage.kube, 'api', 0)
    await shows(ready, (found) => assert.equal(found, '0/0'))
    await deploy(walk().stage.kube, 'new', 1)
    await shows(
      async () => (await rowsOf(page)).length,
      (rows) => assert.equal(rows, 3),
    )
    await screenshot(walk().tab, 'explorer-table', 'light', 'dark')
    await isAccessible(page)
  })

  it('has the columns that the API server knows, for a kind that this page does not', async () => {
    const { page } = walk().tab
    await walk().open('kind=cluster.kubesphere.io/v1alpha1/clusters')
    await page.getByRole('columnheader', { name: 'Version' }).waitFor()
    await shows(
      () => rowsOf(page),
      ([row]) => {
        assert.equal(row?.[0], 'host')
        assert.ok(row.some((cell) => /^v1\.\d+/.test(cell)))
      },
    )
  })

  it('goes from page to page, each of them live', async () => {
    const { page } = walk().tab
    const { kube } = walk().stage
    const configMaps = { group: '', version: 'v1', resource: 'configmaps' }
    const create = (name: string) =>
      kube.create(configMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace: 'default', labels: { page: 'yes' } },
      })
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => create(`page-${String(n).padStart(2, '0')}`)),
    )
    await walk().open('kind=/v1/configmaps&namespace=default&labels=page&sort=NAME')
    await page.getByText('1–50 of 60').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Next page' }).click()
    await page.getByText('51–60 of 60').waitFor()
    assert.deepEqual((await rowsOf(page))[0]?.[0], 'page-50')
    await create('page-99')
    await page.getByText('51–61 of 61').waitFor()
    await page.getByRole('button', { name: 'Previous page' }).click()
    await page.getByText('1–50 of 61').waitFor()
  })

  it('renews a token that has ended, for requests and on the open socket', async () => {
    const { page } = walk().tab
    const heard: string[] = []
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => heard.push(String(payload)))
      socket.on('close', () => heard.push('closed'))
    })
    await page.reload()
    await walk().open('kind=/v1/pods&namespace=default')
    await page.getByText('Live', { exact: true }).waitFor()
    const errors = [{ message: 'this token has ended', extensions: { code: 'UNAUTHENTICATED' } }]
    await page.route('**/graphql', (route) => route.fulfill({ status: 401, json: { errors } }), {
      times: 1,
    })
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await page.getByRole('columnheader', { name: 'Name', exact: true }).waitFor()
    await shows(
      async () => heard,
      (frames) => assert.ok(frames.some((frame) => frame.includes('RenewSessionPayload'))),
    )
    await shows(
      () => rowsOf(page),
      (rows) => assert.ok(rows.length > 0),
    )
    assert.ok(!heard.includes('closed'), 'the socket went on')
  })

  it('shows the operations behind a view, as they were sent', async () => {
    const { page } = walk().tab
    const sent: { query: string; variables: unknown }[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/graphql') && request.method() === 'POST')
        sent.push(request.postDataJSON() as { query: string; variables: unknown })
    })
    await walk().open('kind=/v1/configmaps&namespace=default&q=kube-root')
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
    await screenshot(walk().tab, 'explorer-graphql', 'light')
    await isAccessible(page)
    await panel.getByRole('link', { name: 'Open in GraphiQL' }).first().click()
    // The first visit bundles the editor, which takes a while on a machine that is busy.
    await page.getByText('ConfigMapsChanged').first().waitFor({ timeout: 180_000 })
    await page.getByRole('button', { name: 'Execute query' }).click()
    await page.getByText('kube-root-ca.crt').first().waitFor()
  })
}
