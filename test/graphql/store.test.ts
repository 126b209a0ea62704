import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { goodChart } from '../application/archives.ts'
import { startChartRepository, type ChartRepository } from '../application/repository.ts'
import { eventually } from '../e2e/http.ts'
import { startGraphWorld, type Graph, type GraphWorld } from './graph.ts'

const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString('base64')

interface Release {
  name: string
  state: string
  versionName: string
  values: string
}

function write(field: string, type: string, fields: string): string {
  return `mutation ($input: ${type}!) { ${field}(input: $input) { ${fields} } }`
}

describe('the application store in the graph', { concurrency: false }, () => {
  let world: GraphWorld
  let admin: Graph
  let charts: ChartRepository

  before(async () => {
    charts = await startChartRepository('reader:secret-of-charts')
    world = await startGraphWorld({ openHosts: ['127.0.0.1'] })
    admin = await world.graph('admin')
    const input = { name: 'crew' }
    await admin.data(write('createWorkspace', 'CreateWorkspaceInput', 'workspace { name }'), {
      input,
    })
    await admin.data(write('createProject', 'CreateProjectInput', 'project { name }'), {
      input: { workspace: 'crew', name: 'deck' },
    })
    await world.settled()
  })
  after(async () => {
    await world?.[Symbol.asyncDispose]()
    await charts?.[Symbol.asyncDispose]()
  })

  const release = async (name: string) => {
    const query = `query ($name: ID!) { applicationRelease(name: $name, workspace: "crew") { name state versionName values } }`
    return (await admin.data<{ applicationRelease: Release | null }>(query, { name }))
      .applicationRelease
  }
  const goes = (name: string) =>
    eventually(
      `${name} goes`,
      () => release(name),
      (one) => one === null,
    )

  describe('a chart repository', { concurrency: false }, () => {
    const repository = () => ({
      name: 'charts',
      workspace: 'crew',
      url: charts.url,
      username: 'reader',
      password: 'secret-of-charts',
    })
    let application = ''

    it('is tried before it is added, and refused without its password', async () => {
      const verify = write('verifyChartRepository', 'ChartRepositoryInput', 'ok')
      assert.deepEqual(await admin.data(verify, { input: repository() }), {
        verifyChartRepository: { ok: true },
      })
      const { password: _left, ...without } = repository()
      assert.equal((await admin.codes(verify, { input: without })).length, 1)
      const list = '{ chartRepositories(workspace: "crew") { totalCount } }'
      assert.deepEqual(await admin.data(list), { chartRepositories: { totalCount: 0 } })
    })

    it('is added, shows no password, and is read into applications', async () => {
      const add = write(
        'addChartRepository',
        'ChartRepositoryInput',
        'clientMutationId repository { id name url username workspaceName }',
      )
      const input = { ...repository(), clientMutationId: 'mine' }
      const { addChartRepository: added } = await admin.data<{
        addChartRepository: { clientMutationId: string; repository: Record<string, unknown> }
      }>(add, { input })
      assert.equal(added.clientMutationId, 'mine')
      assert.equal(added.repository['url'], charts.url)
      assert.equal(added.repository['username'], 'reader')
      const query = `{ chartRepository(name: "charts", workspace: "crew") { state object { raw } } }`
      const { body } = await admin.answer(query)
      assert.doesNotMatch(JSON.stringify(body), /secret-of-charts/)
      const sync = write('syncChartRepository', 'ChartRepositoryNameInput', 'repository { name }')
      await admin.data(sync, { input: { name: 'charts', workspace: 'crew' } })
      interface Found {
        applications: {
          nodes: { name: string; latestVersion: string; versions: { totalCount: number } }[]
        }
      }
      const apps = `{ applications(workspace: "crew", filter: { label: "application.kubesphere.io/repo-name=charts" }) {
        nodes { name latestVersion type repositoryName state versions { totalCount } } } }`
      const found = await eventually(
        'the chart is an application',
        () => admin.data<Found>(apps),
        ({ applications: { nodes } }) => nodes[0]?.versions.totalCount === 1,
      )
      application = found.applications.nodes[0]?.name ?? ''
      assert.equal(found.applications.nodes[0]?.latestVersion, '1.0.0')
    })

    it('gives its second version after a second look', async () => {
      charts.charts.set('Web', ['1.1.0', '1.0.0'])
      const sync = write('syncChartRepository', 'ChartRepositoryNameInput', 'repository { name }')
      await admin.data(sync, { input: { name: 'charts', workspace: 'crew' } })
      const query = `query ($name: ID!) { application(name: $name, workspace: "crew") {
        versions(orderBy: [{ by: NAME, direction: ASC }]) { nodes { version state application { name } } } } }`
      interface Found {
        application: { versions: { nodes: { version: string; state: string }[] } }
      }
      const { application: app } = await eventually(
        'two versions',
        () => admin.data<Found>(query, { name: application }),
        ({ application: { versions } }) => versions.nodes.length === 2,
      )
      assert.deepEqual(
        app.versions.nodes.map(({ version, state }) => [version, state]),
        [
          ['1.0.0', 'active'],
          ['1.1.0', 'active'],
        ],
      )
    })

    it('has its version deployed as a release, upgraded and removed', async () => {
      const create = write(
        'createApplicationRelease',
        'CreateReleaseInput',
        'release { name state versionName values namespace clusterName creator application { name } version { version files { path } } }',
      )
      const input = {
        name: 'web',
        workspace: 'crew',
        namespace: 'deck',
        application,
        version: `${application}-1.0.0`,
        values: 'replicas: 2\n',
      }
      const { createApplicationRelease: made } = await admin.data<{
        createApplicationRelease: {
          release: Record<string, never> & { version: { files: { path: string }[] } }
        }
      }>(create, { input })
      assert.equal(made.release['creator'], 'admin')
      assert.equal(made.release['values'], 'replicas: 2\n')
      assert.deepEqual(made.release['application'], { name: application })
      assert.ok(made.release.version.files.some(({ path }) => path === 'Chart.yaml'))
      assert.deepEqual(await admin.codes(create, { input }), ['ALREADY_EXISTS'])
      const elsewhere = { ...input, name: 'other', namespace: 'default' }
      assert.deepEqual(await admin.codes(create, { input: elsewhere }), ['BAD_USER_INPUT'])

      const upgrade = write(
        'upgradeApplicationRelease',
        'UpgradeReleaseInput',
        'release { versionName values }',
      )
      const next = { name: 'web', workspace: 'crew', version: `${application}-1.1.0` }
      assert.deepEqual(await admin.data(upgrade, { input: next }), {
        upgradeApplicationRelease: {
          release: { versionName: `${application}-1.1.0`, values: 'replicas: 2\n' },
        },
      })
      const unknown = { ...next, version: 'no-such-version' }
      assert.deepEqual(await admin.codes(upgrade, { input: unknown }), ['NOT_FOUND'])

      const remove = write('deleteApplicationRelease', 'ApplicationReleaseInput', 'id name')
      await admin.data(remove, { input: { name: 'web', workspace: 'crew' } })
      await goes('web')
    })

    it('takes its applications along when it is removed', async () => {
      const remove = write('deleteChartRepository', 'ChartRepositoryNameInput', 'id name')
      await admin.data(remove, { input: { name: 'charts', workspace: 'crew' } })
      assert.deepEqual(await admin.data('{ chartRepository(name: "charts") { name } }'), {
        chartRepository: null,
      })
    })
  })

  describe('an uploaded application', { concurrency: false }, () => {
    const step = write(
      'reviewApplicationVersion',
      'ReviewVersionInput',
      'version { state message changedBy }',
    )
    const version = { application: 'pages', name: 'pages-1.0.0' }
    const manifest = (text: string): string =>
      [
        'apiVersion: v1',
        'kind: ConfigMap',
        'metadata:',
        '  name: pages',
        '  namespace: deck',
        'data:',
        `  text: ${text}`,
        '',
      ].join('\n')

    it('is read before it is stored', async () => {
      const preview = write(
        'previewApplication',
        'UploadApplicationInput',
        'name version displayName resources { resource }',
      )
      const { previewApplication: told } = await admin.data<{
        previewApplication: Record<string, unknown>
      }>(preview, { input: { package: base64(goodChart()) } })
      assert.equal(told['version'], '1.0.0')
      assert.equal(told['displayName'], 'Web')
      assert.deepEqual(told['resources'], [{ resource: 'widgets' }])
      const bad = { package: base64('no archive') }
      assert.deepEqual(await admin.codes(preview, { input: bad }), ['BAD_USER_INPUT'])
      const large = { package: base64(Buffer.alloc(2 * 1024 * 1024 + 1)) }
      assert.deepEqual(await admin.codes(preview, { input: large }), ['BAD_USER_INPUT'])
      const nameless = { package: base64(manifest('a')), type: 'yaml' }
      assert.deepEqual(await admin.codes(preview, { input: nameless }), ['BAD_USER_INPUT'])
    })

    it('begins in draft, and what is absent of a change stays', async () => {
      const upload = write(
        'uploadApplication',
        'UploadApplicationInput',
        'application { name state } version { name state package }',
      )
      const input = {
        name: 'pages',
        version: '1.0.0',
        type: 'yaml',
        package: base64(manifest('one')),
        displayName: 'Pages',
      }
      assert.deepEqual(await admin.data(upload, { input }), {
        uploadApplication: {
          application: { name: 'pages', state: 'draft' },
          version: { name: 'pages-1.0.0', state: 'draft', package: base64(manifest('one')) },
        },
      })
      const update = write(
        'updateApplication',
        'UpdateApplicationInput',
        'application { displayName description categoryName }',
      )
      const change = { name: 'pages', description: 'Serves pages.' }
      assert.deepEqual(await admin.data(update, { input: change }), {
        updateApplication: {
          application: {
            displayName: 'Pages',
            description: 'Serves pages.',
            categoryName: 'kubesphere-app-uncategorized',
          },
        },
      })
    })

    it('is reviewed in steps, and no step can be left out', async () => {
      const take = (name: string, message?: string) =>
        admin.data<{ reviewApplicationVersion: { version: Record<string, string> } }>(step, {
          input: { ...version, step: name, message },
        })
      assert.deepEqual(await admin.codes(step, { input: { ...version, step: 'ACTIVATE' } }), [
        'CONFLICT',
      ])
      await take('SUBMIT', 'please')
      const reviews = '{ applicationReviews(states: ["submitted"]) { nodes { name message } } }'
      assert.deepEqual(await admin.data(reviews), {
        applicationReviews: { nodes: [{ name: 'pages-1.0.0', message: 'please' }] },
      })
      await take('REJECT', 'not yet')
      await take('SUBMIT')
      const { reviewApplicationVersion: passed } = await take('APPROVE', 'good')
      assert.deepEqual(passed.version, { state: 'passed', message: 'good', changedBy: 'admin' })
      await take('ACTIVATE')
      const shelf = write(
        'activateApplication',
        'ApplicationInput',
        'application { state inStore }',
      )
      assert.deepEqual(await admin.data(shelf, { input: { name: 'pages' } }), {
        activateApplication: { application: { state: 'active', inStore: true } },
      })
    })

    it('is applied, upgraded with other objects and removed with them', async () => {
      const create = write('createApplicationRelease', 'CreateReleaseInput', 'release { name }')
      const input = {
        name: 'pages-deck',
        workspace: 'crew',
        namespace: 'deck',
        application: 'pages',
        version: 'pages-1.0.0',
        values: manifest('one'),
      }
      await admin.data(create, { input })
      const maps = { group: '', version: 'v1', resource: 'configmaps' }
      const text = async () => {
        const { items } = await world.kube.list(maps, { namespace: 'deck' })
        const found = items.find(({ metadata }) => metadata.name === 'pages')
        return (found?.['data'] as { text: string } | undefined)?.text
      }
      await eventually('applied', text, (now) => now === 'one')
      await eventually(
        'active',
        () => release('pages-deck'),
        (one) => one?.state === 'active',
      )
      const live = `{ applicationRelease(name: "pages-deck", workspace: "crew") { liveObjects } }`
      const { applicationRelease: shown } = await admin.data<{
        applicationRelease: { liveObjects: { metadata: { name: string } }[] }
      }>(live)
      assert.deepEqual(
        shown.liveObjects.map(({ metadata }) => metadata.name),
        ['pages'],
      )

      const upgrade = write('upgradeApplicationRelease', 'UpgradeReleaseInput', 'release { name }')
      await admin.data(upgrade, {
        input: { name: 'pages-deck', workspace: 'crew', values: manifest('two') },
      })
      await eventually('upgraded', text, (now) => now === 'two')
      const remove = write('deleteApplicationRelease', 'ApplicationReleaseInput', 'name')
      await admin.data(remove, { input: { name: 'pages-deck', workspace: 'crew' } })
      await goes('pages-deck')
      assert.equal(await text(), undefined)
    })

    it('is taken off the shelf and deleted with its versions', async () => {
      const suspend = write(
        'suspendApplication',
        'ApplicationInput',
        'application { state versions { nodes { state } } }',
      )
      assert.deepEqual(await admin.data(suspend, { input: { name: 'pages' } }), {
        suspendApplication: {
          application: { state: 'suspended', versions: { nodes: [{ state: 'suspended' }] } },
        },
      })
      const upload = write(
        'uploadApplicationVersion',
        'UploadVersionInput',
        'version { name state }',
      )
      const second = {
        application: 'pages',
        version: '2.0.0',
        type: 'yaml',
        package: base64(manifest('two')),
      }
      assert.deepEqual(await admin.data(upload, { input: second }), {
        uploadApplicationVersion: { version: { name: 'pages-2.0.0', state: 'draft' } },
      })
      assert.deepEqual(await admin.codes(upload, { input: second }), ['ALREADY_EXISTS'])
      const drop = write('deleteApplicationVersion', 'ApplicationVersionInput', 'name')
      await admin.data(drop, { input: { application: 'pages', name: 'pages-2.0.0' } })
      const gone = write('deleteApplication', 'ApplicationInput', 'id name')
      await admin.data(gone, { input: { name: 'pages' } })
      assert.deepEqual(await admin.data('{ application(name: "pages") { name } }'), {
        application: null,
      })
    })
  })

  it('categories are counted, and kept while something is in them', async () => {
    const create = write(
      'createApplicationCategory',
      'CategoryInput',
      'category { id name displayName total }',
    )
    const made = await admin.data<{ createApplicationCategory: { category: { id: string } } }>(
      create,
      {
        input: { name: 'tools', displayName: 'Tools' },
      },
    )
    const { id } = made.createApplicationCategory.category
    const upload = write(
      'uploadApplication',
      'UploadApplicationInput',
      'application { category { total } }',
    )
    const input = { name: 'hammer', category: 'tools', package: base64(goodChart()) }
    await admin.data(upload, { input })
    const node =
      'query ($id: ID!) { node(id: $id) { __typename ... on ApplicationCategory { total } } }'
    assert.deepEqual(await admin.data(node, { id }), {
      node: { __typename: 'ApplicationCategory', total: 1 },
    })
    const remove = write('deleteApplicationCategory', 'CategoryNameInput', 'name')
    assert.deepEqual(await admin.codes(remove, { input: { name: 'tools' } }), ['CONFLICT'])
    await admin.data(write('deleteApplication', 'ApplicationInput', 'name'), {
      input: { name: 'hammer' },
    })
    await eventually(
      'empty',
      () => admin.codes(remove, { input: { name: 'tools' } }),
      (codes) => codes.length === 0,
    )
  })

  it('every kind of the store comes back by its global id, and as an entity', async () => {
    const upload = write(
      'uploadApplication',
      'UploadApplicationInput',
      'application { id name } version { id name }',
    )
    const { uploadApplication: made } = await admin.data<{
      uploadApplication: Record<'application' | 'version', { id: string; name: string }>
    }>(upload, { input: { name: 'saw', package: base64(goodChart()) } })
    const ids = [made.application.id, made.version.id]
    const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'
    assert.deepEqual(await admin.data(nodes, { ids }), {
      nodes: [
        { __typename: 'Application', id: made.application.id },
        { __typename: 'ApplicationVersion', id: made.version.id },
      ],
    })
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Application { name } ... on ApplicationVersion { applicationName } ... on ApplicationCategory { name } } }`
    const of = [
      { __typename: 'Application', name: 'saw' },
      { __typename: 'ApplicationVersion', id: made.version.id },
      { __typename: 'ApplicationCategory', name: 'kubesphere-app-uncategorized' },
    ]
    assert.deepEqual(await admin.data(entities, { of }), {
      _entities: [
        { name: 'saw' },
        { applicationName: 'saw' },
        { name: 'kubesphere-app-uncategorized' },
      ],
    })
  })
})
