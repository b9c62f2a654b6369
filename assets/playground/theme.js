/**
 * Light, dark, or whatever the system prefers. Cards are drawn in both, and each viewer sees the one that fits.
 * @import { FileRef } from '../../src/platforms/playground/message.ts'
 */
import { h } from './dom.js'

const systemDark = matchMedia('(prefers-color-scheme: dark)')

/** @typedef {'system' | 'light' | 'dark'} Choice */

/** @returns {Choice} */
export function themeChoice() {
  const chosen = localStorage.getItem('theme')
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system'
}

/** @returns {'light' | 'dark'} */
export function theme() {
  const chosen = themeChoice()
  if (chosen !== 'system') return chosen
  return systemDark.matches ? 'dark' : 'light'
}

/** @param {Choice} choice */
export function chooseTheme(choice) {
  localStorage.setItem('theme', choice)
  document.documentElement.dataset.theme = choice
  showThemed()
}

/**
 * A picture in the version for the page's current theme, also after that changes.
 * @param {FileRef} file
 * @param {Record<string, string>} [attributes]
 */
export function themedImage({ id, dark, alt }, attributes = {}) {
  const image = h('img', { ...attributes, alt, 'data-light': dark && id, 'data-dark': dark?.id })
  image.src = `/files/${dark && theme() === 'dark' ? dark.id : id}`
  return image
}

function showThemed() {
  for (const image of document.querySelectorAll('img[data-dark]'))
    if (image instanceof HTMLImageElement) image.src = `/files/${image.dataset[theme()]}`
}
systemDark.addEventListener('change', showThemed)
