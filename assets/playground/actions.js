/**
 * What can be done with a message.
 * @import { PageMessage } from '../../src/platforms/playground/message.ts'
 * @import { PageSketch } from '../../src/platforms/playground/page.ts'
 * @import { Actions } from './message.js'
 * @import { Chat } from './chat.js'
 * @import { Composer } from './composer.js'
 */
import { post, Refusal } from './api.js'
import { openForm } from './form-dialog.js'
import { openSketch } from './sketch/dialog.js'

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
  /** @param {readonly string[]} path */
  const optionsOf = (path) =>
    chat.state.commands.find((command) => command.path.join(' ') === path.join(' '))?.options ?? []
  return {
    labelOf: (path, option) => optionsOf(path).find(({ name }) => name === option)?.label ?? option,
    press(message, id, chosen, control) {
      const item = control.closest('.message')
      if (item?.classList.contains('busy')) return
      // Until the server answers, it cannot be pressed again, and what it started can be cancelled.
      item?.classList.add('busy')
      item?.setAttribute('data-pressed', '')
      const pressed = { ...at(message), id, chosen }
      chat.pressed.add(message.id)
      const work = post('press', pressed).then(({ form, sketch }) => {
        if (sketch) return drawn(pressed, sketch)
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
    // A command that was sent without options, and needs none, leaves nothing to edit.
    mayRetry: ({ command }) =>
      !command || command.options.length > 0 || optionsOf(command.path).some(({ required }) => required),
    retry(message) {
      void composer.restore(message).then(() => attempt(message, post('remove', at(message))))
    },
  }
}

/**
 * @param {ReturnType<typeof at> & { id: string, chosen: string[] }} pressed
 * @param {PageSketch} sketch
 */
function drawn(pressed, sketch) {
  const { channel, message, id } = pressed
  return openSketch(sketch, `${channel} ${id}`, {
    look: async (file) => (await post('look', { channel, message, id }, [{ name: 'drawing', file }])).view,
    enter: async (file, text) => {
      const values = text === '' ? {} : { text: text.slice(0, 400) }
      await post('press', { ...pressed, values }, [{ name: 'drawing', file }])
    },
  })
}

/** @param {PageMessage} message */
const at = ({ channel, id }) => ({ channel, message: id })
