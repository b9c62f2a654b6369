import type { Translate } from '../../language.ts'
import type { MessageRef } from '../../chat/place.ts'
import type { Picture, Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import { drawnCard, graphicsOf, GrowingPicture, type Graphics, savePicture } from './pictures.ts'
import { renderReply } from './render.ts'

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }
  readonly errors: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

export interface TerminalOptions {
  /** Whether to print the reply's data as JSON and nothing else. */
  readonly json?: boolean
  /** Where the reply's first picture goes. */
  readonly card?: string
  /** Whether to print how each button can be pressed. */
  readonly buttons?: boolean
}

/** If the output is not a terminal: wide enough for a table, narrow enough for an e-mail. */
const defaultWidth = 80
const progressEveryMs = 100

/** Answers on the output; progress and errors go to the error stream. */
export class TerminalResponder implements Responder {
  readonly progressEveryMs = progressEveryMs
  /** 0 done, 1 our fault, 2 the person's mistake. */
  exitCode = 0
  readonly #streams: TerminalStreams
  readonly #options: TerminalOptions
  readonly #graphics: Graphics | undefined
  readonly #t: Translate
  #growing: GrowingPicture | undefined

  constructor(streams: TerminalStreams, options: TerminalOptions, t: Translate) {
    this.#streams = streams
    this.#options = options
    this.#t = t
    this.#graphics = options.json ? undefined : graphicsOf(streams.output)
  }

  async show(reply: Reply): Promise<MessageRef> {
    this.#clearProgress()
    const { output } = this.#streams
    if (this.#options.json) {
      output.write(`${JSON.stringify(reply.data ?? null)}\n`)
    } else {
      const colour = output.isTTY === true
      const { buttons = false } = this.#options
      const drawn = await this.#drawn(reply)
      output.write(
        `${renderReply(reply, { width: output.columns ?? defaultWidth, colour, buttons, drawn })}\n`,
      )
    }
    const [picture] = picturesIn(reply)
    if (this.#options.card && picture) {
      await savePicture(picture, this.#options.card)
      if (!this.#options.json)
        this.#streams.errors.write(`${this.#t('terminal.saved', { file: this.#options.card })}\n`)
    }
    return { platform: 'terminal', community: 'terminal', channel: 'terminal', message: 'last' }
  }

  async showProgress(progress: Progress): Promise<void> {
    if (!this.#streams.errors.isTTY) return
    const { picture } = progress
    if (picture && this.#graphics) {
      this.#clearProgress()
      this.#growing ??= new GrowingPicture((text) => this.#streams.errors.write(text), this.#graphics)
      this.#growing.begin()
      await this.#growing.show(async () => picture.bytes)
    }
    const percent = progress.fraction === undefined ? '' : ` ${Math.round(progress.fraction * 100)} %`
    this.#streams.errors.write(`\r\u001b[2K${progress.text}${percent}`)
  }

  followUp(reply: Reply): Promise<MessageRef> {
    return this.show(reply)
  }

  async refuse(sentence: string, whose: 'theirs' | 'ours'): Promise<void> {
    this.#clearProgress()
    this.exitCode = whose === 'theirs' ? 2 : 1
    this.#streams.errors.write(`${sentence}\n`)
  }

  async #drawn(reply: Reply): Promise<ReadonlyMap<Picture, string>> {
    const graphics = this.#graphics
    if (!graphics) return new Map()
    const each = picturesIn(reply).map(
      async (picture) => [picture, await drawnCard(picture.bytes, graphics)] as const,
    )
    return new Map(await Promise.all(each))
  }

  #clearProgress(): void {
    if (this.#streams.errors.isTTY) this.#streams.errors.write('\r\u001b[2K')
  }
}

const picturesIn = ({ elements }: Reply): Picture[] =>
  elements.flatMap((element) =>
    element.kind === 'picture' ? [element.picture] : element.kind === 'gallery' ? element.pictures : [],
  )
