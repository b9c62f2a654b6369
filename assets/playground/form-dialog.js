/**
 * A form that a button opens. It shows what is wrong in place, and nothing that was typed is lost.
 * @import { PageForm, PageOption } from '../../src/platforms/playground/page.ts'
 * @typedef {{ values: Record<string, string>, files: { name: string, file: File }[] }} Filled
 */
import { Refusal } from './api.js'
import { h } from './dom.js'
import { t } from './language.js'

/**
 * @param {PageForm} form
 * @param {readonly string[]} channels
 * @param {(filled: Filled) => Promise<void>} submit
 */
export function openForm({ title, submitLabel, fields }, channels, submit) {
  const problem = h('p', { class: 'problem', role: 'alert' })
  const send = h('button', { class: 'button primary' }, submitLabel)
  const cancel = h('button', { type: 'button', class: 'button secondary' }, t('page.cancel'))
  const rows = fields.map((field) => drawField(field, channels))
  const form = h(
    'form',
    {},
    h('h2', { id: 'form-title' }, title),
    ...rows,
    problem,
    h('div', { class: 'buttons' }, cancel, send),
  )
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'form-title' }, form)
  cancel.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    send.disabled = true
    problem.textContent = ''
    submit(filled(new FormData(form)))
      .then(() => dialog.close())
      .catch((error) => {
        if (!(error instanceof Refusal)) throw error
        problem.textContent = error.message
      })
      .finally(() => (send.disabled = false))
  })
  document.body.append(dialog)
  dialog.showModal()
}

/** @param {FormData} data @returns {Filled} */
function filled(data) {
  /** @type {Filled} */
  const result = { values: {}, files: [] }
  for (const [name, value] of data) {
    if (typeof value === 'string') result.values[name] = value
    else if (value.size > 0) result.files.push({ name, file: value })
  }
  return result
}

/** @param {PageOption} field @param {readonly string[]} channels */
function drawField(field, channels) {
  const { name, description, required, type } = field
  const control = drawControl(field, channels)
  const words = required ? description : t('page.form.optional', { what: description })
  return type === 'boolean'
    ? h('label', { class: 'check' }, control, h('span', {}, description))
    : h('label', { class: 'field', 'data-field': name }, h('span', {}, words), control)
}

/** @param {PageOption} field @param {readonly string[]} channels */
function drawControl({ name, required, type, choices, min, max, maxLength }, channels) {
  const shared = { name, required }
  if (type === 'picture') return h('input', { ...shared, type: 'file', accept: 'image/*' })
  if (type === 'boolean') return h('input', { name, type: 'checkbox', value: 'yes' })
  if (type === 'integer' || type === 'number')
    return h('input', { ...shared, type: 'number', min, max, step: type === 'integer' ? 1 : 'any' })
  if (type === 'choice' || type === 'channel') {
    const all = type === 'choice' ? choices : channels.map((value) => ({ value, label: `#${value}` }))
    const options = all.map(({ value, label }) => h('option', { value }, label))
    return h('select', shared, h('option', { value: '' }, required ? t('page.form.choose') : ''), ...options)
  }
  return h('input', { ...shared, type: 'text', maxlength: maxLength, autocomplete: 'off' })
}
