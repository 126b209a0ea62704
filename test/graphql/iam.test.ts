import { after, before, describe } from 'node:test'
import { account, IAM, project, TENANT, workspace } from '../iam/world.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'
import { access } from './stories/access.ts'
import { accounts } from './stories/accounts.ts'
import { members } from './stories/members.ts'
import { roles } from './stories/roles.ts'

describe('accounts and roles', () => {
  let world: GraphWorld
  let admin: Graph

  before(async () => {
    world = await startGraphWorld()
    const rest = await world.as('admin')
    for (const name of ['ann', 'ben', 'eve']) {
      await rest.post(`${IAM}/users`, account(name, 'platform-regular'))
    }
    await rest.post(`${TENANT}/workspacetemplates`, workspace('crew', 'ann'))
    await rest.post(`${TENANT}/workspaces/crew/namespaces`, project('deck', 'ann'))
    await world.settled()
    admin = await world.graph('admin')
  })
  after(() => world?.[Symbol.asyncDispose]())

  for (const story of [accounts, members, roles, access]) {
    story(
      () => world,
      () => admin,
    )
  }
})
