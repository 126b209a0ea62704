/**
 * `npm run test:console`: the published web console in front of ks-facade, in a browser, as an administrator and as ordinary
 * users. A command of its own, since the console is 400 MB and its first installation takes minutes.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { demoLogins } from '../../gateway/embedded/seeds/demo.ts'
import { eventually } from '../terminal/stage.ts'
import { createConfigMap, createProject, createUser, createWorkspace, shell } from './flows.ts'
import { accessPages, clusterPages, projectPages, workspacePages } from './pages.ts'
import type { Page } from './pages.ts'
import { unexpected } from './refusals.ts'
import { PASSWORD, startStage, type Stage, type Visitor } from './stage.ts'

const PODS = { group: '', version: 'v1', resource: 'pods' }

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

    const petra = { name: 'petra', password: 'Pa55word-of-Petra' }
    const flows: [what: string, resource: string, name: string, create: () => Promise<void>][] = [
      ['workspace', 'workspacetemplates', 'orchard', () => createWorkspace(admin, 'orchard')],
      ['project', 'namespaces', 'garden', () => createProject(admin, 'garden')],
      ['ConfigMap', 'configmaps', 'colours', () => createConfigMap(admin, 'colours')],
      ['user', 'users', petra.name, () => createUser(admin, petra.name, petra.password)],
    ]
    for (const [what, resource, name, create] of flows)
      it(`creates a ${what}, and shows it`, async () => {
        const from = stage.calls.length
        await create()
        await admin.page.getByText(name).filter({ visible: true }).first().waitFor()
        const calls = stage.calls.slice(from)
        const post = calls.find(({ method, path }) => method === 'POST' && path.includes(resource))
        assert.ok(post && post.status < 300, JSON.stringify(post))
        assert.deepEqual(
          unexpected(calls, () => false),
          [],
        )
      })

    it('opens a shell in a pod', async () => {
      const { items } = await stage.kube.list(PODS, { namespace: 'demo-project' })
      const pod = items[0]?.metadata?.name ?? ''
      await shell(admin.page, pod, 'echo $((6 * 7)) of a pod', '42 of a pod')
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
})
