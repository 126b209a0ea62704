import { useEffect, useRef, useState } from 'react'

/** Milliseconds without a key after which a text counts as written. */
const pause = 300

/** A search field that tells of its text when the writer pauses; Escape empties it. */
export function DelayedInput(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const { label, value, onChange } = props
  const [text, setText] = useState(value)
  const latest = useRef({ told: value, onChange })
  useEffect(() => {
    latest.current.onChange = onChange
  })
  useEffect(() => {
    // Somebody else has set it, by a link or the history.
    if (value !== latest.current.told) setText(value)
    latest.current.told = value
  }, [value])
  useEffect(() => {
    if (text === latest.current.told) return undefined
    const timer = setTimeout(() => {
      latest.current.told = text
      latest.current.onChange(text)
    }, pause)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setText('')
      }}
    />
  )
}
