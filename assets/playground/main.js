import { actionsFor } from './actions.js'
import { fetchState } from './api.js'
import { Chat } from './chat.js'
import { Composer } from './composer.js'
import { find } from './dom.js'
import { takeDrops } from './drop.js'
import { Log } from './log.js'
import { showFrame } from './sidebar.js'
import { openTour } from './tour.js'
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

find('#help', HTMLButtonElement).addEventListener('click', () => openTour(chat))

log.render()
chat.follow()
if (matchMedia('(hover: hover)').matches) find('#line', HTMLInputElement).focus()
