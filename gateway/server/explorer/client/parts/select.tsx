interface Choice {
  readonly value: string
  readonly label: string
}

/** A labelled list of choices; one that is chosen already is among them although the list does not have it (yet). */
export function Select(props: {
  readonly label: string
  readonly value: string
  readonly choices: readonly Choice[]
  readonly onChange: (value: string) => void
}) {
  const { label, value, choices, onChange } = props
  const known = choices.some((choice) => choice.value === value)
  return (
    <label className="select">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {!known && <option value={value}>{value}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  )
}
