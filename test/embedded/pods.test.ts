import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Plane } from '../../gateway/embedded/index.ts'
import { startTestPlane } from '../env/plane.ts'
import { ApiClient, collect, isRunning, type Pod } from './client.ts'
import { processesWith, untilGone } from './processes.ts'

const pods = '/api/v1/namespaces/default/pods'

/** Seconds to sleep that only this run's processes have on their command line. */
const nap = 1_000_000 + process.pid

function shell(script: string, more: object = {}): object {
  return { containers: [{ name: 'main', image: 'none', command: ['sh', '-c', script], ...more }] }
}

describe('pods of the embedded control plane', () => {
  let plane: Plane
  let api: ApiClient

  before(async () => {
    plane = await startTestPlane()
    api = new ApiClient(plane.kubeconfig)
    await api.runPod('box', shell('trap "exit 0" TERM; echo up; while :; do sleep 1; done'))
  })

  after(async () => {
    api?.[Symbol.dispose]()
    await plane?.[Symbol.asyncDispose]()
  })

  it('of a Deployment become Ready, each with its own address and a log, on a node that is Ready', async () => {
    const labels = { app: 'web' }
    await api.create('/apis/apps/v1/namespaces/default/deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { containers: [{ name: 'web', image: 'nginx' }] },
        },
      },
    })
    await api.until<{ status: { readyReplicas?: number } }>(
      '/apis/apps/v1/namespaces/default/deployments/web',
      ({ status }) => status.readyReplicas === 3,
    )
    const { text } = await api.call('GET', `${pods}?labelSelector=app%3Dweb`)
    const { items } = JSON.parse(text) as { items: Pod[] }
    assert.equal(new Set(items.map(({ status }) => status.podIP)).size, 3)
    for (const { metadata } of items) {
      const log = await api.call('GET', `${pods}/${metadata.name}/log`)
      assert.match(log.text, /web started, standing in for image nginx/)
    }
  })

  it('run with their variables, in a folder of their own, and succeed or fail as their command does', async () => {
    const env = [
      { name: 'WHO', value: 'world' },
      { name: 'ME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'BOTH', value: '$(WHO)/$(ME)' },
    ]
    const ended = (pod: Pod) => /Succeeded|Failed/.test(pod.status.phase)
    const spec = {
      restartPolicy: 'Never',
      ...shell('echo $BOTH; pwd; echo no >&2; exit 3', { env }),
    }
    const pod = await api.runPod('once', spec, ended)
    assert.equal(pod.status.phase, 'Failed')
    assert.equal(pod.status.containerStatuses?.[0]?.state.terminated?.exitCode, 3)
    const { text } = await api.call('GET', `${pods}/once/log`)
    assert.match(text, /^world\/once$/m)
    assert.match(text, new RegExp(`/default_once_${pod.metadata.uid}/main$`, 'm'))
    assert.match(text, /^no$/m)
  })

  it('are started again when they crash, and keep the log of the run before', async () => {
    const again = (pod: Pod) => (pod.status.containerStatuses?.[0]?.restartCount ?? 0) >= 1
    await api.runPod('crash', shell('echo run; exit 1'), again)
    assert.match((await api.call('GET', `${pods}/crash/log?previous=true`)).text, /^run$/m)
  })

  it('run their init containers first, one after the other', async () => {
    const init = (name: string) => ({ name, image: 'none', command: ['sh', '-c', `echo ${name}`] })
    const spec = { initContainers: [init('first'), init('second')], ...shell('sleep 1000') }
    await api.runPod('inits', spec)
    for (const name of ['first', 'second']) {
      assert.equal((await api.call('GET', `${pods}/inits/log?container=${name}`)).text, `${name}\n`)
    }
  })

  it('give their last lines, lines with a time, and lines as they come until the client stops', async () => {
    const script = 'for i in 1 2 3; do echo line $i; done; read x; echo $x; read x'
    await api.runPod('talk', shell(script, { stdin: true }))
    await api.untilText(`${pods}/talk/log`, (text) => text.endsWith('line 3\n'))
    assert.equal((await api.call('GET', `${pods}/talk/log?tailLines=2`)).text, 'line 2\nline 3\n')
    assert.equal((await api.call('GET', `${pods}/talk/log?limitBytes=4`)).text, 'line')
    const timed = await api.call('GET', `${pods}/talk/log?timestamps=true&tailLines=1`)
    assert.match(timed.text, /^\d{4}-\d\d-\d\dT\S+Z line 3\n$/)

    const stop = new AbortController()
    const lines = api.lines(`${pods}/talk/log?follow=true`, stop.signal)
    for (const wanted of ['line 1', 'line 2', 'line 3']) {
      assert.equal((await lines.next()).value, wanted)
    }
    const { socket, messages } = await api.stream(`${pods}/talk/attach?stdin=true&stdout=true`)
    socket.send(Buffer.from('\0later\n'))
    assert.equal((await lines.next()).value, 'later')
    for await (const [data] of messages) {
      // The first message is empty: it only says that the streams are there.
      if (data.length === 1) continue
      assert.equal(data.subarray(1).toString(), 'later\n')
      break
    }
    socket.close()
    stop.abort()
    await assert.rejects(async () => lines.next())
  })

  it('run commands: the end of the input ends them, and their output and exit code come back', async () => {
    assert.deepEqual(await api.exec('box', ['cat'], 'hello'), { out: 'hello', err: '', exit: 0 })
    const split = await api.exec('box', ['sh', '-c', 'echo out; echo err >&2; exit 7'])
    assert.deepEqual(split, { out: 'out\n', err: 'err\n', exit: 7 })
    const missing = await api.exec('box', ['no-such-command'])
    assert.match(String(missing.exit), /executable file not found in \$PATH/)
    const big = 'x'.repeat(1_000_000)
    assert.equal((await api.exec('box', ['wc', '-c'], big)).out.trim(), '1000000')
  })

  it('give a command a terminal of the size that the client says', async () => {
    const query = 'command=sh&stdin=true&stdout=true&tty=true'
    const stream = await api.stream(`${pods}/box/exec?${query}`)
    const { socket } = stream
    socket.send(Buffer.from('\u0004{"Width":91,"Height":17}'))
    // Typed only after the size, so that the shell sees it.
    socket.send(
      Buffer.from('\0until [ "$(stty size)" = "17 91" ]; do sleep 0.1; done; tty; exit 5\n'),
    )
    const result = await collect(stream)
    assert.match(result.out, /\/dev\/pts\/\d+/)
    assert.equal(result.exit, 5)
  })

  it('end a command whose client went away', async () => {
    const script = encodeURIComponent(`sleep ${nap} & echo up; sleep ${nap}`)
    const query = `stdout=true&command=sh&command=-c&command=${script}`
    const { socket, messages } = await api.stream(`${pods}/box/exec?${query}`)
    for await (const [data] of messages) if (data.length > 1) break
    while ((await processesWith(`sleep\0${nap}`)).length < 2) await setTimeout(20)
    socket.terminate()
    await untilGone(`sleep\0${nap}`)
  })

  it('have their ports forwarded', async () => {
    const server = `require('net').createServer((s) => s.end('from the pod')).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port) })`
    await api.runPod('server', {
      containers: [{ name: 'main', image: 'none', command: [process.execPath, '-e', server] }],
    })
    const stop = new AbortController()
    const first = await api.lines(`${pods}/server/log?follow=true`, stop.signal).next()
    stop.abort()
    const port = /^port (\d+)$/.exec(String(first.value))?.[1] ?? ''
    const query = `ports=${port}`
    const { messages } = await api.stream(
      `${pods}/server/portforward?${query}`,
      'v4.channel.k8s.io',
    )
    let data = ''
    for await (const [message] of messages) {
      // Channel 0 is the data; its first message names the port.
      if (message[0] === 0 && message.length > 3) data += message.subarray(1).toString()
    }
    assert.equal(data, 'from the pod')
  })

  it('take their whole process tree with them, also what left its group and what ignores TERM', async () => {
    const script = `trap "" TERM; sleep ${nap} & setsid sleep ${nap} & while :; do sleep 1; done`
    await api.runPod('tree', shell(script))
    while ((await processesWith(`sleep\0${nap}`)).length < 2) await setTimeout(20)
    await api.call('DELETE', `${pods}/tree`)
    await untilGone(`sleep\0${nap}`)
    await api.until<{ items: Pod[] }>(pods, ({ items }) =>
      items.every(({ metadata }) => metadata.name !== 'tree'),
    )
  })

  it('survive a restart of kube-apiserver', async () => {
    const before = await api.until<Pod>(`${pods}/box`, isRunning)
    await plane.restart('kube-apiserver')
    const now = await api.until<Pod>(`${pods}/box`, isRunning)
    assert.equal(now.metadata.uid, before.metadata.uid)
    assert.equal(now.status.containerStatuses?.[0]?.restartCount, 0)
    assert.equal((await api.exec('box', ['echo', 'still here'])).out, 'still here\n')
  })
})
