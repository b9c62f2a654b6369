/**
 * The input: a line of text or a command, pictures for it, and what is missing or wrong.
 * @import { PageMessage } from '../../src/platforms/playground/message.ts'
 * @import { Chat } from './chat.js'
 * @typedef {{ name: string, file: File, alt?: string | undefined }} Attachment `name`: the option that it is for
 */
import { fetchFile, post, Refusal } from './api.js'
import { drawChips } from './chips.js'
import { nameOf, parseLine, whyNone } from './command-line.js'
import { Completion } from './completion.js'
import { find } from './dom.js'
import { t } from './language.js'

const mostPictures = 4

export class Composer {
  #chat
  #line = find('#line', HTMLInputElement)
  #picker = find('#picker', HTMLInputElement)
  #chips = find('.chips', HTMLElement)
  #problem = find('.composer .problem', HTMLElement)
  #completion
  /** @type {Attachment[]} */
  #attached = []
  #pickingFor = ''

  /** @param {Chat} chat */
  constructor(chat) {
    this.#chat = chat
    const list = find('#suggestions', HTMLElement)
    this.#completion = new Completion(chat, this.#line, list, (option) => this.#pick(option))
    find('.composer', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#send()
    })
    find('#choose', HTMLButtonElement).addEventListener('click', () => this.choose())
    this.#picker.addEventListener('change', () => {
      void this.take([...(this.#picker.files ?? [])], this.#pickingFor)
      this.#picker.value = ''
    })
    this.#line.addEventListener('keydown', (event) => {
      if (event.isComposing) return
      if (!this.#completion.key(event) && event.key === 'Enter') {
        event.preventDefault()
        void this.#send()
      }
    })
    for (const event of ['input', 'suggestion-taken']) this.#line.addEventListener(event, () => this.#draw())
    document.addEventListener('paste', ({ clipboardData }) => {
      const files = [...(clipboardData?.files ?? [])]
      if (files.length > 0 && !document.querySelector('dialog[open]')) void this.take(files)
    })
    chat.hear({ state: () => this.#draw() })
    this.#draw()
  }

  /** Opens the file picker. */
  choose() {
    this.#pick('')
  }

  /** Begins a line, for example "/neuron ". @param {string} text */
  begin(text) {
    this.#line.value = text
    this.#line.focus()
    this.#draw()
    this.#completion.suggest()
  }

  /** Runs a command that needs nothing. @param {readonly string[]} path */
  run(path) {
    void this.#run(path, {}, [])
  }

  /**
   * Takes pictures that were dropped, pasted or chosen: they go to the command that is being typed, or are looked
   * at right away if the line is empty.
   * @param {File[]} files
   * @param {string} [option]
   * @param {string} [alt]
   */
  async take(files, option = '', alt) {
    const { maxUploadBytes } = this.#chat.state
    const large = files.find(({ size }) => size > maxUploadBytes)
    const mostMegabytes = Math.floor(maxUploadBytes / 2 ** 20)
    if (large) return this.#tell(t('page.write.tooLarge', { name: large.name, most: mostMegabytes }))
    if (files.length > mostPictures)
      this.#tell(t('page.write.tooMany', { most: mostPictures, given: files.length }))
    const taken = files.slice(0, mostPictures)
    const parsed = parseLine(this.#line.value, this.#chat.commands)
    const lone = this.#chat.pictureCommand
    const wanted = lone?.options.find(({ required }) => required)?.name
    if (this.#line.value.trim() === '' && lone && wanted)
      for (const file of taken) await this.#run(lone.path, {}, [{ name: wanted, file, alt }])
    else {
      const open = (parsed?.command.options ?? []).filter(
        ({ type, name }) => type === 'picture' && !this.#attached.some((each) => each.name === name),
      )
      for (const [index, file] of taken.entries())
        this.#attach({ name: option || open[index]?.name || `picture${this.#attached.length}`, file, alt })
      this.#line.focus()
      this.#draw()
      this.#completion.suggest()
    }
  }

  /** Puts a command that failed back into the line. @param {PageMessage} message */
  async restore({ command }) {
    if (!command) return
    const words = command.options.flatMap(({ name, value }) =>
      value === undefined ? [] : `${name}:${value}`,
    )
    this.#attached = []
    for (const { name, file } of command.options) {
      if (!file) continue
      const attached = await fetchFile(`/files/${file.id}`, file.name).catch(() => undefined)
      if (attached) this.#attach({ name, file: attached })
    }
    this.begin([`/${command.path.join(' ')}`, ...words].join(' '))
  }

  /** @param {Attachment} attachment */
  #attach(attachment) {
    this.#attached = [...this.#attached.filter(({ name }) => name !== attachment.name), attachment]
  }

  /** @param {string} option */
  #pick(option) {
    this.#pickingFor = option
    this.#picker.click()
  }

  async #send() {
    const text = this.#line.value.trim()
    this.#completion.close()
    this.#tell('')
    if (text === '' && this.#attached.length === 0) return
    const parsed = parseLine(text, this.#chat.commands)
    if (parsed) {
      const { command, given } = parsed
      const typed = given.filter(({ option }) => option.type !== 'picture')
      const values = typed.map(({ option, value }) => [option.name, value.trim()])
      return this.#run(command.path, Object.fromEntries(values), this.#attached, () => this.#clear())
    }
    if (text.startsWith('/'))
      return this.#tell(whyNone(text, this.#chat.state.commands, this.#chat.state.me, t))
    const { channel } = this.#chat
    await this.#try(
      () => post('say', { channel, text }, this.#attached),
      () => this.#clear(),
    )
  }

  /**
   * @param {readonly string[]} path
   * @param {Record<string, string>} options
   * @param {Attachment[]} files
   * @param {() => void} [done]
   */
  async #run(path, options, files, done) {
    const { channel } = this.#chat
    await this.#try(() => post('run', { channel, path, options }, files), done)
  }

  /** Sends; what was typed stays in the line until the server has it. @param {() => Promise<unknown>} send @param {() => void} [done] */
  async #try(send, done) {
    const form = find('.composer', HTMLFormElement)
    if (form.getAttribute('aria-busy') === 'true' && done) return
    form.setAttribute('aria-busy', 'true')
    try {
      await send()
      done?.()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.#tell(error.message)
    } finally {
      form.removeAttribute('aria-busy')
    }
  }

  #clear() {
    this.#line.value = ''
    this.#attached = []
    this.#draw()
  }

  /** @param {string} sentence */
  #tell(sentence) {
    this.#problem.textContent = sentence
    this.#problem.hidden = sentence === ''
  }

  #draw() {
    const parsed = parseLine(this.#line.value, this.#chat.commands)
    drawChips(this.#chips, parsed, this.#attached, {
      pick: (option) => this.#pick(option),
      begin: (option) => this.begin(`${this.#line.value.trimEnd()} ${option}:`),
      drop: (attachment) => {
        this.#attached = this.#attached.filter((each) => each !== attachment)
        this.#draw()
        this.#line.focus()
      },
    })
    this.#line.setAttribute(
      'aria-description',
      parsed ? `${nameOf(parsed.command)}: ${parsed.command.description}` : '',
    )
  }
}
