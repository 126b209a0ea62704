import { createContext, useContext } from 'react'
import { en, type TextKey } from './en.ts'
import { zh } from './zh.ts'

export type { TextKey } from './en.ts'

export const languages = { en: 'English', zh: '中文' } as const

export type Language = keyof typeof languages

const texts: Record<Language, Readonly<Record<TextKey, string>>> = { en, zh }

export type Translate = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string

/** Texts of a language; `{name}` in a text is replaced by the value of that name. */
export function translator(language: Language): Translate {
  return (key, values = {}) =>
    texts[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
}

/** The language that the browser asks for, English where it asks for none of ours. */
export function browserLanguage(asked: readonly string[]): Language {
  for (const one of asked) {
    if (one.startsWith('zh')) return 'zh'
    if (one.startsWith('en')) return 'en'
  }
  return 'en'
}

const TextContext = createContext<Translate>(translator('en'))

export const TextProvider = TextContext.Provider

export const useText = (): Translate => useContext(TextContext)
