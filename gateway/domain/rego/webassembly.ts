/** The part of the WebAssembly JavaScript interface that is used here; Node's types leave it out. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>
  instantiate(
    module: WebAssembly.Module,
    imports: Record<string, Record<string, (...args: never[]) => unknown>>,
  ): Promise<{ readonly exports: object }>
}

const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly

/** Compiles outside the calling thread. */
export const compile = (bytes: Uint8Array): Promise<WebAssembly.Module> => api.compile(bytes)

export const instantiateModule: WebAssemblyApi['instantiate'] = (module, imports) =>
  api.instantiate(module, imports)
