import { useState } from 'react'
import { useText } from '../i18n/text.ts'
import { useRoving } from '../parts/roving.ts'
import { kindKey, sectionsOf, type Kind } from './kinds.ts'
import { placeHash, type Place } from './place.ts'

/** The kinds of the cluster; one link is reached by Tab, the others by arrow keys. */
export function Nav({ kinds, place }: { readonly kinds: readonly Kind[]; readonly place: Place }) {
  const t = useText()
  const [text, setText] = useState('')
  const roving = useRoving<HTMLDivElement>()
  const sections = sectionsOf(kinds, text)
  const { cluster, workspace, namespace } = place
  return (
    <nav aria-label={t('kinds')}>
      <input
        type="search"
        aria-label={t('findKind')}
        placeholder={t('findKind')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div {...roving}>
        {sections.map((section) => (
          <section key={section.key}>
            <h2>{t(section.key)}</h2>
            <ul>
              {section.kinds.map((kind) => {
                const key = kindKey(kind)
                return (
                  <li key={key}>
                    <a
                      href={placeHash({ cluster, workspace, namespace, kind: key })}
                      aria-current={place.kind === key ? 'page' : undefined}
                      data-item=""
                    >
                      {kind.kind}
                      {section.key === 'others' && kind.group && <small>{kind.group}</small>}
                    </a>
                  </li>
                )
              })}
            </ul>
          </section>
        ))}
      </div>
      {sections.length === 0 && <p role="status">{t('noKinds')}</p>}
    </nav>
  )
}
