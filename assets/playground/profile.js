/**
 * Who I am to the others, how the page looks, and whether I may use moderators' commands.
 * @import { Chat } from './chat.js'
 */
import { post, Refusal } from './api.js'
import { h } from './dom.js'
import { t } from './language.js'
import { chooseTheme, themeChoice } from './theme.js'

const themes = /** @type {const} */ (['system', 'light', 'dark'])

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
  const radios = themes.map((value) => {
    const radio = h('input', { type: 'radio', name: 'theme', value, checked: value === chosen })
    radio.addEventListener('change', () => {
      chooseTheme(value)
      chat.open(chat.channel)
    })
    return h('label', {}, radio, h('span', {}, t(`page.theme.${value}`)))
  })
  const problem = h('p', { class: 'problem', role: 'alert' })
  const form = h(
    'form',
    {},
    h('h2', { id: 'profile-title' }, t('page.profile.title')),
    h('label', { class: 'field' }, h('span', {}, t('page.profile.name')), name),
    h('fieldset', { class: 'choices' }, h('legend', {}, t('page.theme.name')), ...radios),
    h('label', { class: 'check' }, moderator, h('span', {}, t('page.profile.moderate'))),
    problem,
    h('div', { class: 'buttons' }, h('button', { class: 'button primary' }, t('page.profile.done'))),
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
