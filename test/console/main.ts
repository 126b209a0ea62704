/**
 * `npm run test:console`: the published web console in front of ks-facade, in a browser, as an administrator and as ordinary
 * users. A command of its own, since the console is 400 MB and its first installation takes minutes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { demoLogins } from '../../gateway/embedded/seeds/demo.ts'
import { eventually } from '../terminal/stage.ts'
import { accessPages, clusterPages, projectPages, workspacePages } from './pages.ts'
import type { Page } from './pages.ts'
import { unexpected } from './refusals.ts'
import { PASSWORD, startStage, type Stage, type Visitor } from './stage.ts'

describe('the console of the platform', () => {
  let stage: Stage
  before(async () => {
    stage = await startStage()
  })
  after(() => stage?.[Symbol.asyncDispose]())

  /** One test for each page: it shows something of its own, and no call for it fails that the original answers. */
  function draws(
    visitor: () => Visitor,
    pages: readonly Page[],
    mayBeRefused: (path: string) => boolean = () => false,
  ): void {
    for (const [path, shows, asks] of pages)
      it(`draws ${path}`, async () => {
        const from = stage.calls.length
        await visitor().go(path, shows)
        const asked = () => stage.calls.slice(from).some((call) => asks?.test(call.path))
        if (asks) await eventually(asked)
        assert.deepEqual(unexpected(stage.calls.slice(from), mayBeRefused), [])
      })
  }

  describe('as an administrator', () => {
    let admin: Visitor
    before(async () => {
      admin = await stage.visit('admin', PASSWORD)
    })
    draws(() => admin, [['/dashboard', /Workspace Management/], ...clusterPages])
    draws(() => admin, workspacePages)
    draws(() => admin, projectPages)
    draws(() => admin, accessPages)

    it('creates a workspace, and sees it', async () => {
      const { page } = admin
      await admin.go('/access/workspaces', /demo/)
      await page.getByRole('button', { name: 'Create' }).first().click()
      await page.locator('input[name="metadata.name"]').fill('orchard')
      await page.getByRole('button', { name: /Next/ }).click()
      await page.getByText('host', { exact: true }).last().click()
      await page
        .getByRole('button', { name: /Create|OK/ })
        .last()
        .click()
      await page.getByText('orchard').first().waitFor()
      await created('workspacetemplates')
    })

    it('opens a shell in a pod', async () => {
      const pod = stage.calls
        .map(({ path }) => /\/namespaces\/demo-project\/pods\/(hello-[^/?]+)/.exec(path)?.[1])
        .find((name) => name !== undefined)
      assert.ok(pod, 'no pod was looked at')
      const { page } = admin
      await page.goto(`/terminal/cluster/host/projects/demo-project/pods/${pod}/containers/hello`)
      await page.locator('.xterm-helper-textarea').focus()
      await page.keyboard.type('echo $((6 * 7)) of a pod')
      await page.keyboard.press('Enter')
      await page.locator('.xterm-rows', { hasText: '42 of a pod' }).waitFor()
    })
  })

  for (const { user, password } of demoLogins)
    describe(`as ${user}`, () => {
      let visitor: Visitor
      before(async () => {
        visitor = await stage.visit(user, password)
      })
      draws(
        () => visitor,
        user === 'dora' ? [...workspacePages, ...projectPages] : projectPages.slice(0, 8),
        // Neither sees the cluster that their project is in, which the frame of every page asks for.
        (path) => /\/clusters\/host(\/|\?|$)|\/kapis\/(iam|tenant|resources)\./.test(path),
      )
    })

  async function created(resource: string): Promise<void> {
    const call = stage.calls.find(
      ({ method, path }) => method === 'POST' && path.split('?')[0]?.endsWith(`/${resource}`),
    )
    assert.equal(call?.status, 200, JSON.stringify(call))
  }
})
