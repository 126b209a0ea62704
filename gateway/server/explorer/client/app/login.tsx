import { useState, type FormEvent } from 'react'
import { useGraph } from '../graph/hooks.ts'
import { useText } from '../i18n/text.ts'

/** The form that stands in the place of everything else before a login. */
export function LoginForm() {
  const { session } = useGraph()
  const t = useText()
  const [message, setMessage] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const field = (name: string) => form.get(name) as string
    setBusy(true)
    session
      .login(field('username'), field('password'))
      .catch((error: Error) => setMessage(error.message))
      .finally(() => setBusy(false))
  }
  // A form that is sent without the script must not put the password into an address: hence method post.
  return (
    <main className="login" id="content">
      <form method="post" onSubmit={submit}>
        <h1>ks-facade {t('product')}</h1>
        <label>
          {t('account')}
          <input name="username" autoComplete="username" required autoFocus />
        </label>
        <label>
          {t('password')}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit" className="primary" disabled={busy}>
          {t('login')}
        </button>
        <p role="alert">{message}</p>
      </form>
    </main>
  )
}
