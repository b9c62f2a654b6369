/**
 * What can be done with a message.
 * @import { PageMessage } from '../../src/platforms/playground/message.ts'
 * @import { Actions } from './message.js'
 * @import { Chat } from './chat.js'
 * @import { Composer } from './composer.js'
 */
import { post, Refusal } from './api.js'
import { openForm } from './form-dialog.js'

/**
 * @param {Chat} chat
 * @param {Composer} composer
 * @param {(id: string, sentence: string) => void} notice
 * @returns {Actions}
 */
export function actionsFor(chat, composer, notice) {
  /** @param {PageMessage} message @param {Promise<unknown>} work */
  const attempt = (message, work) =>
    work.catch((error) => {
      if (!(error instanceof Refusal)) throw error
      notice(message.id, error.message)
    })
  return {
    press(message, id, chosen, control) {
      const item = control.closest('.message')
      if (item?.classList.contains('busy')) return
      // Until the server answers: no second press, and what it begins can be cancelled.
      item?.classList.add('busy')
      item?.setAttribute('data-pressed', '')
      const pressed = { ...at(message), id, chosen }
      const work = post('press', pressed).then(({ form }) => {
        if (!form) return
        openForm(form, chat.state.channels, async ({ values, files }) => {
          await post('press', { ...pressed, values }, files)
        })
      })
      void attempt(message, work).finally(() => {
        if (!chat.messages.get(message.id)?.progress) item?.classList.remove('busy')
        if (control instanceof HTMLSelectElement) control.selectedIndex = 0
      })
    },
    menus: (message, file) =>
      chat.state.menus.map(({ name, label }) => ({
        label,
        run: () => void attempt(message, post('menu', { ...at(message), name, file: file.id })),
      })),
    remove: (message) => void attempt(message, post('remove', at(message))),
    cancel: (message) => void attempt(message, post('cancel', at(message))),
    mayRemove: ({ author }) => author.id === chat.state.me.id || chat.state.me.moderator,
    retry(message) {
      void composer.restore(message).then(() => attempt(message, post('remove', at(message))))
    },
  }
}

/** @param {PageMessage} message */
const at = ({ channel, id }) => ({ channel, message: id })
