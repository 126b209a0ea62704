import { after, before } from 'node:test'
import { otherAddress } from '../rest/two-clusters.ts'
import { JoinStage } from './stage.ts'
import { byGraph } from './stories/graph.ts'
import { byRest } from './stories/rest.ts'
import { refusals } from './stories/refusals.ts'

/** One pair of control planes for all stories; each leaves it as it was. */
let stage: JoinStage

if (otherAddress()) {
  before(async () => {
    stage = await JoinStage.start()
  })
  after(() => stage?.[Symbol.asyncDispose]())

  const here = (): JoinStage => stage
  refusals(here)
  byRest(here)
  byGraph(here)
} else {
  console.log('left out: kube-apiserver proxies to no loopback address, and there is no other')
}
