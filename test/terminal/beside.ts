import type { Config } from '../../gateway/config/index.ts'
import { startFacade, type Facade } from '../../gateway/server/serve.ts'
import { login } from '../e2e/http.ts'
import { PASSWORD, type Stage } from './stage.ts'

export interface Beside extends AsyncDisposable {
  readonly facade: Facade
  readonly url: string
  readonly admin: string
  login(user: string): Promise<string>
}

/** Another server before the plane of `stage`, with some sections of its configuration changed. */
export async function startBeside(
  stage: Stage,
  change: (config: Config) => Partial<Config>,
): Promise<Beside> {
  const { config, log } = stage.facade.app
  const facade = await startFacade({ ...config, ...change(config) }, { log })
  const { url } = facade.server
  return {
    facade,
    url,
    admin: await login(url, 'admin', PASSWORD),
    login: (user) => login(url, user, PASSWORD),
    [Symbol.asyncDispose]: () => facade[Symbol.asyncDispose](),
  }
}
