import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInstance, type ParseKeys, type TFunction } from 'i18next'
import type catalogue from '../assets/languages/en.json'
import { projectRoot } from './root.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof catalogue }
  }
}

/** A picture that ships with the project; what it shows is in the catalogues. */
export type SampleId = Exclude<keyof (typeof catalogue)['samples'], 'credit'>

/** The name of a file in assets/languages: BCP 47, such as "en" or "pt-BR". */
export type Language = string

/** A sentence of the catalogues. */
export type Key = Exclude<ParseKeys, '$TFunctionBrand'>

/** A sentence by its key: what can cross to another thread or process and be said there, in any language. JSON-safe. */
export interface Said {
  readonly key: Key
  readonly values?: Values
}
export type Values = Readonly<Record<string, string | number | Said>>

/** Says a sentence of the catalogues in one language. */
export type Translate = TFunction & { readonly language: Language }

/** Declared words: those of data are the same in every language, the others come from the catalogues. */
export type Text = string | ((t: Translate) => string)

const folder = join(projectRoot, 'assets', 'languages')
const files = readdirSync(folder).flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -5)] : []))

/** The language if nothing else is asked for; logs are written in it. */
const fallback = 'en'

/** English first. */
export const languages: readonly Language[] = [fallback, ...files.filter((name) => name !== fallback)]

const catalogues = createInstance({
  resources: Object.fromEntries(
    languages.map((name) => [
      name,
      { translation: JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as object },
    ]),
  ),
  fallbackLng: fallback,
  initAsync: false,
  interpolation: { escapeValue: false },
  missingInterpolationHandler: (sentence: string, [, name]: RegExpExecArray) => {
    throw new Error(`"${name}" is missing for: ${sentence}`)
  },
})
await catalogues.init()
// For a declared description that continues a sentence; in German its nouns keep their capitals.
catalogues.services.formatter!.add(
  'lowerFirst',
  (text: string) => text.charAt(0).toLowerCase() + text.slice(1),
)

// i18next would take every value for an option of Intl.NumberFormat, and one that is called "unit" for a wrong one.
catalogues.services.formatter!.add('number', (value: number, language, options: object) =>
  new Intl.NumberFormat(
    language,
    Object.fromEntries(Object.entries(options).filter(([name]) => name.endsWith('Digits'))),
  ).format(value),
)

const translators = new Map(
  languages.map((language) => [language, Object.assign(catalogues.getFixedT(language), { language })]),
)

export const translator = (language: Language): Translate =>
  translators.get(language) ?? translators.get(fallback)!

/** For logs, and for programs and documents that are in English only. */
export const english = translator(fallback)

/** The sentences of a section as they are in a language's file, for a program that says them elsewhere. */
export const sentencesIn = (language: Language, section: keyof typeof catalogue): object => ({
  translation: { [section]: catalogues.getResource(language, 'translation', section) as object },
})

/** The language we have for a locale: "de" for "de-AT", English for one that nobody has translated to. */
export const languageOf = (locale: string): Language => spokenFor(locale) ?? fallback

/** As its speakers call it: "Deutsch". */
export const languageName = (language: Language): string => translator(language)('language')

/** Whether we have a language for a locale. */
export const isSpoken = (locale: string): boolean => spokenFor(locale) !== undefined

function spokenFor(locale: string): Language | undefined {
  const wanted = locale.replaceAll('_', '-').toLowerCase()
  return named(wanted) ?? named(wanted.split('-')[0])
}

const named = (name?: string): Language | undefined =>
  languages.find((language) => language.toLowerCase() === name)

/** Declared words in a language. */
export const spoken = (text: Text, t: Translate): string => (typeof text === 'string' ? text : text(t))

/** A sentence with its values, some of which may be sentences too. */
export function say({ key, values = {} }: Said, t: Translate): string {
  const said = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'object' ? say(value, t) : value,
  ])
  return t(key, Object.fromEntries(said) as Record<string, string | number>)
}
