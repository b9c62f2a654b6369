/** Light, dark, or as the system wishes. Cards are drawn for the theme that the page shows. */

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
}
