import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react'

const steps: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }

const itemsOf = (group: HTMLElement) => [...group.querySelectorAll<HTMLElement>('[data-item]')]

/** Makes one item of the group reachable by Tab: the current one, the one that had it, or the first. */
function settle(group: HTMLElement, wanted?: HTMLElement): void {
  const items = itemsOf(group)
  const current =
    wanted ??
    items.find((item) => item.matches('[aria-current], [aria-selected=true]')) ??
    items.find((item) => item.tabIndex === 0 && item.dataset.item === 'here') ??
    items[0]
  for (const item of items) {
    item.tabIndex = item === current ? 0 : -1
    item.dataset.item = item === current ? 'here' : ''
  }
}

/**
 * Roving focus (WAI-ARIA practices): of all elements with `data-item` in the group one is reached by Tab, the others from
 * it by arrow keys, Home and End. `select` is called for items that are chosen by going there, as tabs are.
 */
export function useRoving<T extends HTMLElement>(
  select?: (item: HTMLElement) => void,
): {
  ref: RefObject<T | null>
  onKeyDown: (event: KeyboardEvent) => void
} {
  const ref = useRef<T>(null)
  useEffect(() => {
    const group = ref.current
    if (group)
      settle(
        group,
        itemsOf(group).find((item) => item === document.activeElement),
      )
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const group = ref.current
    const from = (event.target as HTMLElement).closest<HTMLElement>('[data-item]')
    if (!group || !from || event.altKey || event.ctrlKey || event.metaKey) return
    const items = itemsOf(group)
    const step = steps[event.key]
    const to =
      event.key === 'Home'
        ? items[0]
        : event.key === 'End'
          ? items.at(-1)
          : step && items.at((items.indexOf(from) + step) % items.length)
    if (!to) return
    event.preventDefault()
    settle(group, to)
    to.focus()
    select?.(to)
  }
  return { ref, onKeyDown }
}
