/**
 * The messages of the open channel: drawn, kept in step, scrolled and read out.
 * @import { PageMessage } from '../../src/platforms/playground/message.ts'
 * @import { Actions } from './message.js'
 * @import { Chat } from './chat.js'
 */
import { arrange } from './arrange.js'
import { find, h, icon, keepFocus } from './dom.js'
import { t } from './language.js'
import { drawMessage } from './message.js'
import { showProgress } from './progress.js'
import { wordsOf } from './words.js'

const nearPx = 80
const decodeMs = 1_000

export class Log {
  #chat
  #actions
  #scroller = find('.log', HTMLElement)
  #list = find('.messages', HTMLElement)
  #toEnd = find('.to-end', HTMLButtonElement)
  #announcer = find('.announcer', HTMLElement)
  /** What each message said when it was last drawn, without its progress. @type {Map<string, string>} */
  #drawn = new Map()
  #atEnd = true
  #height = 0

  /** @param {Chat} chat @param {Actions} actions */
  constructor(chat, actions) {
    this.#chat = chat
    this.#actions = actions
    this.#scroller.addEventListener('scroll', () => this.#noticeEnd(), { passive: true })
    this.#toEnd.addEventListener('click', () => this.scrollToEnd())
    const sizes = new ResizeObserver(() => (this.#atEnd ? this.scrollToEnd() : this.#noticeEnd(true)))
    for (const element of [this.#list, this.#scroller]) sizes.observe(element)
    chat.hear({
      state: () => this.render(),
      message: (message, isNew) => this.#show(message, isNew),
      remove: ({ id }) => this.#remove(id),
      notice: (id, sentence) => this.notice(id, sentence),
    })
  }

  render() {
    this.#drawn.clear()
    this.#list.replaceChildren()
    for (const message of this.#chat.shown) this.#append(message)
    this.#arrange()
    this.scrollToEnd()
  }

  scrollToEnd() {
    // The welcome is read from the top.
    this.#scroller.scrollTop = this.#list.childElementCount === 0 ? 0 : this.#scroller.scrollHeight
    this.#atEnd = true
    this.#noticeEnd(true)
  }

  /** Scrolls to an answer; one that is taller than the window is read from the top. @param {HTMLElement} item */
  #scrollToStart(item) {
    if (item.offsetHeight < this.#scroller.clientHeight) return
    this.#scroller.scrollTop = item.offsetTop - this.#scroller.offsetTop
    this.#atEnd = false
    this.#noticeEnd(true)
  }

  /** @param {string} id @param {string} sentence */
  notice(id, sentence) {
    const notices = this.#item(id)?.querySelector('.notices')
    if (!notices) return
    const close = () => notice.remove()
    const notice = h(
      'p',
      { class: 'notice' },
      sentence,
      h(
        'button',
        { type: 'button', class: 'icon-button small', 'aria-label': t('page.dismiss'), onclick: close },
        icon('close'),
      ),
    )
    notices.replaceChildren(notice)
  }

  /** @param {PageMessage} message @param {boolean} isNew */
  #show(message, isNew) {
    const item = this.#item(message.id)
    const said = saidIn(message)
    const changed = this.#drawn.get(message.id) !== said
    if (!item) this.#append(message)
    else if (changed) this.#replace(message, said)
    else this.#progress(item, message)
    this.#arrange()
    const me = this.#chat.state.me.id
    const mine = message.author.id === me
    const to = message.answerTo ?? ''
    const asked = this.#chat.messages.get(to)?.author.id === me || (isNew && this.#chat.pressed.delete(to))
    if (isNew && (mine || asked || message.onlyFor !== undefined)) this.scrollToEnd()
    if (changed && (!mine || message.refusal !== undefined)) this.#announce(message)
  }

  /** @param {PageMessage} message */
  #announce(message) {
    this.#announcer.replaceChildren(h('p', { 'data-of': message.id }, wordsOf(message)))
  }

  /** @param {PageMessage} message */
  #append(message) {
    const item = drawMessage(message, this.#actions)
    this.#drawn.set(message.id, saidIn(message))
    const next = [...this.#list.children].find(({ id }) => id > item.id)
    this.#list.insertBefore(item, next ?? null)
    if (message.progress) this.#progress(item, message)
  }

  /**
   * Replaces the old element with the new one once its pictures have loaded, so that nothing jumps or flickers.
   * @param {PageMessage} message
   * @param {string} said
   */
  #replace(message, said) {
    this.#drawn.set(message.id, said)
    const after = drawMessage(message, this.#actions)
    const images = [...after.querySelectorAll('img')].map((image) => image.decode().catch(() => {}))
    const late = new Promise((resolve) => setTimeout(resolve, decodeMs))
    void Promise.race([Promise.all(images), late]).then(() => {
      const standing = this.#item(message.id)
      if (!standing || this.#drawn.get(message.id) !== said) return
      const focus = keepFocus(standing, after)
      const wasDraft = !standing.querySelector('.body')?.hasChildNodes()
      standing.replaceWith(after)
      if (wasDraft && this.#atEnd) this.#scrollToStart(after)
      const { progress } = this.#chat.messages.get(message.id) ?? message
      if (progress) this.#progress(after, { ...message, progress })
      focus()
      this.#arrange()
    })
  }

  /** @param {Element} item @param {PageMessage} message */
  #progress(item, message) {
    item.classList.toggle('busy', message.progress !== undefined)
    const slot = find('.progress-slot', HTMLElement, item)
    const asked = this.#chat.messages.get(message.answerTo ?? '')
    const mine = message.onlyFor !== undefined || asked?.author.id === this.#chat.state.me.id
    const cancel = () => this.#actions.cancel(message)
    showProgress(slot, message.progress, mine || item.hasAttribute('data-pressed') ? cancel : undefined)
  }

  /** @param {string} id */
  #remove(id) {
    this.#drawn.delete(id)
    this.#announcer.querySelector(`[data-of="${id}"]`)?.remove()
    const item = this.#item(id)
    if (item?.contains(document.activeElement)) find('#line', HTMLInputElement).focus()
    item?.remove()
    this.#arrange()
  }

  #arrange() {
    arrange(this.#chat)
    this.#list.classList.toggle('empty', this.#list.childElementCount === 0)
  }

  /** A scroll event that arrives before a change of size is known says nothing about where the person wants to be. */
  #noticeEnd(sized = false) {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller
    const height = scrollHeight - clientHeight
    if (sized) this.#height = height
    else if (height === this.#height) this.#atEnd = height - scrollTop < nearPx
    this.#toEnd.hidden = this.#atEnd || this.#list.childElementCount === 0
  }

  /** @param {string} id */
  #item(id) {
    return document.getElementById(`message-${id}`)
  }
}

/** A message without its progress: if only that changes, nothing else is redrawn. @param {PageMessage} message */
const saidIn = ({ progress: _progress, ...rest }) => JSON.stringify(rest)
