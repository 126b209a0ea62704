import { GraphiQL } from 'graphiql'
import 'graphiql/style.css'
import { createElement as h, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { examples } from './examples.ts'
import './login.css'

const here = new URL('graphql', location.href)
const assets = new URL('graphql/assets/', location.href)
const key = 'ks-facade.login'

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    const name = label === 'json' || label === 'graphql' ? label : 'editor'
    return new Worker(new URL(`${name}.worker.js`, assets))
  },
}

/** Asks the token endpoint as the console's own client; keeps the answer for this browser tab only. */
async function askToken(fields) {
  const body = new URLSearchParams({
    client_id: 'kubesphere',
    client_secret: 'kubesphere',
    ...fields,
  })
  const response = await fetch(new URL('oauth/token', location.href), { method: 'POST', body })
  const answer = await response.json().catch(() => ({}))
  if (!response.ok)
    throw new Error(answer.error_description || `the login ended in ${response.status}`)
  sessionStorage.setItem(key, JSON.stringify(answer))
  return answer
}

function storedLogin() {
  return JSON.parse(sessionStorage.getItem(key) ?? 'null')
}

async function send(params, headers) {
  const token = storedLogin()?.access_token
  return fetch(here, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: JSON.stringify(params),
  })
}

/** A fetcher that renews an expired token once and gives up the login when that fails. */
function createFetcher(logout) {
  return async (params, options) => {
    let response = await send(params, options?.headers)
    const login = storedLogin()
    if (response.status === 401 && login?.refresh_token) {
      try {
        await askToken({ grant_type: 'refresh_token', refresh_token: login.refresh_token })
        response = await send(params, options?.headers)
      } catch {
        logout()
      }
    }
    return response.json()
  }
}

function LoginForm({ onLogin }) {
  const [message, setMessage] = useState('')
  const submit = async (event) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    try {
      await askToken({
        grant_type: 'password',
        username: form.get('username'),
        password: form.get('password'),
      })
      onLogin()
    } catch (error) {
      setMessage(error.message)
    }
  }
  return h(
    'form',
    { className: 'login', onSubmit: submit },
    h('h1', null, 'ks-facade'),
    h(
      'label',
      null,
      'Account',
      h('input', { name: 'username', autoComplete: 'username', required: true, autoFocus: true }),
    ),
    h(
      'label',
      null,
      'Password',
      h('input', {
        name: 'password',
        type: 'password',
        autoComplete: 'current-password',
        required: true,
      }),
    ),
    h('button', { type: 'submit' }, 'Log in'),
    h('p', { role: 'alert' }, message),
  )
}

function Page() {
  const [login, setLogin] = useState(storedLogin())
  const logout = () => {
    sessionStorage.removeItem(key)
    setLogin(null)
  }
  if (!login) return h(LoginForm, { onLogin: () => setLogin(storedLogin()) })
  return h(
    GraphiQL,
    { fetcher: createFetcher(logout), defaultTabs: examples, shouldPersistHeaders: false },
    h(
      GraphiQL.Logo,
      null,
      h('button', { className: 'logout', type: 'button', onClick: logout }, 'Log out'),
    ),
  )
}

createRoot(document.getElementById('root')).render(h(Page))
