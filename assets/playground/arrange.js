/**
 * What depends on a message's neighbours: days, runs of one author, and which message is answered.
 * @import { PageMessage } from '../../src/platforms/playground/message.ts'
 * @import { Chat } from './chat.js'
 */
import { find, h, icon } from './dom.js'
import { dayOf, timeOf, wordsOf } from './words.js'

/** Within this time, further messages by the same author appear without the name. */
const runMs = 5 * 60 * 1000

/** @param {Chat} chat */
export function arrange(chat) {
  /** @type {PageMessage | undefined} */
  let before
  for (const message of chat.shown) {
    const item = document.getElementById(`message-${message.id}`)
    if (!item) continue
    const day = dayOf(timeOf(message))
    const sameDay = before !== undefined && dayOf(timeOf(before)) === day
    if (sameDay) item.removeAttribute('data-day')
    else item.setAttribute('data-day', day)
    const near = before !== undefined && Number(message.id) - Number(before.id) < runMs
    const sameAuthor = before?.author.id === message.author.id && before.author.name === message.author.name
    item.classList.toggle('continued', sameDay && near && sameAuthor)
    refer(item, message.answerTo === before?.id ? undefined : chat.messages.get(message.answerTo ?? ''))
    before = message
  }
}

/** @param {Element} item @param {PageMessage | undefined} asked */
function refer(item, asked) {
  const slot = find('.reference', HTMLElement, item)
  const text = asked ? wordsOf(asked).slice(0, 80) : ''
  if (slot.textContent === text) return
  if (!asked) return slot.replaceChildren()
  /** @param {Event} event */
  const jump = (event) => {
    event.preventDefault()
    const target = document.getElementById(`message-${asked.id}`)
    target?.scrollIntoView({ block: 'center' })
    target?.focus({ preventScroll: true })
  }
  slot.replaceChildren(h('a', { href: `#message-${asked.id}`, onclick: jump }, icon('reply'), text))
}
