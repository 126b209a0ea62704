import { after, before } from 'node:test'
import { accounts } from './stories/accounts.ts'
import { addresses } from './stories/addresses.ts'
import { clients } from './stories/clients.ts'
import { holes } from './stories/holes.ts'
import { memberLevels } from './stories/levels.ts'
import { membership } from './stories/members.ts'
import { roles } from './stories/roles.ts'
import { startWorld, type World } from './world.ts'

/** One embedded platform for all stories; each uses names of its own. */
let world: World

before(async () => {
  world = await startWorld()
})

after(() => world?.[Symbol.asyncDispose]())

const here = (): World => world

accounts(here)
clients(here)
membership(here)
memberLevels(here)
roles(here)
holes(here)
addresses(here)
