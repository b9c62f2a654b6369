/**
 * The elements of a bot's answer, drawn.
 * @import { PageElement, PageSpan } from '../../src/platforms/playground/message.ts'
 * @import { FileRef } from '../../src/platforms/playground/message.ts'
 * @typedef {{ picture: (file: FileRef, tap?: string, strips?: readonly HTMLElement[]) => HTMLElement,
 *   press: (id: string, chosen: string[], control: HTMLElement) => void }} Tools
 */
import { h, icon } from './dom.js'
import { explained } from './glossary.js'
import { t } from './language.js'
import { momentOf, sizeOf, textOf } from './words.js'

/** Values with more characters than this take the whole width. */
const longField = 120

const tags = /** @type {const} */ ({ bold: 'strong', italic: 'em', code: 'code' })

/** @param {readonly PageSpan[]} spans */
const inline = (spans) =>
  spans.flatMap(({ text, style, at }) => {
    if (at !== undefined)
      return h('time', { datetime: new Date(at).toISOString(), title: text }, momentOf(at))
    return style === 'plain' ? explained(text) : h(tags[style], {}, text)
  })

/**
 * The elements of one message; buttons that are strips of a picture lie on top of it and appear nowhere else.
 * @param {readonly PageElement[]} elements
 * @param {Tools} tools
 */
export function drawAll(elements, tools) {
  return elements.flatMap((element, index) => {
    const next = elements[index + 1]
    if (element.kind === 'picture' && next?.kind === 'buttons')
      return tools.picture(element.picture, element.tap, drawStrips(next.buttons, tools))
    if (element.kind !== 'buttons' || elements[index - 1]?.kind !== 'picture') return draw(element, tools)
    const buttons = element.buttons.filter(({ area }) => !area)
    return buttons.length > 0 ? draw({ ...element, buttons }, tools) : []
  })
}

/** @param {Extract<PageElement, { kind: 'buttons' }>['buttons']} buttons @param {Tools} tools */
const drawStrips = (buttons, tools) =>
  buttons.flatMap(({ id, label, style, area }) => {
    if (!area) return []
    const strip = h('button', {
      type: 'button',
      class: 'strip',
      'data-key': id,
      'aria-label': label,
      'aria-pressed': String(style === 'primary'),
      title: t('page.messages.showWhere'),
    })
    strip.style.setProperty('--top', String(area.top))
    strip.style.setProperty('--height', String(area.height))
    strip.addEventListener('click', () => tools.press(id, [], strip))
    return strip
  })

/**
 * @param {PageElement} element
 * @param {Tools} tools
 * @returns {HTMLElement}
 */
function draw(element, tools) {
  switch (element.kind) {
    case 'heading':
      return h('h2', { class: 'heading' }, ...inline(element.spans))
    case 'text':
      return h('p', { class: 'text' }, ...inline(element.spans))
    case 'note':
      return h('p', { class: 'note' }, ...inline(element.spans))
    case 'picture':
      return tools.picture(element.picture, element.tap)
    case 'gallery':
      return h('div', { class: 'gallery' }, ...element.pictures.map((file) => tools.picture(file)))
    case 'fields':
      return h(
        'dl',
        { class: 'fields' },
        ...element.fields.map(({ name, value }) =>
          h(
            'div',
            { class: textOf(value).length > longField && 'long' },
            h('dt', {}, ...inline(name)),
            h('dd', {}, ...inline(value)),
          ),
        ),
      )
    case 'bars':
      return drawBars(element)
    case 'table':
      return drawTable(element)
    case 'buttons':
      return h(
        'div',
        { class: 'buttons', role: 'group', 'aria-label': t('page.messages.actions') },
        ...element.buttons.map(({ id, label, style, disabled }) => {
          const button = h(
            'button',
            { type: 'button', class: `button ${style}`, 'data-key': id, disabled },
            label,
          )
          button.addEventListener('click', () => tools.press(id, [], button))
          return button
        }),
      )
    case 'select':
      return drawSelect(element, tools)
    case 'file':
      return h(
        'a',
        { class: 'file', href: `/files/${element.file.id}?download`, download: element.file.name },
        icon('file'),
        h('span', {}, element.file.name),
        h('span', { class: 'note' }, sizeOf(element.file.size)),
      )
  }
}

/** @param {Extract<PageElement, { kind: 'bars' }>} element */
export function drawBars({ title, bars }) {
  const rows = bars.map(({ label, value, share, highlighted }) => {
    const fill = h('span', { class: 'fill' })
    fill.style.setProperty('--share', String(share))
    return h(
      'li',
      { class: highlighted && 'highlighted' },
      h('span', { class: 'label' }, ...inline(label)),
      h('span', { class: 'track', 'aria-hidden': 'true' }, fill),
      h('span', { class: 'value' }, ...inline(value)),
    )
  })
  const name = title && textOf(title)
  return h(
    'figure',
    { class: 'bars' },
    title && h('figcaption', {}, ...inline(title)),
    h('ul', { 'aria-label': name ?? t('page.messages.bars') }, ...rows),
  )
}

/** @param {Extract<PageElement, { kind: 'table' }>} element */
function drawTable({ columns, rows }) {
  const head = h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, ...inline(column))))
  const body = rows.map((row) => h('tr', {}, ...row.map((cell) => h('td', {}, ...inline(cell)))))
  const table = h('table', {}, h('thead', {}, head), h('tbody', {}, ...body))
  return h(
    'div',
    { class: 'table', tabindex: '0', role: 'group', 'aria-label': t('page.messages.table') },
    table,
  )
}

/** @param {Extract<PageElement, { kind: 'select' }>} element @param {Tools} tools */
function drawSelect({ id, placeholder, choices }, tools) {
  const select = h(
    'select',
    { class: 'select', 'aria-label': placeholder, 'data-key': id },
    h('option', { value: '', hidden: true }, placeholder),
    ...choices.map(({ value, label }) => h('option', { value }, label)),
  )
  select.addEventListener('change', () => tools.press(id, [select.value], select))
  return select
}
