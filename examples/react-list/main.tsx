import { useState, type FormEvent } from 'react'
import { createRoot } from 'react-dom/client'
import { DeploymentList } from './list.tsx'

async function login(form: FormData): Promise<string> {
  const client = { grant_type: 'password', client_id: 'kubesphere', client_secret: 'kubesphere' }
  const body = new URLSearchParams({ ...client, ...(Object.fromEntries(form) as object) })
  const response = await fetch('oauth/token', { method: 'POST', body })
  const answer = (await response.json()) as { access_token?: string; error_description?: string }
  if (!answer.access_token) throw new Error(answer.error_description ?? `HTTP ${response.status}`)
  return answer.access_token
}

function Page() {
  const [token, setToken] = useState('')
  const [message, setMessage] = useState('')
  if (token) return <DeploymentList token={token} namespaces={null} />
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    login(new FormData(event.currentTarget)).then(setToken, (error: Error) =>
      setMessage(error.message),
    )
  }
  return (
    <form method="post" onSubmit={submit}>
      <label>
        Account <input name="username" autoComplete="username" required />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit">Log in</button>
      <p role="alert">{message}</p>
    </form>
  )
}

const root = document.querySelector('#root')
if (root) createRoot(root).render(<Page />)
