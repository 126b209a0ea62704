import { useEffect, useRef, type RefObject } from 'react'

/**
 * A heading that gets the focus when its view comes up in the place of the one that had it, so that the keyboard goes on
 * from there and a screen reader says where it is. Focus that is elsewhere on the page stays there.
 */
export function useArrival(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus()
  }, [])
  return heading
}
