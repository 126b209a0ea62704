import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { processesWith, untilGone } from '../embedded/processes.ts'
import { Command, ready } from './command.ts'
import { ask, eventually, graph, login } from './http.ts'

/** A folder for everything temporary of one start: it names its processes, and shows what they leave. */
async function temporary(t: TestContext): Promise<{ dir: string; env: NodeJS.ProcessEnv }> {
  const dir = await mkdtemp(join(tmpdir(), 'ks-facade-test-'))
  t.after(() => rm(dir, { recursive: true, force: true }))
  // npm keeps compiled code of its own in the temporary folder, which is not ours to clear away.
  return { dir, env: { TMPDIR: dir, NODE_DISABLE_COMPILE_CACHE: '1' } }
}

/** No process that was started with this folder lives, and nothing is left in it. */
async function assertNothingLeft(dir: string): Promise<void> {
  await untilGone(dir)
  await eventually(
    'what is left in the folder',
    () => readdir(dir),
    (names) => names.length === 0,
  )
}

describe('npm start', { concurrency: 1 }, () => {
  it('twice at once comes up twice, and each stops with all that belongs to it', async (t) => {
    const homes = await Promise.all([temporary(t), temporary(t)])
    await using one = Command.npmStart(['--no-demo'], homes[0].env)
    await using two = Command.npmStart(['--no-demo'], homes[1].env)
    const [left, right] = await Promise.all([ready(one), ready(two)])
    assert.notEqual(left.url, right.url)
    assert.notEqual(left.password, right.password)
    const tokens = await Promise.all(
      [left, right].map(({ url, password }) => login(url, 'admin', password)),
    )
    const { status } = await graph(right.url, tokens[0] ?? '', '{ me { name } }')
    assert.equal(status, 401, 'a token of the one is nothing to the other')

    // As Ctrl-C in a terminal: the whole group hears it.
    process.kill(-(one.child.pid ?? 0), 'SIGINT')
    await one.ended
    await assertNothingLeft(homes[0].dir)
    assert.equal((await ask(`${right.url}/readyz`)).status, 200, 'the other runs on')

    await two.stop('SIGTERM')
    await assertNothingLeft(homes[1].dir)
    assert.doesNotMatch(one.stderr + two.stderr, /^ {4}at |"level":(?:50|60)/m)
  })

  it('interrupted at any point of the start leaves nothing', async (t) => {
    const points: [string, (dir: string) => Promise<boolean>][] = [
      ['when its folder is made', async (dir) => (await readdir(dir)).length > 0],
      ['when the first components start', async (dir) => (await processesWith(dir)).length >= 3],
      ['when all components have started', async (dir) => (await processesWith(dir)).length >= 6],
    ]
    for (const [when, reached] of points) {
      const { dir, env } = await temporary(t)
      await using command = Command.main(['start', '--port', '0'], { env })
      await eventually(when, () => reached(dir), Boolean)
      const { code, stderr, stdout } = await command.stop('SIGINT')
      assert.equal(code, 130, `${when}: ${stderr}`)
      assert.doesNotMatch(stderr, /^ {4}at |ks-facade start:/m, when)
      assert.doesNotMatch(stdout, /^ready$/m, when)
      await assertNothingLeft(dir)
    }
  })

  it('whose starter is killed stops by itself', async (t) => {
    const { dir, env } = await temporary(t)
    await using command = Command.bootstrap(['start', '--port', '0', '--no-demo'], env)
    await ready(command)
    command.child.kill('SIGKILL')
    await assertNothingLeft(dir)
  })

  it('with --data-dir keeps what was made, and the login', async (t) => {
    const { dir, env } = await temporary(t)
    const { dir: data } = await temporary(t)
    const flags = ['start', '--port', '0', '--no-demo', '--data-dir', join(data, 'kept')]
    await mkdir(join(data, 'kept'))
    let password: string
    {
      await using first = Command.main(flags, { env })
      const banner = await ready(first)
      password = banner.password
      const token = await login(banner.url, 'admin', password)
      const made = await graph(
        banner.url,
        token,
        'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { name } } }',
        { input: { name: 'kept' } },
      )
      assert.deepEqual(made.codes, [], made.text)

      await using rival = Command.main(flags, { env })
      const { code, stderr } = await rival.ended
      assert.equal(code, 1)
      assert.match(stderr, /^ks-facade start: another control plane uses .*kept \(process \d+\)/m)

      const { code: end } = await first.stop('SIGINT')
      assert.equal(end, 0)
    }
    await assertNothingLeft(dir)
    assert.deepEqual(await processesWith(data), [])

    await using second = Command.main(flags, { env })
    const banner = await ready(second)
    assert.equal(banner.password, password)
    const token = await login(banner.url, 'admin', password)
    const { data: found } = await graph(banner.url, token, '{ workspace(name: "kept") { name } }')
    assert.deepEqual(found, { workspace: { name: 'kept' } })
    const { code } = await second.stop('SIGTERM')
    assert.equal(code, 0)
    await assertNothingLeft(dir)
  })
})
