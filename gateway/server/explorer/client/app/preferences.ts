import { useEffect, useState } from 'react'

/** A choice that this browser remembers. */
export function usePreference<T extends string>(
  name: string,
  choices: readonly T[],
  fallback: T,
): [T, (next: T) => void] {
  const key = `ks-facade.${name}`
  const [value, setValue] = useState<T>(
    () => choices.find((choice) => choice === localStorage.getItem(key)) ?? fallback,
  )
  useEffect(() => localStorage.setItem(key, value), [key, value])
  return [value, setValue]
}
