import type { ModalView } from '@slack/types'
import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Origin } from '../../chat/context.ts'
import type { MessageRef, Place } from '../../chat/place.ts'
import type { Options, PictureSource, Values } from '../../chat/options.ts'
import { optionsOrRefusal, type RawOptions } from '../../chat/parse-options.ts'
import { type Key, languageOf, type Translate, translator } from '../../language.ts'
import { picturesAmong, pictureSource, type SlackFile } from './files.ts'
import { People } from './origin.ts'
import { SlackResponder, type SlackTurn } from './responder.ts'

export interface TurnsSetup {
  readonly dispatcher: Dispatcher
  readonly log: Logger
  /** Origins that files may be downloaded from. */
  readonly origins: readonly string[]
  readonly signal: AbortSignal
  /** True once the bot is stopping: nothing new is accepted. */
  readonly isClosed: () => boolean
}

/** The parts of a message that may have pictures. */
export interface PostedMessage {
  readonly files?: readonly SlackFile[]
  /** Previews of links in it. */
  readonly attachments?: readonly { readonly image_url?: string; readonly thumb_url?: string }[]
}

/** What all kinds of events share: who asks, whether the bot is stopping, and the way into the dispatcher. */
export class SlackTurns {
  readonly dispatcher: Dispatcher
  readonly #setup: TurnsSetup
  readonly #people: People

  constructor(setup: TurnsSetup) {
    this.#setup = setup
    this.dispatcher = setup.dispatcher
    this.#people = new People(setup.log)
  }

  originOf(client: webApi.WebClient, place: Place, user: string): Promise<Origin> {
    return this.#people.originOf(client, place, user, this.#setup.signal)
  }

  /** What is said only to the person. */
  async translatorOf({
    client,
    place,
    user,
  }: Pick<SlackTurn, 'client' | 'place' | 'user'>): Promise<Translate> {
    return translator(languageOf((await this.originOf(client, place, user)).locale))
  }

  /** Runs a command with options as they came, or says what is wrong with them. */
  async run(turn: SlackTurn, path: readonly string[], declared: Options, raw: RawOptions): Promise<void> {
    await this.#answer(turn, async (origin, responder) => {
      const options = await optionsOrRefusal(declared, raw, responder, translator(languageOf(origin.locale)))
      if (options) await this.dispatcher.run(path, options, origin, responder)
    })
  }

  /** @param posted the message that is looked at */
  async runPictureMenu(turn: SlackTurn, name: string, posted: PostedMessage): Promise<void> {
    const { files = [], attachments = [] } = posted
    await this.#answer(turn, async (origin, responder) => {
      const pictures = await picturesAmong(files, { client: turn.client, origins: this.#setup.origins })
      const elsewhere = attachments.some(({ image_url: image, thumb_url: thumb }) => image ?? thumb)
      await this.dispatcher.runPictureMenu(name, pictures, origin, responder, {
        ...(turn.answers === 'edit' ? {} : { visibility: turn.answers }),
        ...(elsewhere ? { none: 'platform.elsewhere' as const } : {}),
      })
    })
  }

  /** @param given what a form's fields hold, or what was chosen from a select */
  async press(
    turn: SlackTurn & { readonly message: MessageRef },
    id: string,
    given: { readonly declared?: Options; readonly raw?: RawOptions; readonly chosen?: readonly string[] },
  ): Promise<void> {
    const { declared = {}, raw = {}, chosen = [] } = given
    await this.#answer(turn, async (origin, responder) => {
      const values = await optionsOrRefusal(declared, raw, responder, translator(languageOf(origin.locale)))
      if (values)
        await this.dispatcher.press({ id, values, chosen, message: turn.message }, origin, responder)
    })
  }

  /** For a command that was typed without required options: opens its form with what was typed, or says what is wrong with that. */
  async ask(
    turn: SlackTurn,
    trigger: string,
    declared: Options,
    raw: RawOptions,
    form: (typed: Values, t: Translate) => ModalView,
  ): Promise<void> {
    const t = await this.translatorOf(turn)
    const optional = Object.entries(declared).map(([name, option]) => [name, { ...option, required: false }])
    const typed = await optionsOrRefusal(
      Object.fromEntries(optional) as Options,
      raw,
      new SlackResponder(turn),
      t,
    )
    if (typed) await this.open(turn, trigger, form(typed, t))
  }

  /** Opens a modal; a trigger is good for three seconds. */
  async open(turn: SlackTurn, trigger: string, view: ModalView): Promise<void> {
    if (this.#setup.isClosed()) return this.#refuse(turn, 'platform.restarting')
    try {
      await turn.client.views.open({ trigger_id: trigger, view })
    } catch (error) {
      this.#setup.log.error({ err: error, callback: view.callback_id }, 'slack: a modal could not be opened')
      await this.#refuse(turn, 'platform.slack.noForm')
    }
  }

  picture(file: SlackFile, client: webApi.WebClient): PictureSource {
    return pictureSource(file, { client, origins: this.#setup.origins })
  }

  async #answer(
    turn: SlackTurn,
    work: (origin: Origin, responder: SlackResponder) => Promise<void>,
  ): Promise<void> {
    if (this.#setup.isClosed()) return this.#refuse(turn, 'platform.restarting')
    const origin = await this.originOf(turn.client, turn.place, turn.user)
    await work(origin, new SlackResponder(turn))
  }

  async #refuse(turn: SlackTurn, key: Key): Promise<void> {
    const t = await this.translatorOf(turn)
    await new SlackResponder(turn).refuse(t(key))
  }
}
