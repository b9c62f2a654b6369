/**
 * "How does this work?": four terms with a picture each, and what the model is.
 * @import { Chat } from './chat.js'
 */
import { h, icon } from './dom.js'
import { t } from './language.js'

const space = 'http://www.w3.org/2000/svg'

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...Node} children
 */
function svg(name, attributes, ...children) {
  const element = document.createElementNS(space, name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value))
  element.append(...children)
  return element
}

/** @param {string} says @param {...Node} children */
const scene = (says, ...children) =>
  svg('svg', { viewBox: '0 0 240 120', class: 'tour-scene', role: 'img', 'aria-label': says }, ...children)

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {string} tone */
const box = (x, y, width, height, tone) => svg('rect', { x, y, width, height, rx: 4, class: tone })

/** @param {number} x @param {number} y @param {number} r @param {string} tone */
const dot = (x, y, r, tone) => svg('circle', { cx: x, cy: y, r, class: tone })

const columns = 12
const rows = 6
const lit = 31

const unit = () =>
  scene(
    t('page.tour.unit.shows'),
    ...Array.from({ length: columns * rows }, (_, index) =>
      dot(
        20 + (index % columns) * 18.2,
        15 + Math.floor(index / columns) * 18,
        index === lit ? 9 : 5,
        index === lit ? 'warm' : 'track',
      ),
    ),
  )

const fires = () =>
  scene(
    t('page.tour.fires.shows'),
    box(50, 10, 140, 100, 'track'),
    box(70, 55, 44, 40, 'neutral'),
    svg('path', { d: 'M64 55l28-24 28 24z', class: 'neutral' }),
    dot(150, 58, 38, 'glow'),
    dot(150, 58, 24, 'glow'),
    box(146, 70, 8, 25, 'neutral'),
    dot(150, 58, 17, 'neutral'),
  )

const heights = [92, 60, 38, 24, 14, 9, 5, 3, 2, 1.5, 1, 1]

const sigma = () =>
  scene(
    t('page.tour.sigma.shows'),
    ...heights.map((height, index) => box(16 + index * 17, 106 - height, 14, height, 'neutral')),
    svg('path', { d: 'M195 20v86', class: 'mark' }),
    svg('text', { x: 186, y: 18, class: 'says' }, document.createTextNode('10 σ')),
  )

const held = () =>
  scene(
    t('page.tour.held.shows'),
    svg('path', { d: 'M90 8v104', class: 'axis' }),
    box(90, 14, 130, 16, 'warm'),
    box(90, 40, 84, 16, 'warm'),
    box(90, 66, 40, 16, 'warm'),
    box(40, 92, 50, 16, 'cool'),
    svg('text', { x: 20, y: 105, class: 'says' }, document.createTextNode('−3 σ')),
  )

const steps = /** @type {const} */ ([
  ['unit', unit],
  ['fires', fires],
  ['sigma', sigma],
  ['held', held],
])

/** Terms that appear in cards, which are pictures. */
const small = /** @type {const} */ ([
  ['page.tour.small.top.word', 'page.tour.small.top.says'],
  ['page.tour.small.zero.word', 'page.tour.small.zero.says'],
  ['page.glossary.agreed.word', 'page.glossary.agreed.says'],
  ['page.glossary.likely.word', 'page.glossary.likely.says'],
  ['page.glossary.unsure.word', 'page.glossary.unsure.says'],
  ['page.tour.small.probeSet', 'page.glossary.probeSet.says'],
])

/** @param {Chat} chat */
export function openTour(chat) {
  const { title, summary } = chat.state.model
  const close = () => dialog.close()
  const dialog = h(
    'dialog',
    { class: 'dialog tour', 'aria-labelledby': 'tour-title' },
    h('h2', { id: 'tour-title', tabindex: '-1', autofocus: true }, t('page.tour.title')),
    h(
      'ol',
      {},
      ...steps.map(([name, draw]) =>
        h(
          'li',
          {},
          draw(),
          h('h3', {}, t(`page.tour.${name}.word`)),
          h('p', {}, t(`page.tour.${name}.says`)),
        ),
      ),
    ),
    h('h3', {}, t('page.tour.small.title')),
    h('dl', {}, ...small.flatMap(([word, says]) => [h('dt', {}, t(word)), h('dd', {}, t(says))])),
    h('p', { class: 'model' }, h('strong', {}, title), `: ${summary}`),
    h('button', { type: 'button', class: 'button primary', onclick: close }, t('page.tour.play')),
    h(
      'button',
      { type: 'button', class: 'icon-button close', 'aria-label': t('page.close'), onclick: close },
      icon('close'),
    ),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
