import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Key, type Language, languages, sentencesIn, translator } from '../../language.ts'

/** The library that also says the page's own sentences in the browser. */
export const i18next = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('i18next/package.json')), 'dist/esm/i18next.js'),
)

/**
 * The page in every language: index.html with sentences in place of `{{key}}`, and the sentences that its modules say.
 * @param file index.html
 */
export function documentsOf(file: string): ReadonlyMap<Language, string> {
  const template = readFileSync(file, 'utf8')
  return new Map(languages.map((language) => [language, documentIn(template, language)]))
}

function documentIn(template: string, language: Language): string {
  const t = translator(language)
  const known = Object.fromEntries(['en', language].map((each) => [each, sentencesIn(each, 'page')]))
  return (
    template
      .replaceAll(/\{\{(page\.[\w.]+)\}\}/g, (_, key) => escaped(t(key as Key)))
      .replace('{{language}}', language)
      // A sentence with a tag in it must not end the script.
      .replace('{{sentences}}', () => JSON.stringify(known).replaceAll('<', '\\u003c'))
  )
}

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
