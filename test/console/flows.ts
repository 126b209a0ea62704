import type { Page } from 'playwright-core'
import {
  button,
  confirm,
  field,
  fields,
  form,
  pick,
  pickOfPage,
  pickOfRow,
  press,
  shown,
  write,
} from './hands.ts'
import type { Call } from './recorder.ts'
import type { Visitor } from './stage.ts'

/** Something that a person does: its steps, the call that it comes to, and what the page shows afterwards. */
export interface Flow {
  readonly does: string
  readonly steps: (visitor: Visitor) => Promise<void>
  readonly call: readonly [method: string, path: RegExp]
  readonly shows?: RegExp
  /** What fails until it is done, and is asked again. */
  readonly excused?: (call: Call) => boolean
}

const PROJECT = '/demo/clusters/host/projects/demo-project'

const petra = { name: 'petra', password: 'Pa55word-of-Petra' }

export const accessFlows: readonly Flow[] = [
  {
    does: 'creates a user',
    async steps(visitor) {
      const { page } = visitor
      await form(visitor, '/access/accounts', /leo@/)
      await fields(page).first().fill(petra.name)
      await page.getByPlaceholder('user@example.com').fill(`${petra.name}@demo.example`)
      await page.locator('input[type=password]').fill(petra.password)
      await press(page, 'OK')
    },
    call: ['POST', /\/users$/],
    shows: /petra@demo\.example/,
  },
  {
    does: 'edits a user',
    async steps(visitor) {
      const { page } = visitor
      await visitor.go('/access/accounts', /petra@/)
      await pickOfRow(page, 'petra@', 'Edit')
      await page.getByPlaceholder('user@example.com').fill('painter@demo.example')
      await press(page, 'OK')
    },
    call: ['PUT', /\/users\/petra$/],
    shows: /painter@demo\.example/,
  },
  {
    does: 'invites a user into a workspace',
    async steps(visitor) {
      const { page } = visitor
      await form(visitor, '/workspaces/demo/members', /dora/, 'Invite')
      await page.getByText('painter@demo.example').waitFor()
      const free = page.getByRole('dialog').locator('button[aria-expanded]:not([disabled])')
      await free.filter(shown).first().click()
      await page.getByText('demo-viewer', { exact: true }).filter(shown).last().click()
      await press(page, 'OK')
    },
    call: ['POST', /\/workspaces\/demo\/workspacemembers$/],
    shows: /petra/,
  },
  {
    does: 'disables a user',
    async steps(visitor) {
      await visitor.go('/access/accounts', /painter@/)
      await pickOfRow(visitor.page, 'painter@', 'Disable')
    },
    call: ['PUT', /\/users\/petra$/],
    shows: /Disabled/,
  },
  {
    does: 'deletes a user',
    async steps(visitor) {
      await visitor.go('/access/accounts', /painter@/)
      await pickOfRow(visitor.page, 'painter@', 'Delete')
      await confirm(visitor.page, petra.name)
    },
    call: ['DELETE', /\/users\/petra$/],
  },
  {
    does: 'creates a platform role',
    async steps(visitor) {
      const { page } = visitor
      await form(visitor, '/access/roles', /platform-regular/)
      await fields(page).first().fill('painters')
      await press(page, 'Edit Permissions')
      await page.getByText('Manage the app store').filter(shown).click()
      await press(page, 'OK')
    },
    call: ['POST', /\/globalroles$/],
    shows: /painters/,
  },
  {
    does: 'deletes a platform role',
    async steps(visitor) {
      await visitor.go('/access/roles', /painters/)
      await pickOfRow(visitor.page, 'painters', 'Delete')
      await press(visitor.page, 'OK')
    },
    call: ['DELETE', /\/globalroles\/painters$/],
  },
]

export const tenantFlows: readonly Flow[] = [
  {
    does: 'creates a workspace',
    async steps(visitor) {
      const { page } = visitor
      await form(visitor, '/access/workspaces', /demo/)
      await fields(page).first().fill('orchard')
      await press(page, 'Next')
      await page.getByText('host', { exact: true }).filter(shown).first().click()
      await press(page, 'OK')
    },
    call: ['POST', /\/workspacetemplates$/],
    shows: /orchard/,
  },
  {
    does: 'creates a project',
    async steps(visitor) {
      await form(visitor, '/workspaces/demo/projects', /Demo project/)
      await fields(visitor.page).first().fill('garden')
      await press(visitor.page, 'OK')
    },
    call: ['POST', /\/workspaces\/demo\/namespaces$/],
    shows: /garden/,
  },
]

export const projectFlows: readonly Flow[] = [
  {
    does: 'creates a ConfigMap',
    async steps(visitor) {
      const { page } = visitor
      await form(visitor, `${PROJECT}/configmaps`, /hello/)
      await field(page, 'metadata.name').fill('colours')
      await press(page, 'Next')
      await press(page, 'Create')
    },
    call: ['POST', /\/namespaces\/demo-project\/configmaps$/],
    shows: /colours/,
  },
  {
    does: 'edits the YAML of a ConfigMap',
    async steps(visitor) {
      await visitor.go(`${PROJECT}/configmaps/hello`, /greeting/)
      await pickOfPage(visitor.page, 'Edit YAML')
      await write(visitor.page, (text) => text.replace('greeting: Hello', 'greeting: Good day'))
      await press(visitor.page, 'OK')
    },
    call: ['PUT', /\/namespaces\/demo-project\/configmaps\/hello$/],
    shows: /Good day/,
  },
  {
    does: 'deletes a ConfigMap',
    async steps(visitor) {
      await visitor.go(`${PROJECT}/configmaps/colours`, /colours/)
      await pickOfPage(visitor.page, 'Delete')
      await confirm(visitor.page, 'colours')
    },
    call: ['DELETE', /\/namespaces\/demo-project\/configmaps\/colours/],
  },
]

export const clusterFlows: readonly Flow[] = [
  {
    does: 'cordons a node',
    async steps(visitor) {
      await visitor.go('/clusters/host/nodes/node-1', /Readiness/)
      await press(visitor.page, 'Cordon')
    },
    call: ['PATCH', /\/nodes\/node-1$/],
    shows: /Uncordon/,
  },
  {
    does: 'uncordons a node',
    async steps(visitor) {
      await visitor.go('/clusters/host/nodes/node-1', /Uncordon/)
      await press(visitor.page, 'Uncordon')
    },
    call: ['PATCH', /\/nodes\/node-1$/],
    shows: /^Cordon$/,
  },
]

/** Adds a cluster, which the host reaches by its kubeconfig. */
export const addCluster = (name: string, kubeconfig: string): Flow => ({
  does: `adds the cluster ${name}`,
  async steps(visitor) {
    const { page } = visitor
    await form(visitor, '/clusters', /host/, 'Add Cluster')
    await field(page, 'metadata.name').fill(name)
    await press(page, 'Next')
    await page.getByText('Member Cluster kubeconfig').filter(shown).waitFor()
    await write(page, () => kubeconfig)
    await press(page, 'Next')
    await press(page, 'Create')
  },
  call: ['POST', /\/apis\/cluster\.kubesphere\.io\/v1alpha1\/clusters$/],
  shows: new RegExp(name),
  excused: ({ path, status }) => status === 503 && path.startsWith(`/clusters/${name}/`),
})

export const removeCluster = (name: string): Flow => ({
  does: `removes the cluster ${name}`,
  async steps(visitor) {
    const { page } = visitor
    await visitor.go(`/clusters/${name}/base-info`, /Cluster Information/)
    await pick(page, button(page, 'Manage').last(), 'Remove Cluster')
    await page.locator('.drag-handler').hover()
    await page.mouse.down()
    const end = await page.getByText('I understand the risks of removing the cluster').boundingBox()
    await page.mouse.move((end?.x ?? 0) + (end?.width ?? 0) * 2, end?.y ?? 0, { steps: 10 })
    await page.mouse.up()
    await confirm(page, name, 'Drop')
  },
  call: ['DELETE', new RegExp(`/clusters/${name}$`)],
})

/** Types a line into the console's shell at `path`, and waits until the shell sends this back. */
export async function shell(page: Page, path: string, line: string, back: string): Promise<void> {
  const heard = Promise.withResolvers<void>()
  let text = ''
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      const { Data = '' } = JSON.parse(payload.toString()) as { Data?: string }
      text += Data
      if (text.includes(back)) heard.resolve()
    })
  })
  const prompt = page.waitForEvent('websocket')
  await page.goto(path)
  await (await prompt).waitForEvent('framereceived')
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
  await heard.promise
}
