/**
 * The options of the command that is being typed, and what has been given so far.
 * @import { Attachment } from './composer.js'
 * @import { Line } from './command-line.js'
 */
import { nameOf } from './command-line.js'
import { h, icon } from './dom.js'
import { t } from './language.js'

/** @type {WeakMap<File, string>} */
const previews = new WeakMap()

/**
 * @param {HTMLElement} row
 * @param {Line | undefined} line
 * @param {readonly Attachment[]} attached
 * @param {{ pick: (option: string) => void, begin: (option: string) => void, drop: (attachment: Attachment) => void }} on
 */
export function drawChips(row, line, attached, on) {
  const pictures = attached.map((attachment) => {
    const option = line?.command.options.find(({ name }) => name === attachment.name)
    return drawAttachment(attachment, option?.label, () => on.drop(attachment))
  })
  const options = (line?.command.options ?? []).flatMap(({ name, label, type, required, description }) => {
    if (attached.some((each) => each.name === name)) return []
    const given = line?.given.find(({ option }) => option.name === name)
    if (given?.value.trim())
      return h('span', { class: 'chip given' }, h('b', {}, label), ` ${given.value.trim()}`)
    if (given) return h('span', { class: 'chip given' }, h('b', {}, label), ' …')
    const start = () => (type === 'picture' ? on.pick(name) : on.begin(label))
    return h(
      'button',
      { type: 'button', class: required ? 'chip wanted' : 'chip', title: description, onclick: start },
      icon(type === 'picture' ? 'picture' : 'plus'),
      label,
      required && h('span', { class: 'hidden' }, ` (${t('page.write.needed')})`),
    )
  })
  row.hidden = pictures.length + options.length === 0
  row.setAttribute(
    'aria-label',
    line ? t('page.write.optionsOf', { command: nameOf(line.command) }) : t('page.write.pictures'),
  )
  row.replaceChildren(...pictures, ...options)
}

/** @param {Attachment} attachment @param {string | undefined} label of the option that it is for @param {() => void} drop */
function drawAttachment({ file }, label, drop) {
  const preview = previews.get(file) ?? URL.createObjectURL(file)
  previews.set(file, preview)
  const image = h('img', { src: preview, alt: '' })
  image.addEventListener('error', () => image.replaceWith(icon('file')))
  return h(
    'span',
    { class: 'chip given attachment' },
    image,
    label === undefined ? file.name : h('b', {}, label),
    h(
      'button',
      { type: 'button', 'aria-label': t('page.write.remove', { name: file.name }), onclick: drop },
      icon('close'),
    ),
  )
}
