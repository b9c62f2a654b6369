/** Technical terms, explained where they appear. The tour behind "?" says the same at more length. */
import { h } from './dom.js'
import { t } from './language.js'

const names = /** @type {const} */ ([
  'sigma',
  'held',
  'unit',
  'probeSet',
  'unsure',
  'agreed',
  'likely',
  'ink',
])
/** Each term as a pattern, and what it means. Units are recognised by their number. */
const terms = names.map(
  (name) =>
    /** @type {const} */ ([
      `${t(`page.glossary.${name}.word`)}${name === 'unit' ? '(?= \\d)' : ''}`,
      t(`page.glossary.${name}.says`),
    ]),
)
const pattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${terms.map(([word]) => `(${word})`).join('|')})(?![\\p{L}])`,
  'giu',
)

/**
 * A text in which each term can be clicked for an explanation, where it first occurs.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function explained(text) {
  /** @type {(Node | string)[]} */
  const pieces = []
  const seen = new Set()
  let from = 0
  for (const match of text.matchAll(pattern)) {
    const which = match.slice(1).findIndex((group) => group !== undefined)
    const says = terms[which]?.[1]
    if (!says || seen.has(which)) continue
    seen.add(which)
    // Lines can break on either side of a button: keep a comma after it, and a bracket or "10 " before it, on its line.
    const before = /(?:\S*\u00a0)*[\p{Ps}\p{Pi}]*$/u.exec(text.slice(from, match.index))?.[0] ?? ''
    const end = match.index + match[0].length
    const after = /^\p{P}*/u.exec(text.slice(end))?.[0] ?? ''
    pieces.push(
      text.slice(from, match.index - before.length),
      h('span', { class: 'unbroken' }, before, drawTerm(match[0], says), after),
    )
    from = end + after.length
  }
  pieces.push(text.slice(from))
  return pieces.filter((piece) => piece !== '')
}

/** @param {string} word @param {string} says */
function drawTerm(word, says) {
  const term = h('button', { type: 'button', class: 'term', 'aria-label': `${word}: ${says}` }, word)
  const show = () => showTip(term, says)
  for (const event of ['mouseenter', 'focus', 'click']) term.addEventListener(event, show)
  for (const event of ['mouseleave', 'blur']) term.addEventListener(event, hideTip)
  term.addEventListener('keydown', ({ key }) => key === 'Escape' && hideTip())
  return term
}

const tip = h('div', { class: 'tip', popover: 'manual', 'aria-hidden': 'true' })
document.body.append(tip)
const gap = 6

/** @param {HTMLElement} term @param {string} says */
function showTip(term, says) {
  tip.textContent = says
  // A dialog is above everything except what is opened after it.
  hideTip()
  tip.showPopover()
  const at = term.getBoundingClientRect()
  const above = at.top - gap - tip.offsetHeight
  tip.style.setProperty('top', `${above > gap ? above : at.bottom + gap}px`)
  tip.style.setProperty('left', `${Math.max(gap, Math.min(at.left, innerWidth - tip.offsetWidth - gap))}px`)
}

function hideTip() {
  if (tip.matches(':popover-open')) tip.hidePopover()
}
