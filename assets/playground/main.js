import { actionsFor } from './actions.js'
import { fetchState } from './api.js'
import { Chat } from './chat.js'
import { Composer } from './composer.js'
import { find, h, icon } from './dom.js'
import { takeDrops } from './drop.js'
import { Log } from './log.js'
import { showFrame } from './sidebar.js'
import { drawWelcome } from './welcome.js'

const chat = new Chat(await fetchState())
showFrame(chat)
const composer = new Composer(chat)
/** @type {Log} */
const log = new Log(
  chat,
  actionsFor(chat, composer, (id, sentence) => log.notice(id, sentence)),
)
takeDrops((files) => void composer.take(files))

const empty = find('.empty-channel', HTMLElement)
const drawEmpty = () => empty.replaceChildren(drawWelcome(chat, composer))
chat.hear({ state: drawEmpty, lists: drawEmpty })
drawEmpty()

find('#help', HTMLButtonElement).addEventListener('click', () => {
  const close = () => dialog.close()
  const dialog = h(
    'dialog',
    { class: 'dialog wide', 'aria-label': 'How to play' },
    drawWelcome(chat, composer, close),
    h(
      'button',
      { type: 'button', class: 'icon-button close', 'aria-label': 'Close', onclick: close },
      icon('close'),
    ),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
})

log.render()
chat.follow()
if (matchMedia('(hover: hover)').matches) find('#line', HTMLInputElement).focus()
