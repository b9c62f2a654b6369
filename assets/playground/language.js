/**
 * The page's own sentences, in the language in which the server sent the page.
 * @import { Say } from '../../src/platforms/playground/page.ts'
 */
// oxlint-disable-next-line import/no-absolute-path -- the server serves it under this name
import { createInstance } from '/i18next.js'
import { find } from './dom.js'

const sentences = createInstance()
const { lang } = document.documentElement
void sentences.init({
  resources: JSON.parse(find('#sentences', HTMLScriptElement).text),
  lng: lang,
  fallbackLng: 'en',
  initAsync: false,
  interpolation: { escapeValue: false },
})

/** @type {Say} */
export const t = (key, values) => sentences.t(key, { ...values })

/** For dates and numbers: the page's language, with the conventions of the person's region. */
export const locale = navigator.languages.find((each) => each.split('-')[0] === lang.split('-')[0]) ?? lang
