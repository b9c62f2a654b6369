/**
 * One message, drawn.
 * @import { FileRef, Message, PageMessage } from '../../src/platforms/playground/message.ts'
 * @typedef {{ labelOf: (path: readonly string[], option: string) => string,
 *   press: (message: PageMessage, id: string, chosen: string[], control: HTMLElement) => void,
 *   menus: (message: PageMessage, file: FileRef) => { label: string, run: () => void }[],
 *   remove: (message: PageMessage) => void, retry: (message: PageMessage) => void,
 *   mayRetry: (message: PageMessage) => boolean,
 *   cancel: (message: PageMessage) => void, mayRemove: (message: PageMessage) => boolean }} Actions
 */
import { h, icon } from './dom.js'
import { drawAll } from './elements.js'
import { t } from './language.js'
import { openPicture } from './picture-dialog.js'
import { drawPicture } from './picture.js'
import { clockOf, isPicture, sizeOf, timeOf } from './words.js'

/** @param {PageMessage} message @param {Actions} actions */
export function drawMessage(message, actions) {
  const { id, author, onlyFor, elements = [], text, files = [], command, refusal, edited } = message
  /** @param {FileRef} file @param {string} [tap] @param {readonly HTMLElement[]} [strips] */
  const picture = (file, tap, strips) => {
    if (!isPicture(file)) return drawFile(file)
    const entries = actions.menus(message, file)
    /** @type {import('./tap.js').Tap | undefined} */
    const place = tap === undefined ? undefined : (chosen) => actions.press(message, tap, chosen, figure)
    const large = { label: t('page.picture.open'), run: () => openPicture(file, entries, place) }
    const figure = drawPicture(file, { open: large.run, entries: [...entries, large], place }, strips)
    return figure
  }
  /** @type {import('./elements.js').Tools} */
  const tools = {
    picture,
    press: (button, chosen, control) => actions.press(message, button, chosen, control),
  }
  const body = h(
    'div',
    { class: 'body' },
    command && drawCommand(command, picture, actions.labelOf),
    text ? h('p', { class: 'text' }, text) : undefined,
    files.length > 0 && h('div', { class: 'files' }, ...files.map((file) => picture(file))),
    ...drawAll(elements, tools),
    refusal !== undefined && drawRefusal(refusal, message, actions),
    onlyFor !== undefined && elements.length > 0 && drawOnlyYou(message, actions),
  )
  for (const [index, figure] of [...body.querySelectorAll('.picture > button')].entries())
    figure.setAttribute('data-key', `picture ${index}`)
  const kind = author.bot ? 'bot' : 'person'
  return h(
    'li',
    {
      class: `message ${kind}${onlyFor === undefined ? '' : ' only-you'}`,
      id: `message-${id}`,
      tabindex: '-1',
    },
    drawAvatar(author),
    h(
      'article',
      { class: 'content', 'aria-label': `${author.name}, ${clockOf(timeOf(message))}` },
      h(
        'header',
        {},
        h('span', { class: 'name' }, author.name),
        h('time', { datetime: timeOf(message).toISOString() }, clockOf(timeOf(message))),
        edited && h('span', { class: 'note' }, t('page.messages.edited')),
        actions.mayRemove(message) && onlyFor === undefined && drawRemove(message, actions),
      ),
      h('div', { class: 'reference' }),
      body,
      h('div', { class: 'progress-slot' }),
      h('div', { class: 'notices', role: 'status' }),
    ),
  )
}

/** @param {PageMessage['author']} author */
function drawAvatar({ id, name, bot }) {
  if (bot) return h('img', { class: 'avatar', src: '/logo.svg', alt: '' })
  const letters = name.split(' ').map((word) => String.fromCodePoint(word.codePointAt(0) ?? 32))
  const avatar = h(
    'span',
    { class: 'avatar', 'aria-hidden': 'true' },
    letters.slice(0, 2).join('').toUpperCase(),
  )
  avatar.style.setProperty('--hue', String(Number.parseInt(id.slice(0, 4), 16) % 360))
  return avatar
}

/**
 * @param {NonNullable<Message['command']>} command
 * @param {(file: FileRef) => HTMLElement} picture
 * @param {Actions['labelOf']} labelOf
 */
function drawCommand({ path, options }, picture, labelOf) {
  const typed = options.flatMap(({ name, value }) =>
    value === undefined
      ? []
      : h('span', { class: 'given' }, h('b', {}, labelOf(path, name).replaceAll('_', ' ')), ' ', value),
  )
  const pictures = options.flatMap(({ file }) => (file ? picture(file) : []))
  return h(
    'div',
    { class: 'command' },
    h('p', {}, h('code', {}, `/${path.join(' ')}`), ...typed),
    pictures.length > 0 && h('div', { class: 'files' }, ...pictures),
  )
}

/** A file that cannot be shown. @param {FileRef} file */
const drawFile = (file) =>
  h(
    'a',
    { class: 'file', href: `/files/${file.id}?download`, download: file.name },
    icon('file'),
    h('span', {}, file.name),
    h('span', { class: 'note' }, sizeOf(file.size)),
  )

/** @param {string} sentence @param {PageMessage} message @param {Actions} actions */
function drawRefusal(sentence, message, actions) {
  const retry = () => actions.retry(message)
  return h(
    'div',
    { class: 'refusal' },
    h('p', {}, sentence),
    h(
      'div',
      { class: 'buttons' },
      actions.mayRetry(message) &&
        h('button', { type: 'button', class: 'button secondary', onclick: retry }, t('page.messages.retry')),
      h(
        'button',
        { type: 'button', class: 'button quiet', onclick: () => actions.remove(message) },
        t('page.dismiss'),
      ),
    ),
  )
}

/** @param {PageMessage} message @param {Actions} actions */
function drawOnlyYou(message, actions) {
  return h(
    'p',
    { class: 'only-you-line' },
    icon('eye'),
    `${t('page.messages.onlyYou')} `,
    h('button', { type: 'button', class: 'link', onclick: () => actions.remove(message) }, t('page.dismiss')),
  )
}

/** @param {PageMessage} message @param {Actions} actions */
function drawRemove(message, actions) {
  const remove = () => actions.remove(message)
  return h(
    'button',
    {
      type: 'button',
      class: 'icon-button small remove',
      'aria-label': t('page.messages.delete'),
      onclick: remove,
    },
    icon('remove'),
  )
}
