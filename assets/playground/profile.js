/**
 * Who I am to the others, how the page looks, and whether I may use moderators' commands.
 * @import { Chat } from './chat.js'
 */
import { post, Refusal } from './api.js'
import { h } from './dom.js'
import { chooseTheme, themeChoice } from './theme.js'

const themes = /** @type {const} */ ([
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
])

/** @param {Chat} chat */
export function openProfile(chat) {
  const { me } = chat.state
  const name = h('input', {
    type: 'text',
    value: me.name,
    maxlength: 32,
    required: true,
    autocomplete: 'nickname',
  })
  const moderator = h('input', { type: 'checkbox', checked: me.moderator, disabled: !me.mayModerate })
  const chosen = themeChoice()
  const radios = themes.map(([value, label]) => {
    const radio = h('input', { type: 'radio', name: 'theme', value, checked: value === chosen })
    radio.addEventListener('change', () => {
      chooseTheme(value)
      chat.open(chat.channel)
    })
    return h('label', {}, radio, h('span', {}, label))
  })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const form = h(
    'form',
    {},
    h('h2', { id: 'profile-title' }, 'You'),
    h('label', { class: 'field' }, h('span', {}, 'What others call you'), name),
    h('fieldset', { class: 'choices' }, h('legend', {}, 'Theme'), ...radios),
    h('label', { class: 'check' }, moderator, h('span', {}, "Try moderators' commands")),
    problem,
    h('div', { class: 'buttons' }, h('button', { class: 'button primary' }, 'Done')),
  )
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'profile-title' }, form)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    post('me', { name: name.value, moderator: moderator.checked })
      .then(() => dialog.close())
      .catch((error) => {
        if (!(error instanceof Refusal)) throw error
        problem.textContent = error.message
      })
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
