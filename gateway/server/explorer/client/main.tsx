import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/app.tsx'
import { createGraph } from './graph/graph.ts'
import { GraphProvider } from './graph/hooks.ts'
import { createSession } from './graph/session.ts'
import { allowStyles } from './terminal/allow-styles.ts'
import './style/page.css'

allowStyles(document)

const root = document.querySelector('#root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <GraphProvider value={createGraph(createSession(sessionStorage))}>
        <App />
      </GraphProvider>
    </StrictMode>,
  )
}
