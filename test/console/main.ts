/**
 * `npm run test:console [-- PART…]`: the published web console in front of ks-facade, in a browser, as an administrator and
 * as ordinary users. A command of its own, since the console is 400 MB and its first installation takes minutes. With
 * words, only the parts whose names have one of them.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { demoLogins } from '../../gateway/embedded/seeds/demo.ts'
import { readyOf, type Member } from '../cluster/stage.ts'
import { eventually } from '../e2e/http.ts'
import { CLUSTERS } from '../rest/two-clusters.ts'
import {
  accessFlows,
  addCluster,
  clusterFlows,
  projectFlows,
  removeCluster,
  shell,
  tenantFlows,
  type Flow,
} from './flows.ts'
import {
  accessPages,
  clusterDetails,
  clusterPages,
  frameOf,
  hidden,
  projectDetails,
  projectPages,
  workspacePages,
  type Page,
} from './pages.ts'
import type { Call } from './recorder.ts'
import { unexpected } from './refusals.ts'
import { PASSWORD, startStage, type Stage, type Visitor } from './stage.ts'

const PODS = { group: '', version: 'v1', resource: 'pods' }
const TERMINAL = '/terminal/cluster/host/projects/demo-project/pods/{pod}/containers/hello'
const words = process.argv.slice(2)

function part(name: string, tests: () => void): void {
  if (!words.length || words.some((word) => name.includes(word))) describe(name, tests)
}

describe('the console of the platform', () => {
  let stage: Stage
  let pod = ''
  before(async () => {
    stage = await startStage()
    const { items } = await stage.kube.list(PODS, {
      namespace: 'demo-project',
      labelSelector: 'app=hello',
    })
    pod = items[0]?.metadata?.name ?? ''
  })
  after(() => stage?.[Symbol.asyncDispose]())

  /** Does something at the console, and finds no call that failed for it though the original answers, and no script. */
  async function watched(
    { errors }: Visitor,
    act: (from: number) => Promise<unknown>,
    excused: (call: Call) => boolean = () => false,
  ): Promise<void> {
    const from = stage.calls.length
    const known = errors.length
    await act(from)
    assert.deepEqual(unexpected(stage.calls.slice(from), excused), [])
    assert.deepEqual(errors.slice(known), [])
  }

  /** Waits until the console has asked for such a path, of the calls since `from`. */
  async function isAsked(asks: RegExp, from: number): Promise<void> {
    const asked = async () => stage.calls.slice(from).some(({ path }) => asks.test(path))
    await eventually(asks.source, asked, Boolean)
  }

  /** One test for each page: it shows something of its own. */
  function draws(
    visitor: () => Visitor,
    pages: readonly Page[],
    excused?: (call: Call) => boolean,
  ): void {
    for (const [path, shows, asks] of pages)
      it(`draws ${path}`, () =>
        watched(
          visitor(),
          async (from) => {
            await visitor().go(path.replace('{pod}', pod), shows)
            if (asks) await isAsked(asks, from)
          },
          excused,
        ))
  }

  /** One test for each flow: it comes to its call, which is answered, and the page shows what came of it. */
  function does(visitor: () => Visitor, flows: readonly Flow[]): void {
    for (const flow of flows) it(flow.does, () => follow(visitor(), flow))
  }

  function follow(visitor: Visitor, { steps, call, shows, excused }: Flow): Promise<void> {
    const [method, path] = call
    const act = async (from: number) => {
      await steps(visitor)
      const made = () =>
        stage.calls
          .slice(from)
          .find((one) => one.method === method && path.test(one.path.split('?')[0] ?? ''))
      const answer = await eventually(
        `${method} ${path.source}`,
        async () => made(),
        (one) => Boolean(one?.status),
      )
      assert.ok(answer && answer.status < 300, JSON.stringify(answer))
      if (shows) await visitor.page.getByText(shows).filter({ visible: true }).first().waitFor()
    }
    return watched(visitor, act, excused)
  }

  describe('as an administrator', () => {
    let admin: Visitor
    before(async () => {
      admin = await stage.visit('admin', PASSWORD)
    })
    part('pages of clusters', () => {
      draws(() => admin, clusterPages)
      draws(() => admin, clusterDetails)
    })
    part('pages of workspaces', () => draws(() => admin, workspacePages))
    part('pages of projects', () => {
      draws(() => admin, projectPages)
      draws(() => admin, projectDetails)
    })
    part('pages of access', () => draws(() => admin, accessPages))
    part('flows of access', () => does(() => admin, accessFlows))
    part('flows of workspaces', () => does(() => admin, tenantFlows))
    part('flows of projects', () => does(() => admin, projectFlows))
    part('flows of clusters', () => {
      does(() => admin, clusterFlows)
      it('adds a cluster, draws its pages and removes it', async () => {
        const kubeconfig = await stage.member()
        if (!kubeconfig) return console.log('left out: no address but those of loopback')
        await follow(admin, addCluster('branch', kubeconfig))
        await eventually(
          'the cluster is ready',
          () => stage.kube.get<Member>(CLUSTERS, 'branch'),
          (cluster) => readyOf(cluster) === 'True',
        )
        for (const [path, shows, asks] of frameOf('branch'))
          await watched(admin, async (from) => {
            await admin.go(path, shows)
            if (asks) await isAsked(asks, from)
          })
        await follow(admin, removeCluster('branch'))
      })
    })
    part('shells', () => {
      it('opens one in a pod', () =>
        shell(
          admin.page,
          TERMINAL.replace('{pod}', pod),
          'echo $((6 * 7)) of a pod',
          '42 of a pod',
        ))
      it('opens one for kubectl', () =>
        shell(admin.page, '/terminal/kubectl/host', 'echo $((6 * 7)) of mine', '42 of mine'))
    })
  })

  for (const { user, password } of demoLogins)
    part(`as ${user}`, () => {
      // Neither sees the cluster that their project is in, which the frame of every page asks for.
      const refused = ({ status, path }: Call) =>
        status === 403 && /\/clusters\/host(\/|\?|$)|\/kapis\/(iam|tenant|resources)\./.test(path)
      let visitor: Visitor
      before(async () => {
        visitor = await stage.visit(user, password)
      })
      draws(
        () => visitor,
        user === 'dora' ? [...workspacePages, ...projectPages] : projectPages.slice(0, 8),
        refused,
      )
      draws(() => visitor, user === 'dora' ? projectDetails : projectDetails.slice(0, 8), refused)
      for (const [path, shows, hides] of hidden[user] ?? [])
        it(`hides ${hides.source} at ${path}`, () =>
          watched(
            visitor,
            async () => {
              await visitor.go(path, shows)
              // Pages that ask again and again are never idle.
              await visitor.page
                .waitForLoadState('networkidle', { timeout: 10_000 })
                .catch(() => undefined)
              const found = visitor.page.getByText(hides).filter({ visible: true })
              assert.deepEqual(await found.allInnerTexts(), [])
            },
            refused,
          ))
    })
})
