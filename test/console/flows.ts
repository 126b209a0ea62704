import type { Page } from 'playwright-core'
import type { Visitor } from './stage.ts'

const shown = { visible: true }

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).filter(shown).last().click()
}

/** Opens the form of a page that lists things. */
async function form(visitor: Visitor, path: string, shows: RegExp): Promise<void> {
  await visitor.go(path, shows)
  await visitor.page
    .getByRole('button', { name: 'Create', exact: true })
    .filter(shown)
    .first()
    .click()
}

/** The first field of the form that is open; those of the console's newer half have no names. */
const first = (page: Page) => page.locator('input:not([type]):not([placeholder])').filter(shown)

export async function createWorkspace(visitor: Visitor, name: string): Promise<void> {
  const { page } = visitor
  await form(visitor, '/access/workspaces', /demo/)
  await first(page).first().fill(name)
  await press(page, 'Next')
  await page.getByText('host', { exact: true }).filter(shown).first().click()
  await press(page, 'OK')
}

export async function createUser(visitor: Visitor, name: string, password: string): Promise<void> {
  const { page } = visitor
  await form(visitor, '/access/accounts', /leo@/)
  await first(page).first().fill(name)
  await page.getByPlaceholder('user@example.com').fill(`${name}@demo.example`)
  await page.locator('input[type=password]').fill(password)
  await press(page, 'OK')
}

export async function createProject(visitor: Visitor, name: string): Promise<void> {
  const { page } = visitor
  await form(visitor, '/workspaces/demo/projects', /Demo project/)
  await first(page).first().fill(name)
  await press(page, 'OK')
}

/** In the project of the demo. */
export async function createConfigMap(visitor: Visitor, name: string): Promise<void> {
  const { page } = visitor
  await form(visitor, '/demo/clusters/host/projects/demo-project/configmaps', /hello/)
  await page.locator('input[name="metadata.name"]').fill(name)
  await press(page, 'Next')
  await press(page, 'Create')
}

/** Types a line into the console's shell of a container, and waits until the shell sends this back. */
export async function shell(page: Page, pod: string, line: string, back: string): Promise<void> {
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
  await page.goto(`/terminal/cluster/host/projects/demo-project/pods/${pod}/containers/hello`)
  await (await prompt).waitForEvent('framereceived')
  await page.locator('.xterm-helper-textarea').focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
  await heard.promise
}
