import { UserError } from '../errors.ts'
import { languageOf, translator } from '../language.ts'
import { own } from '../own.ts'
import { outdated } from './actions.ts'
import type { Command, MenuUse, Visibility } from './command.ts'
import { CommandTable } from './command-table.ts'
import type { CompletionContext, Context, Origin } from './context.ts'
import type { MessageRef, Place } from './place.ts'
import { communityLanguage, mustPlayHere, rememberLocale, type CommunitySettings } from './community.ts'
import type { Cooldowns } from './cooldown.ts'
import type { Choice } from './choice.ts'
import type { PictureSource, Values } from './options.ts'
import { asCalled } from './person-name.ts'
import type { Element } from './reply.ts'
import type { Responder } from './responder.ts'
import type { Services } from './services.ts'
import type { OpenSketch, SketchContext, Sketching, SketchView } from './sketch.ts'
import { type Outcome, servicesFor, Turn, type Unspoken } from './turn.ts'

/** Who types, and where. */
type Typing = Pick<Origin, 'platform' | 'place' | 'person' | 'locale'>

/** How one event ended: answered, refused with a sentence, or a fault of ours. */
export interface Ended {
  readonly command: string
  readonly platform: string
  readonly outcome: Outcome
  readonly seconds: number
}

type SettingsOf = (place: Place) => Promise<CommunitySettings>

/** A button, a select or a form, as a person answered it. */
export interface Press {
  readonly id: string
  /** What the form's fields hold. */
  readonly values?: Values
  /** What was chosen from the select. */
  readonly chosen?: readonly string[]
  readonly message: MessageRef
}

/**
 * The one way from an event of any platform to a command and back: finds it, checks who may, keeps the
 * cooldown, runs it, and turns what goes wrong into one sentence. No platform calls a command otherwise.
 */
export class Dispatcher {
  readonly commands: CommandTable
  readonly services: Services
  readonly #cooldowns: Cooldowns
  readonly #settingsOf: SettingsOf | undefined
  readonly #running = new Set<Promise<void>>()
  /** Told of the end of every command, for those who count. */
  onEnded: ((ended: Ended) => void) | undefined

  /** @param settingsOf what a community's moderators decided; absent if there are no communities */
  constructor(
    commands: readonly Command[],
    services: Services,
    cooldowns: Cooldowns,
    settingsOf?: SettingsOf,
  ) {
    this.commands = new CommandTable(commands)
    this.services = services
    this.#cooldowns = cooldowns
    this.#settingsOf = settingsOf
  }

  /** @throws UserError 'too-soon' if this person could not run a command now: for platforms that keep what is sent. */
  mustBeFree(path: readonly string[], asking: Pick<Origin, 'place' | 'person'>): Promise<void> {
    return this.#cooldowns.mustBeFree(asking, path[0]!)
  }

  async run(path: readonly string[], options: Values, origin: Origin, responder: Responder): Promise<void> {
    const invocation = this.commands.invocation(path)
    const seenBy = invocation?.visibility ?? 'channel'
    await this.#guard(origin, responder, path.join(' '), seenBy, async (context, settings) => {
      if (!invocation) throw this.commands.unknown(path)
      if (invocation.moderators) mustModerate(origin)
      await this.#admitted(origin, path[0]!, settings, () => invocation.run(context, options))
    })
  }

  async runPictureMenu(
    name: string,
    pictures: readonly PictureSource[],
    origin: Origin,
    responder: Responder,
    { visibility, none = 'errors.noPicture' }: MenuUse = {},
  ): Promise<void> {
    const menu = this.commands.pictureMenu(name)
    const seenBy = visibility ?? menu?.visibility ?? 'person'
    await this.#guard(origin, responder, `${name}/menu`, seenBy, async (context, settings) => {
      if (!menu) throw new UserError('not-found', 'errors.noMenu')
      if (pictures.length === 0) throw new UserError('bad-picture', none)
      await this.#admitted(origin, name, settings, () => menu.run(context, pictures, seenBy))
    })
  }

  async press(
    { id, values = {}, chosen = [], message }: Press,
    origin: Origin,
    responder: Responder,
  ): Promise<void> {
    const found = this.commands.action(id)
    const { answers = 'person', seenBy = 'channel' } = found?.action ?? {}
    await this.#guard(origin, responder, id, answers === 'edit' ? seenBy : answers, async (context) => {
      if (!found) throw outdated()
      if (found.action.moderators) mustModerate(origin)
      await this.#cooldowns.pressing(origin, () =>
        found.action.run({ ...context, message }, [...found.args, ...chosen], values),
      )
    })
  }

  /** What is drawn on, and what the model makes of it untouched. @throws UserError as a press does. */
  async openSketch(id: string, origin: Origin): Promise<OpenSketch> {
    const { sketch, args } = this.#sketching(id)
    return sketch.open(await this.#sketchContext(origin), args)
  }

  /** What the model makes of a drawing so far. @throws UserError as a press does. */
  async lookAtSketch(id: string, drawing: Uint8Array, origin: Origin): Promise<SketchView> {
    const { sketch, args } = this.#sketching(id)
    return sketch.look(await this.#sketchContext(origin), args, drawing)
  }

  #sketching(id: string): { sketch: Sketching; args: readonly string[] } {
    const found = this.commands.action(id)
    if (!found?.action.sketch) throw outdated()
    return { sketch: found.action.sketch, args: found.args }
  }

  async #sketchContext(origin: Origin): Promise<SketchContext> {
    const settings = await this.#settingsOf?.(origin.place)
    const unspoken = { ...origin, services: servicesFor(origin, this.services), progress: () => {} }
    return spokenWith(unspoken, 'person', settings)
  }

  /** Suggestions for what is being typed; an unexpected error gives none, and is logged. */
  async complete(
    path: readonly string[],
    option: string,
    typed: string,
    origin: Typing,
  ): Promise<readonly Choice[]> {
    try {
      const context = this.#typing(origin)
      const declared = own(this.commands.invocation(path)?.options ?? {}, option)
      return declared?.type === 'text' ? ((await declared.complete?.(context, typed)) ?? []) : []
    } catch (error) {
      this.services.log.error({ err: error, path, option }, 'completion failed')
      return []
    }
  }

  /** What the commands tell of a community for a page about the bot; one that fails is left out, and logged. */
  async overview(origin: Typing): Promise<Element[]> {
    const context = this.#typing(origin)
    const told = this.commands.all.map(async (command) => {
      try {
        return (await command.overview?.(context)) ?? []
      } catch (error) {
        this.services.log.error({ err: error, command: command.name }, 'an overview failed')
        return []
      }
    })
    return (await Promise.all(told)).flat()
  }

  #typing(origin: Typing): CompletionContext {
    return { ...origin, t: translator(languageOf(origin.locale)), services: this.services }
  }

  /** Resolves when every command that is running has ended. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }

  /** Runs it if the moderators let it play here and the person's cooldown is over. */
  async #admitted(
    origin: Origin,
    command: string,
    settings: CommunitySettings | undefined,
    run: () => Promise<void>,
  ): Promise<void> {
    if (settings) mustPlayHere(settings, origin, command)
    await this.#cooldowns.within(origin, command, settings?.cooldown ?? 0, run)
  }

  async #guard(
    origin: Origin,
    responder: Responder,
    what: string,
    seenBy: Visibility,
    run: (context: Context<unknown>, settings: CommunitySettings | undefined) => Promise<void>,
  ): Promise<void> {
    const turn = new Turn(responder, this.services)
    const since = performance.now()
    const work = turn
      .take(origin, what, async (context) => {
        const settings = await this.#settingsOf?.(origin.place)
        if (settings) await rememberLocale(this.services.store, settings, origin)
        await run(spokenWith(context, seenBy, settings), settings)
      })
      .then((outcome) => {
        const name = what.split(/[ /]/)[0]
        // Names that people make up don't become labels: there would be no end of them.
        const command = this.commands.named(name)?.name ?? 'unknown'
        const seconds = (performance.now() - since) / 1000
        this.onEnded?.({ command, platform: origin.platform, outcome, seconds })
      })
    this.#running.add(work)
    await work.finally(() => this.#running.delete(work))
  }
}

function mustModerate(origin: Origin): void {
  if (!origin.person.moderator) throw new UserError('not-allowed', 'errors.notModerator')
}

/** The context with what is said in it: the person's name, and the languages of who will see it. */
function spokenWith<Given extends Unspoken | Omit<SketchContext, 't' | 'translators'>>(
  context: Given,
  seenBy: Visibility,
  settings: CommunitySettings | undefined,
) {
  const translators = {
    person: translator(languageOf(context.locale)),
    channel: translator(communityLanguage(settings ?? {}, context.communityLocale)),
  }
  const person = asCalled(context.person, settings)
  return { ...context, person, t: translators[seenBy], translators }
}
