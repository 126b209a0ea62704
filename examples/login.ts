/** An access token of ks-facade at `url` for a name and a password. Throws with the server's sentence. */
export async function login(url: string, username: string, password: string): Promise<string> {
  const response = await fetch(new URL('/oauth/token', url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: 'kubesphere',
      client_secret: 'kubesphere',
      username,
      password,
    }),
  })
  const answer = (await response.json()) as { access_token?: string; error_description?: string }
  if (!answer.access_token) throw new Error(answer.error_description ?? `HTTP ${response.status}`)
  return answer.access_token
}

/** `URL USER PASSWORD …` of the command line. Ends the process with a usage line when one is missing. */
export function commandLine(usage: string, words: number): readonly string[] {
  const args = process.argv.slice(2)
  if (args.length < words) {
    console.error(`usage: ${usage}`)
    process.exit(2)
  }
  return args
}
