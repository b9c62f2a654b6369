/**
 * What could be typed next, above the line: a combobox with a list. Arrows move, Tab and Enter accept, Escape closes.
 * @import { Chat } from './chat.js'
 * @typedef {{ label: string, detail: string, take: () => void }} Suggestion
 */
import { complete } from './api.js'
import { commandsFor, knownValues, nameOf, optionsFor, parseLine } from './command-line.js'
import { h } from './dom.js'
import { t } from './language.js'

const waitMs = 120
const most = 12

export class Completion {
  #chat
  #input
  #list
  #pickFor
  /** @type {Suggestion[]} */
  #suggestions = []
  #active = -1
  #asked = new AbortController()

  /**
   * @param {Chat} chat
   * @param {HTMLInputElement} input
   * @param {HTMLElement} list
   * @param {(option: string) => void} pickFor lets the person choose a picture for an option
   */
  constructor(chat, input, list, pickFor) {
    this.#chat = chat
    this.#input = input
    this.#list = list
    this.#pickFor = pickFor
    input.addEventListener('input', () => this.suggest())
    input.addEventListener('click', () => this.suggest())
    input.addEventListener('blur', () => this.close())
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the list handled the key */
  key(event) {
    if (this.#suggestions.length === 0) return false
    const { key } = event
    const count = this.#suggestions.length
    if (key === 'ArrowDown') this.#activate((this.#active + 1) % count)
    else if (key === 'ArrowUp') this.#activate((Math.max(this.#active, 0) - 1 + count) % count)
    else if (key === 'Escape') this.close()
    else if (key === 'Tab' && !event.shiftKey) this.#take(Math.max(this.#active, 0))
    else if (key === 'Enter' && (this.#active >= 0 || this.#isPart())) this.#take(Math.max(this.#active, 0))
    else return false
    event.preventDefault()
    return true
  }

  suggest() {
    this.#asked.abort()
    const line = this.#typed()
    if (!line.trimStart().startsWith('/')) return this.close()
    const parsed = parseLine(line, this.#chat.commands)
    if (!parsed || nameOf(parsed.command) === line.trim().toLowerCase()) {
      if (!line.endsWith(' ') || !parsed) return this.#show(this.#commands(line))
    }
    const last = parsed.given.at(-1)
    const options = optionsFor(parsed).map(({ name, label, description, type }) => ({
      label: type === 'picture' ? label : `${label}:`,
      detail: description,
      take: () => {
        this.#replace(parsed.word, type === 'picture' ? '' : `${label}:`)
        if (type === 'picture') this.#pickFor(name)
        else this.suggest()
      },
    }))
    if (!last) return this.#show(options)
    const { option, value } = last
    /** @param {readonly { value: string, label: string }[]} choices */
    const values = (choices) =>
      choices.map((choice) => ({
        label: choice.label,
        detail: choice.value === choice.label ? '' : choice.value,
        take: () => {
          this.#replace(value, `${choice.value} `)
          this.suggest()
        },
      }))
    if (!option.completes) {
      const known = value.endsWith(' ') ? [] : knownValues(option, value, this.#chat.state.channels, t)
      return this.#show([...values(known), ...options])
    }
    void this.#ask(nameOf(parsed.command).slice(1), option.name, value, (choices) =>
      this.#show([...values(choices), ...options]),
    )
  }

  close() {
    this.#asked.abort()
    this.#show([])
  }

  /** @param {string} path @param {string} option @param {string} value @param {(choices: import('../../src/chat/choice.ts').Choice[]) => void} show */
  async #ask(path, option, value, show) {
    this.#asked = new AbortController()
    const { signal } = this.#asked
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    if (signal.aborted) return
    const typed = value.trim()
    // Typing works without suggestions, too: the next key asks again.
    const choices = await complete({ channel: this.#chat.channel, path, option, typed }, signal).catch(
      () => [],
    )
    if (!signal.aborted) show(choices.filter((choice) => choice.value !== typed))
  }

  /** @param {string} line */
  #commands(line) {
    return commandsFor(line, this.#chat.commands).map((command) => ({
      label: nameOf(command),
      detail: command.description,
      take: () => {
        this.#replace(line, `${nameOf(command)} `)
        this.suggest()
      },
    }))
  }

  /** A command's name that is not complete yet. */
  #isPart() {
    return !parseLine(this.#typed(), this.#chat.commands)
  }

  #typed() {
    return this.#input.value.slice(0, this.#input.selectionStart ?? undefined)
  }

  /** @param {string} ending the end of what was typed @param {string} text what replaces it */
  #replace(ending, text) {
    const before = this.#typed().slice(0, this.#typed().length - ending.length)
    const after = this.#input.value.slice(this.#typed().length)
    this.#input.value = before + text + after
    const caret = before.length + text.length
    this.#input.setSelectionRange(caret, caret)
    this.#input.dispatchEvent(new Event('suggestion-taken'))
  }

  /** @param {number} index */
  #take(index) {
    this.#suggestions[index]?.take()
  }

  /** @param {Suggestion[]} suggestions */
  #show(suggestions) {
    this.#suggestions = suggestions.slice(0, most)
    this.#list.replaceChildren(
      ...this.#suggestions.map(({ label, detail }, index) => {
        const item = h(
          'li',
          { role: 'option', id: `suggestion-${index}`, 'aria-selected': 'false' },
          h('span', { class: 'label' }, label),
          h('span', { class: 'detail' }, detail),
        )
        // The line keeps the focus.
        item.addEventListener('pointerdown', (event) => event.preventDefault())
        item.addEventListener('click', () => this.#take(index))
        return item
      }),
    )
    this.#list.hidden = suggestions.length === 0
    this.#input.setAttribute('aria-expanded', String(suggestions.length > 0))
    this.#activate(-1)
  }

  /** @param {number} index */
  #activate(index) {
    this.#active = index
    for (const [place, item] of [...this.#list.children].entries()) {
      item.setAttribute('aria-selected', String(place === index))
      if (place === index) item.scrollIntoView({ block: 'nearest' })
    }
    if (index < 0) this.#input.removeAttribute('aria-activedescendant')
    else this.#input.setAttribute('aria-activedescendant', `suggestion-${index}`)
  }
}
