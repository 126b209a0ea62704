/**
 * Lets the terminal write style elements under the page's policy: each one that is made gets the nonce of the page's own
 * script. Nothing else on the page makes any.
 */
export function allowStyles(document: Document): void {
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce
  const make = document.createElement.bind(document)
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = make(name, options)
    if (nonce && element instanceof HTMLStyleElement) element.nonce = nonce
    return element
  }
}
