import assert from 'node:assert/strict'
import { test } from 'node:test'
import { announcedGraphs, GRAPH_ANNOTATION } from '../../gateway/domain/extensions/index.ts'

const service = (name: string, annotations = {}, state = 'Available') => ({
  metadata: { name: `v1.${name}.io`, annotations },
  spec: { group: `${name}.io`, version: 'v1', url: `http://${name}.example.org:8080` },
  status: { state },
})
const entry = (name: string, entries: unknown[], state = 'Available') => ({
  metadata: { name },
  spec: { entries },
  status: { state },
})
const naming = (name: string, more = {}) => ({ graphql: { apiService: `v1.${name}.io`, ...more } })

test('an entry names an APIService, and neither where that is nor what is asked there', () => {
  const { graphs, unusable } = announcedGraphs(
    [service('cost'), service('other')],
    [entry('cost', [naming('cost', { url: 'http://elsewhere.example.org', path: '/delete' })])],
  )
  assert.deepEqual(unusable, [])
  assert.deepEqual(
    graphs.map(({ name, path, upstream }) => [name, path, upstream.url.href]),
    [['v1.cost.io', '/kapis/cost.io/v1/graphql', 'http://cost.example.org:8080/']],
  )
})

test('the annotation of an APIService goes before what an entry says of it', () => {
  const { graphs } = announcedGraphs(
    [service('cost', { [GRAPH_ANNOTATION]: '/graph' })],
    [entry('cost', [naming('cost')]), entry('again', [naming('cost')])],
  )
  assert.deepEqual(
    graphs.map(({ path }) => path),
    ['/graph'],
  )
})

test('entries that are disabled or say something else announce nothing', () => {
  const others = [null, 'graphql', 7, {}, { graphql: null }, { graphql: { apiService: 7 } }]
  const { graphs, unusable } = announcedGraphs(
    [service('cost')],
    [
      entry('off', [naming('cost')], 'Disabled'),
      entry('others', others),
      entry('long', [{ graphql: { apiService: 'x'.repeat(300) } }]),
      { metadata: { name: 'empty' } },
    ],
  )
  assert.deepEqual([graphs, unusable], [[], []])
})

test('an entry whose APIService is gone or disabled is told of, once', () => {
  const { graphs, unusable } = announcedGraphs(
    [service('off', {}, 'Disabled')],
    [entry('a', [naming('off'), naming('gone')]), entry('b', [naming('gone')])],
  )
  assert.deepEqual(graphs, [])
  assert.deepEqual(
    unusable.map(({ name, message }) => [name, message]),
    [
      ['v1.off.io', 'the ExtensionEntry a names an APIService that is not Available'],
      ['v1.gone.io', 'the ExtensionEntry a names an APIService that is not Available'],
    ],
  )
})
