import { optionName, type Options, type PictureSource } from '../../chat/options.ts'
import { parseOptions, type RawOptions } from '../../chat/parse-options.ts'
import { UserError } from '../../errors.ts'
import type { Translate } from '../../language.ts'
import { Answers, type AnswersSetup } from './answers.ts'
import { type Asker, originOf, spokenBy } from './asker.ts'
import type { Channels } from './channels.ts'
import { describeForm, describeSketch } from './describe.ts'
import { newFileId } from './files.ts'
import { refused } from './history.ts'
import { filesOf, offers, scope, type Message } from './message.ts'
import type { PageForm, PageSketch, PageSketchView } from './page.ts'
import { renderPicture } from './render.ts'
import { personal } from './responder.ts'
import type { RunningTurns } from './running-turns.ts'
import { sources, stored, type Upload } from './upload.ts'

/** Says what is wrong with the names that the page shows for options. */
const parsed = <Declared extends Options>(declared: Declared, raw: RawOptions, t: Translate) =>
  parseOptions(declared, raw, t, (name) => optionName(name, declared[name]!, t))

export interface Setup extends AnswersSetup {
  readonly channels: Channels
}

/** What people do on the playground, turned into messages and runs of commands. */
export class Conversation {
  readonly #setup: Setup
  readonly #answers: Answers

  constructor(setup: Setup) {
    this.#setup = setup
    this.#answers = new Answers(setup)
  }

  get turns(): RunningTurns {
    return this.#answers.turns
  }

  async say(asker: Asker, text: string, uploads: readonly Upload[]): Promise<void> {
    if (text.trim() === '' && uploads.length === 0)
      throw new UserError('bad-option', 'platform.playground.nothingSaid')
    const files = uploads.map((upload) => stored(upload, asker))
    const message = { ...this.#ownMessage(asker), text: text.trim(), files: files.map(({ ref }) => ref) }
    await this.#setup.history.put(message, files)
  }

  /** Posts what was typed, then runs it. @throws UserError for a wrong option, or if it is too early; nothing is posted then. */
  async run(
    asker: Asker,
    path: readonly string[],
    typed: Readonly<Record<string, string>>,
    uploads: readonly Upload[],
  ): Promise<void> {
    const { dispatcher, history, runs, now } = this.#setup
    const invocation = dispatcher.commands.invocation(path)
    if (!invocation)
      throw new UserError('not-found', 'platform.playground.noCommand', {
        values: { typed: `/${path.join(' ')}` },
      })
    const options = parsed(invocation.options ?? {}, { ...typed, ...sources(uploads) }, spokenBy(asker))
    for (const [name, value] of Object.entries(options))
      if (invocation.options?.[name]?.type === 'channel' && typeof value === 'string')
        this.#setup.channels.mustExist(value)
    await dispatcher.mustBeFree(path, { place: { ...scope, channel: asker.channel }, person: asker.person })
    const files = uploads.map((upload) => stored(upload, asker))
    const message: Message = {
      ...this.#ownMessage(asker),
      ...(invocation.visibility === 'person' && personal(asker.person.id, now())),
      command: {
        path: [...path],
        options: [
          ...files.map(({ ref }, index) => ({ name: uploads[index]!.field, file: ref })),
          ...Object.entries(typed).map(([name, value]) => ({ name, value })),
        ],
      },
      running: true,
    }
    await history.put(message, files)
    await runs.begin(message.id)
    this.#answers.begin(asker, message, invocation.visibility ?? 'channel', {
      run: (origin, responder) => dispatcher.run(path, options, origin, responder),
      async done() {
        // It may have been deleted in the meantime.
        if (history.get(message.channel, message.id)) await history.put({ ...message, running: undefined })
      },
      refuse: (sentence) => history.put(refused(message, sentence)),
    })
  }

  /** The menu of a posted picture. */
  async menu(asker: Asker, name: string, id: string, file: string): Promise<void> {
    const { dispatcher, history } = this.#setup
    const message = this.#see(asker, id)
    const ref = filesOf(message).find((each) => each.id === file)
    const pictures = ref ? [this.#storedPicture(ref.name, file)] : []
    const visibility = dispatcher.commands.pictureMenu(name)?.visibility ?? 'person'
    this.#answers.begin(asker, message, visibility, {
      run: (origin, responder) => dispatcher.runPictureMenu(name, pictures, origin, responder),
      refuse: async (sentence) => history.notice(message, asker.person.id, sentence),
    })
  }

  /** A button, a select or a point of a picture. If it opens a form or a picture to draw on and there is no `typed` yet, nothing runs, and that is returned. */
  async press(
    asker: Asker,
    id: string,
    action: string,
    given: {
      chosen: readonly string[]
      typed?: Readonly<Record<string, string>> | undefined
      uploads: readonly Upload[]
    },
  ): Promise<{ form?: PageForm; sketch?: PageSketch }> {
    const { dispatcher, history, files } = this.#setup
    const message = this.#see(asker, id)
    if (!offers(message, action, given.chosen))
      throw new UserError('not-found', 'platform.playground.noButton')
    const form = dispatcher.commands.form(action)
    if (form && !given.typed) {
      if (!dispatcher.commands.action(action)?.action.sketch)
        return { form: describeForm(form, spokenBy(asker)) }
      const { picture, view } = await dispatcher.openSketch(action, originOf(asker, message.channel))
      const file = renderPicture(picture, newFileId())
      files.showForNow(file)
      const { title, submitLabel } = describeForm(form, spokenBy(asker))
      return { sketch: { title, submitLabel, picture: file.ref, view: describeSketch(view) } }
    }
    const values = form
      ? parsed(form.fields, { ...given.typed, ...sources(given.uploads) }, spokenBy(asker))
      : {}
    const ref = { ...scope, channel: message.channel, message: message.id }
    this.#answers.begin(asker, message, dispatcher.commands.action(action)?.action.answers ?? 'edit', {
      run: (origin, responder) =>
        dispatcher.press({ id: action, values, chosen: given.chosen, message: ref }, origin, responder),
      refuse: async (sentence) => history.notice(message, asker.person.id, sentence),
    })
    return {}
  }

  /** What the model makes of a drawing on a picture that a button of the message opened. Posts nothing. */
  async look(
    asker: Asker,
    id: string,
    action: string,
    drawing: Upload | undefined,
    signal: AbortSignal,
  ): Promise<PageSketchView> {
    const message = this.#see(asker, id)
    if (!offers(message, action, [])) throw new UserError('not-found', 'platform.playground.noButton')
    if (!drawing) throw new UserError('bad-option', 'platform.playground.nothingDrawn')
    const origin = originOf(asker, message.channel, signal)
    return describeSketch(await this.#setup.dispatcher.lookAtSketch(action, drawing.bytes, origin))
  }

  /** Deletes a message of their own, or one that only this person sees; moderators may delete any. */
  async remove(asker: Asker, id: string): Promise<void> {
    const { history } = this.#setup
    const message = this.#see(asker, id)
    const { person } = asker
    if (message.onlyFor !== person.id && message.author.id !== person.id && !person.moderator)
      throw new UserError('not-allowed', 'platform.playground.notYours')
    const question = message.answerTo && history.get(message.channel, message.answerTo, person.id)
    await history.remove(message)
    if (message.onlyFor && question && question.onlyFor && question.command) await history.remove(question)
  }

  #ownMessage({ person, channel }: Asker): Message {
    const { history, channels } = this.#setup
    const author = { id: person.id, name: person.name, bot: false }
    return { id: history.newId(), channel: channels.mustExist(channel), author }
  }

  #see({ channel, person }: Asker, id: string): Message {
    const message = this.#setup.history.get(channel, id, person.id)
    if (!message) throw new UserError('not-found', 'platform.playground.messageGone')
    return message
  }

  #storedPicture(name: string, id: string): PictureSource {
    return {
      name,
      read: async () => {
        const file = await this.#setup.files.read(id)
        if (!file) throw new UserError('not-found', 'platform.playground.pictureGone')
        return file.bytes
      },
    }
  }
}
