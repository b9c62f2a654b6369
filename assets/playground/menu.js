/** A menu beside the button that opened it; arrow keys move, Escape or a click elsewhere closes it. */
import { find, h } from './dom.js'

/**
 * @param {HTMLElement} opener
 * @param {readonly { label: string, run: () => void }[]} entries
 */
export function openMenu(opener, entries) {
  document.querySelector('.menu')?.remove()
  const items = entries.map(({ label, run }) =>
    h('button', { type: 'button', role: 'menuitem', tabindex: '-1', onclick: () => close(run) }, label),
  )
  const menu = h('div', { class: 'menu', role: 'menu', popover: 'auto' }, ...items)
  find('.main', HTMLElement).append(menu)
  menu.showPopover()
  place(menu, opener)
  opener.setAttribute('aria-expanded', 'true')
  items[0]?.focus()

  /** @param {() => void} [run] */
  const close = (run) => {
    menu.hidePopover()
    opener.focus()
    run?.()
  }
  menu.addEventListener('toggle', ({ newState }) => {
    if (newState !== 'closed') return
    opener.removeAttribute('aria-expanded')
    menu.remove()
  })
  menu.addEventListener('keydown', (event) => {
    const now = items.findIndex((item) => item === document.activeElement)
    const next = { ArrowDown: now + 1, ArrowUp: now - 1 + items.length, Home: 0, End: items.length - 1 }[
      event.key
    ]
    if (next !== undefined) {
      event.preventDefault()
      items[next % items.length]?.focus()
    } else if (event.key === 'Tab' || event.key === 'Escape') {
      event.preventDefault()
      close()
    }
  })
}

/** @param {HTMLElement} menu @param {HTMLElement} opener */
function place(menu, opener) {
  const gap = 6
  const at = opener.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  const below = at.bottom + gap + height < innerHeight
  menu.style.setProperty('top', `${Math.max(gap, below ? at.bottom + gap : at.top - gap - height)}px`)
  menu.style.setProperty('left', `${Math.max(gap, Math.min(at.right - width, innerWidth - width - gap))}px`)
}
