import { useState, type FormEvent } from 'react'
import type { Session } from '../../explorer/client/graph/session.ts'
import './login.css'

/** The form before the editor. */
export function LoginForm({ session }: { readonly session: Session }) {
  const [message, setMessage] = useState('')
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const field = (name: string) => form.get(name) as string
    session
      .login(field('username'), field('password'))
      .catch((error: Error) => setMessage(error.message))
  }
  return (
    <form className="login" method="post" onSubmit={submit}>
      <h1>ks-facade</h1>
      <label>
        Account
        <input name="username" autoComplete="username" required autoFocus />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit">Log in</button>
      <p role="alert">{message}</p>
    </form>
  )
}
