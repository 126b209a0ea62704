import assert from 'node:assert/strict'
import { account, IAM, project, TENANT, workspace, type Caller } from '../iam/world.ts'
import type { Graph, GraphWorld } from './graph.ts'

/** An account on both faces. */
export interface Standing {
  readonly rest: Caller
  readonly graph: Graph
}

/** Global role, workspace role in `crew`, role in project `deck`, role in the cluster; empty for none. */
export type Roles = readonly [global: string, workspace: string, project: string, cluster: string]

/** An account of each kind of standing. */
export const people: Readonly<Record<string, Roles>> = {
  ann: ['platform-regular', 'crew-admin', '', ''],
  vic: ['platform-regular', 'crew-viewer', '', ''],
  pia: ['platform-regular', '', 'admin', ''],
  pat: ['platform-regular', '', 'viewer', ''],
  cas: ['platform-regular', '', '', 'cluster-admin'],
  cec: ['platform-regular', '', '', 'cluster-viewer'],
  tom: ['', '', '', ''],
}

/** Makes the accounts, workspace `crew` and project `deck` in it; answers how each is called, `admin` among them. */
export async function settle(
  world: GraphWorld,
  roles: Readonly<Record<string, Roles>>,
): Promise<ReadonlyMap<string, Standing>> {
  const as = async (name: string): Promise<Standing> => ({
    rest: await world.as(name),
    graph: await world.graph(name),
  })
  const admin = await as('admin')
  const post = async (path: string, body: unknown): Promise<void> => {
    const { status, text } = await admin.rest.post(path, body)
    assert.equal(status, 200, text)
  }
  for (const [name, [globalRole]] of Object.entries(roles)) {
    await post(`${IAM}/users`, account(name, globalRole || undefined))
  }
  await post(`${TENANT}/workspacetemplates`, workspace('crew', 'ann'))
  await post(`${TENANT}/workspaces/crew/namespaces`, project('deck', 'admin'))
  const callers = new Map([['admin', admin]])
  for (const [username, [, inWorkspace, inProject, inCluster]] of Object.entries(roles)) {
    for (const [path, roleRef] of [
      ['workspaces/crew/workspacemembers', inWorkspace],
      ['namespaces/deck/namespacemembers', inProject],
      ['clustermembers', inCluster],
    ] as const) {
      if (roleRef) await post(`${IAM}/${path}`, [{ username, roleRef }])
    }
    callers.set(username, await as(username))
  }
  await world.settled()
  return callers
}
