import type { Visibility } from '../../chat/command.ts'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Origin } from '../../chat/context.ts'
import type { PictureSource } from '../../chat/options.ts'
import { parseOptions } from '../../chat/parse-options.ts'
import { UserError } from '../../errors.ts'
import { languageOf, type Translate, translator } from '../../language.ts'
import type { Channels } from './channels.ts'
import { describeForm, describeSketch } from './describe.ts'
import { mimeTypeOf, newFileId, type Files } from './files.ts'
import { refused, type History } from './history.ts'
import { kept } from './kept.ts'
import { filesOf, offers, scope, type Message } from './message.ts'
import type { PageForm, PagePerson, PageSketch, PageSketchView } from './page.ts'
import type { People } from './people.ts'
import { renderPicture, type StoredFile } from './render.ts'
import { draft, personal, PlaygroundResponder } from './responder.ts'
import type { Runs } from './runs.ts'
import { RunningTurns } from './running-turns.ts'

export interface Setup {
  readonly dispatcher: Dispatcher
  readonly history: History
  readonly runs: Runs
  readonly files: Files
  readonly channels: Channels
  readonly people: People
  readonly now: () => Date
}

/** Who acts, in which channel, and how their page looks. */
export interface Asker {
  readonly person: PagePerson
  readonly channel: string
  readonly locale: string
  /** Of the browser. */
  readonly timeZone?: string | undefined
}

const spokenBy = ({ locale }: Asker): Translate => translator(languageOf(locale))

/** A file as a page sent it; `field` is the option that it is for. */
export interface Upload {
  readonly field: string
  readonly name: string
  readonly bytes: Uint8Array
  readonly alt?: string
}

/** What people do on the playground, turned into messages and runs of commands. */
export class Conversation {
  readonly turns = new RunningTurns()
  readonly #setup: Setup

  constructor(setup: Setup) {
    this.#setup = setup
  }

  async say(asker: Asker, text: string, uploads: readonly Upload[]): Promise<void> {
    if (text.trim() === '' && uploads.length === 0)
      throw new UserError('bad-option', 'platform.playground.nothingSaid')
    const files = uploads.map((upload) => stored(upload, asker))
    const message = { ...this.#ownMessage(asker), text: text.trim(), files: files.map(({ ref }) => ref) }
    await this.#setup.history.put(message, files)
  }

  /** Posts what was typed, then runs it. @throws UserError for a wrong option or too early, before anything is posted. */
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
    const options = parseOptions(invocation.options ?? {}, { ...typed, ...sources(uploads) }, spokenBy(asker))
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
    this.#answer(asker, message, invocation.visibility ?? 'channel', {
      run: (origin, responder) => dispatcher.run(path, options, origin, responder),
      async done() {
        // It may have been deleted meanwhile.
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
    this.#answer(asker, message, visibility, {
      run: (origin, responder) => dispatcher.runPictureMenu(name, pictures, origin, responder),
      refuse: async (sentence) => history.notice(message, asker.person.id, sentence),
    })
  }

  /** A button, a select or a point of a picture. Without `typed`, where the button opens a form or a picture to draw on, nothing runs but that comes back. */
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
      const { picture, view } = await dispatcher.openSketch(action, this.#originOf(asker, message.channel))
      const file = renderPicture(picture, newFileId())
      files.showForNow(file)
      const { title, submitLabel } = describeForm(form, spokenBy(asker))
      return { sketch: { title, submitLabel, picture: file.ref, view: describeSketch(view) } }
    }
    const values = form
      ? parseOptions(form.fields, { ...given.typed, ...sources(given.uploads) }, spokenBy(asker))
      : {}
    const ref = { ...scope, channel: message.channel, message: message.id }
    this.#answer(asker, message, dispatcher.commands.action(action)?.action.answers ?? 'edit', {
      run: (origin, responder) =>
        dispatcher.press({ id: action, values, chosen: given.chosen, message: ref }, origin, responder),
      refuse: async (sentence) => history.notice(message, asker.person.id, sentence),
    })
    return {}
  }

  /** What the model makes of a drawing that a button of the message opened. Posts nothing. */
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
    const origin = this.#originOf(asker, message.channel, signal)
    return describeSketch(await this.#setup.dispatcher.lookAtSketch(action, drawing.bytes, origin))
  }

  /** Deletes an own message, or one that only this person sees; moderators may delete any. */
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

  #originOf({ person, locale, timeZone }: Asker, channel: string, signal = AbortSignal.any([])): Origin {
    const { id, name, moderator } = person
    return {
      platform: 'playground',
      place: { ...scope, channel },
      person: { id, name, moderator },
      locale,
      communityLocale: locale,
      theme: 'both',
      signal,
      ...(timeZone && { timeZone }),
    }
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

  #answer(
    asker: Asker,
    to: Message,
    answers: 'edit' | Visibility,
    work: {
      run: (origin: Origin, responder: PlaygroundResponder) => Promise<void>
      done?: () => Promise<void>
      refuse: (sentence: string) => Promise<void>
    },
  ): void {
    const { history, runs, files, people, now, dispatcher } = this.#setup
    const { person, channel } = asker
    const onlyFor = answers === 'person' ? person.id : undefined
    const answer = answers === 'edit' ? to : { ...draft(history, channel, now(), onlyFor), answerTo: to.id }
    let refusal = false
    const refuse = async (sentence: string): Promise<void> => {
      refusal = true
      await work.refuse(sentence)
    }
    this.turns.take(answer.id, person.id, async (signal) => {
      const edits = answers === 'edit'
      const responder = new PlaygroundResponder({
        history,
        files,
        now,
        answer,
        edits,
        asker: person.id,
        t: spokenBy(asker),
        refuse,
      })
      try {
        const keeps = kept({ history, people }, [answer.id, ...(to.running ? [to.id] : [])])
        await work.run({ ...this.#originOf(asker, channel, signal), keeps }, responder)
        if (!refusal) await work.done?.()
      } catch (error) {
        dispatcher.services.log.error({ err: error }, 'an answer could not be finished')
      } finally {
        responder.end()
        if (to.running)
          await runs
            .end(to.id)
            .catch((error: unknown) =>
              dispatcher.services.log.error({ err: error }, 'the end of a command could not be recorded'),
            )
      }
    })
  }
}

function stored({ name, bytes, alt = name }: Upload, asker: Asker): StoredFile {
  return {
    ref: {
      id: newFileId(),
      name,
      mimeType: mimeTypeOf(bytes),
      size: bytes.length,
      alt: spokenBy(asker)('platform.playground.posted', { alt, name: asker.person.name }),
    },
    bytes,
  }
}

const sources = (uploads: readonly Upload[]): Record<string, PictureSource> =>
  Object.fromEntries(uploads.map(({ field, name, bytes }) => [field, { name, read: async () => bytes }]))
