import { useGraph } from '../graph/hooks.ts'
import { languages, useText, type Language } from '../i18n/text.ts'
import { Select } from '../parts/select.tsx'
import type { Place } from './place.ts'
import type { Start } from './start.ts'

export const themes = ['system', 'light', 'dark'] as const

export type Theme = (typeof themes)[number]

export interface Look {
  readonly language: Language
  readonly setLanguage: (next: Language) => void
  readonly theme: Theme
  readonly setTheme: (next: Theme) => void
}

/** Language and theme, before a login as well as after it. */
export function LookPickers({ look }: { readonly look: Look }) {
  const t = useText()
  const labels = { system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const
  return (
    <>
      <Select
        label={t('language')}
        value={look.language}
        choices={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        onChange={(next) => look.setLanguage(next as Language)}
      />
      <Select
        label={t('theme')}
        value={look.theme}
        choices={themes.map((value) => ({ value, label: t(labels[value]) }))}
        onChange={(next) => look.setTheme(next as Theme)}
      />
    </>
  )
}

const named = (name: string) => ({ value: name, label: name })

/** Where to look: cluster, workspace and namespace; each choice leaves the object that was open. */
export function PlacePickers(props: {
  readonly start: Start
  readonly namespaces: readonly string[]
  readonly place: Place
  readonly go: (next: Place) => void
}) {
  const { start, namespaces, place, go } = props
  const t = useText()
  const list: Place = { ...place, name: undefined, in: undefined, tab: undefined }
  return (
    <>
      <Select
        label={t('cluster')}
        value={place.cluster ?? ''}
        choices={start.clusters.nodes.map(({ name }) => named(name))}
        onChange={(cluster) => go({ ...list, cluster, workspace: undefined, namespace: undefined })}
      />
      <Select
        label={t('workspace')}
        value={place.workspace ?? ''}
        choices={[
          { value: '', label: t('everyWorkspace') },
          ...start.workspaces.nodes.map(({ name }) => named(name)),
        ]}
        onChange={(workspace) => go({ ...list, workspace, namespace: undefined })}
      />
      <Select
        label={t('namespace')}
        value={place.namespace ?? ''}
        choices={[{ value: '', label: t('everyNamespace') }, ...namespaces.map(named)]}
        onChange={(namespace) => go({ ...list, namespace })}
      />
    </>
  )
}

/** Who is logged in, and the way out. */
export function Account({ name }: { readonly name: string }) {
  const { session } = useGraph()
  const t = useText()
  return (
    <button type="button" title={t('loggedInAs', { name })} onClick={() => session.logout()}>
      {t('logout')} ({name})
    </button>
  )
}
