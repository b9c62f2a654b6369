import { createHash } from 'node:crypto'
import { pino } from 'pino'
import { type CardDrawer, createCardDrawer } from '../../src/cards/draw.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { parseActionId } from '../../src/chat/actions.ts'
import type { Command, Visibility } from '../../src/chat/command.ts'
import type { MessageRef, Place } from '../../src/chat/place.ts'
import { Cooldowns } from '../../src/chat/cooldown.ts'
import { Dispatcher } from '../../src/chat/dispatch.ts'
import type { Origin } from '../../src/chat/context.ts'
import { withoutMarkup } from '../../src/chat/markup.ts'
import type { MinuteTask } from '../../src/chat/minute-task.ts'
import type { PictureSource, Values } from '../../src/chat/options.ts'
import type { Outbox } from '../../src/chat/outbox.ts'
import { parseOptions, type RawOptions } from '../../src/chat/parse-options.ts'
import type { Button, Element, Picture, Progress, Reply } from '../../src/chat/reply.ts'
import type { Responder } from '../../src/chat/responder.ts'
import type { Services } from '../../src/chat/services.ts'
import type { Pack } from '../../src/clip/pack.ts'
import { openProbeSetOf, type ProbeItem, type ProbeSet } from '../../src/clip/probe-set.ts'
import type { Engine } from '../../src/jobs/engine.ts'
import { createEngine } from '../../src/jobs/in-process.ts'
import { KeptLabels } from '../../src/jobs/kept-labels.ts'
import { createCatalogue } from '../../src/neurons/catalogue.ts'
import { defaultCacheFolder } from '../../src/packs/folders.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { openStore } from '../../src/store/open.ts'
import { openHelpers, type Pool } from '../../src/threads/pool.ts'
import { emptyGallery, hasGallery, openGallery } from '../../src/visualization/gallery.ts'
import { pocketPack } from '../pocket-pack.ts'
import { remembering, rememberingCards, sketching } from './remembering.ts'

/** What one event led to, as the person who caused it saw it. */
export interface Answer {
  /** Who sees it; 'edit' if it replaced the message with the button. */
  readonly visibility: Visibility | 'edit'
  /** The last reply; undefined if it was refused. */
  readonly reply: Reply | undefined
  /** One sentence instead of a reply: the person's mistake, or a bug of ours. */
  readonly refused: string | undefined
  readonly followUps: readonly { readonly reply: Reply; readonly visibility: Visibility }[]
  readonly progress: readonly Progress[]
  readonly message: MessageRef
}

/** A message that the bot sent unasked. */
interface Post {
  readonly place: Omit<Place, 'channel'> & Partial<Place>
  readonly reply: Reply
}

/** The pocket pack, a store in memory, and commands: everything real but the platform. */
export interface Table {
  readonly services: Services
  readonly dispatcher: Dispatcher
  readonly posts: Post[]
  /** Sets the clock that commands see; from then on it stands still. */
  setTime(now: Date): void
  /** The same seed brings the same ids, and the same picks that commands make by them. */
  seed(text: string): void
  /** A person in a channel; the same names are the same person and place. @param more.now a clock of their own */
  person(
    name: string,
    more?: {
      community?: string
      channel?: string
      moderator?: boolean
      locale?: string
      communityLocale?: string
      now?: () => Date
    },
  ): Player
  close(): Promise<void>
}

/** What reading and computing takes; one test file finds it as another left it. */
type House = Pick<Services, 'engine' | 'catalogue' | 'probe' | 'gallery' | 'cards'>

/** @param own what is lent; no thread is started for that */
async function openHouse(pack: Pack, own: { engine?: Engine | undefined; cards?: CardDrawer | undefined }) {
  let { engine, cards } = own
  const closing: (() => Promise<void>)[] = []
  if (!engine || !cards) {
    const helpers = patient(openHelpers({ threads: 1 }))
    closing.push(() => helpers.close())
    cards ??= rememberingCards(createCardDrawer(helpers))
    if (!engine) {
      const log = pino({ level: 'silent' })
      const keptLabels = new KeptLabels(defaultCacheFolder(process.env), pack, log)
      const options = { pack, provider: 'cpu', threads: 1, helpers, keptLabels, queueLimit: 64, log } as const
      const made = await createEngine(options)
      closing.unshift(() => made.close())
      engine = remembering(sketching(made))
    }
  }
  const gallery = hasGallery(pack.folder) ? await openGallery(pack.folder) : emptyGallery(pack.folder)
  const house: House = {
    engine,
    catalogue: createCatalogue(pack),
    probe: keepingPictures(await openProbeSetOf(pack.folder)),
    gallery,
    cards,
  }
  const close = async (): Promise<void> => {
    for (const one of closing) await one()
  }
  return { house, close }
}

/** The pocket pack's, opened once in a process that runs many files: it takes a second, and keeps what it computed. */
let shared: Promise<House> | undefined
const sharedHouse = (): Promise<House> =>
  (shared ??= pocketPack()
    .then((pack) => openHouse(pack, {}))
    .then(({ house }) => house))

/**
 * Opens everything once for a test file.
 * @param changes services to use instead of the usual ones; these are not closed
 * @param pack another pack than the pocket pack, or one opened elsewhere
 */
export async function openTable(
  commands: readonly Command[],
  changes: Partial<Services> = {},
  pack?: Pack,
): Promise<Table> {
  const own = pack && (await openHouse(pack, changes))
  const house = own?.house ?? (await sharedHouse())
  const store = changes.store ?? (await openStore('sqlite::memory:'))
  const posts: Post[] = []
  let time: Date | undefined
  let nextId = idsFrom('table')
  const services: Services = {
    ...house,
    store,
    outbox: recordingOutbox(posts),
    now: () => time ?? new Date(),
    newId: () => nextId(),
    log: pino({ level: 'silent' }),
    ...changes,
  }
  const often = { points: 10_000, seconds: 60 }
  const dispatcherFor = (given: Services) =>
    new Dispatcher(commands, given, new Cooldowns(often, often), (place) => settingsOf(given.store, place))
  const dispatcher = dispatcherFor(services)
  return {
    services,
    dispatcher,
    posts,
    setTime: (now) => void (time = now),
    seed: (text) => void (nextId = idsFrom(text)),
    person: (name, { now, ...place } = {}) =>
      new Player(now ? dispatcherFor({ ...services, now }) : dispatcher, name, place),
    async close() {
      await own?.close()
      if (!changes.store) await store.close()
    },
  }
}

/** Services.newId, the same ids for the same seed. */
export function idsFrom(seed: string): () => string {
  let count = 0
  return () =>
    createHash('sha256')
      .update(`${seed} ${(count += 1)}`)
      .digest('hex')
      .slice(0, 32)
}

/** One minute's run of these tasks, in every community. */
export async function runTasks(services: Services, ...tasks: readonly MinuteTask[]): Promise<void> {
  for (const task of tasks) for (const scope of await services.store.scopes()) await task.run(services, scope)
}

/** With deadlines only for what hangs: however busy the machine is, a job ends as it does on an idle one. */
function patient(helpers: Pool): Pool {
  const jobs: Pool['jobs'] = helpers.jobs.bind(helpers)
  helpers.jobs = (file) => {
    const given = jobs<never>(file)
    return { run: (name, make, options) => given.run(name, make, { ...options, deadlineMs: 600_000 }) }
  }
  return helpers
}

/** A unit's pictures are on more sheets than are kept decoded: here each picture is cut out once. */
function keepingPictures(probe: ProbeSet): ProbeSet {
  const kept = new Map<ProbeItem, Promise<RawPicture>>()
  return {
    ...probe,
    picture(item) {
      const picture = kept.get(item) ?? probe.picture(item)
      kept.set(item, picture)
      return picture
    },
  }
}

/** Posts are found again by their key, and edited in place. */
function recordingOutbox(posts: Post[]): Outbox {
  const byKey = new Map<string, MessageRef>()
  return {
    async post(place, reply, key) {
      const message = { ...place, message: String(posts.push({ place, reply }) - 1) }
      byKey.set(JSON.stringify([place, key]), message)
      return message
    },
    findPost: async (place, key) => byKey.get(JSON.stringify([place, key])),
    edit: async ({ message, ...place }, reply) => void (posts[Number(message)] = { place, reply }),
    tell: async (place, _person, reply) => void posts.push({ place, reply }),
  }
}

let messages = 0

/** A person who types commands, presses buttons and fills in forms. */
export class Player {
  readonly origin: Origin
  /** Called the instant an answer is shown: from then on, what it acknowledges must not be lost. */
  onShown: () => void = () => {}
  readonly #dispatcher: Dispatcher

  constructor(
    dispatcher: Dispatcher,
    name: string,
    {
      community = 'home',
      channel = 'general',
      moderator = false,
      locale = 'en',
      communityLocale = 'en',
    } = {},
  ) {
    this.#dispatcher = dispatcher
    this.origin = {
      platform: 'playground',
      place: { platform: 'playground', community, channel },
      person: { id: name.toLowerCase(), name, moderator },
      locale,
      communityLocale,
      theme: 'light',
      signal: new AbortController().signal,
    }
  }

  /** @param line command, and subcommand where it has one: 'fool start' */
  run(line: string, options: RawOptions = {}): Promise<Answer> {
    const path = line.split(' ')
    const invocation = this.#dispatcher.commands.invocation(path)
    const parsed = parseOptions(invocation?.options ?? {}, options)
    return this.#record(invocation?.visibility ?? 'channel', undefined, (responder) =>
      this.#dispatcher.run(path, parsed, this.origin, responder),
    )
  }

  /** The menu of a message with these pictures. */
  menu(command: string, ...pictures: Uint8Array[]): Promise<Answer> {
    const sources = pictures.map((bytes) => pictureSource(bytes))
    return this.#record(
      this.#dispatcher.commands.pictureMenu(command)?.visibility ?? 'person',
      undefined,
      (responder) => this.#dispatcher.runPictureMenu(command, sources, this.origin, responder),
    )
  }

  /** Presses the button with this label; `fields` fill in the form that it opens. */
  press(answer: Answer, label: string | RegExp, fields: RawOptions = {}): Promise<Answer> {
    const found = buttonsOf(answer).find((button) =>
      typeof label === 'string' ? button.label === label : label.test(button.label),
    )
    if (!found) {
      const labels = buttonsOf(answer).map((button) => button.label)
      throw new Error(`There is no button ${label}, only: ${labels.join(', ')}`)
    }
    return this.pressId(found.id, answer.message, fields)
  }

  /** Presses a button known only by its id, on a message from before a restart. */
  pressId(id: string, on: MessageRef, fields: RawOptions = {}): Promise<Answer> {
    const form = this.#dispatcher.commands.form(id)
    return this.#act(id, on, form ? parseOptions(form.fields, fields) : {})
  }

  /** Chooses values of the answer's first select. */
  choose(answer: Answer, ...chosen: string[]): Promise<Answer> {
    const select = elementsOf(answer).find((element) => element.kind === 'select')
    if (!select) throw new Error('There is no select.')
    return this.#act(select.id, answer.message, {}, chosen)
  }

  /** Presses a point of the answer's picture that takes one. @param x, y 0 to 1 from the left and the top */
  tap(answer: Answer, x: number, y: number): Promise<Answer> {
    const id = elementsOf(answer).flatMap((element) => (element.kind === 'picture' && element.tap) || [])[0]
    if (id === undefined) throw new Error('There is no picture that takes a point.')
    return this.#act(id, answer.message, {}, [String(x), String(y)])
  }

  complete(line: string, option: string, typed: string) {
    return this.#dispatcher.complete(line.split(' '), option, typed, this.origin)
  }

  #act(id: string, on: MessageRef, values: Values, chosen: readonly string[] = []): Promise<Answer> {
    const answers = this.#dispatcher.commands.action(id)?.action.answers ?? 'person'
    if (!parseActionId(id)) throw new Error(`${id} is no action's id`)
    return this.#record(answers, answers === 'edit' ? on : undefined, (responder) =>
      this.#dispatcher.press({ id, values, chosen, message: on }, this.origin, responder),
    )
  }

  async #record(
    visibility: Answer['visibility'],
    edited: MessageRef | undefined,
    run: (responder: Responder) => Promise<void>,
  ): Promise<Answer> {
    const next = (): MessageRef => ({ ...this.origin.place, message: String((messages += 1)) })
    const message = edited ?? next()
    const followUps: { reply: Reply; visibility: Visibility }[] = []
    const progress: Progress[] = []
    let reply: Reply | undefined
    let refused: string | undefined
    await run({
      progressEveryMs: 10,
      show: async (shown) => {
        reply = shown
        this.onShown()
        return message
      },
      async showProgress(shown) {
        progress.push(shown)
      },
      async followUp(shown, to) {
        followUps.push({ reply: shown, visibility: to })
        return next()
      },
      async refuse(sentence) {
        refused = sentence
      },
    })
    return { visibility, reply, refused, followUps, progress, message }
  }
}

export const pictureSource = (bytes: Uint8Array, name = 'picture.png'): PictureSource => ({
  name,
  read: async () => bytes,
})

function elementsOf({ reply, refused }: Answer): readonly Element[] {
  if (!reply) throw new Error(`There is no reply; it was refused: ${refused}`)
  return reply.elements
}

export const buttonsOf = (answer: Answer): Button[] =>
  elementsOf(answer).flatMap((element) => (element.kind === 'buttons' ? element.buttons : []))

export const labelsOf = (answer: Answer): string[] => buttonsOf(answer).map(({ label }) => label)

export const picturesOf = (answer: Answer): Picture[] =>
  elementsOf(answer).flatMap((element) =>
    element.kind === 'picture' ? [element.picture] : element.kind === 'gallery' ? element.pictures : [],
  )

/** Everything that can be read in an answer, without what its pictures show. */
export const textOf = (answer: Answer): string =>
  elementsOf(answer)
    .flatMap((element) => {
      if (element.kind === 'fields') return element.fields.map(({ name, value }) => `${name}: ${value}`)
      return 'text' in element ? [element.text] : []
    })
    .map(withoutMarkup)
    .join('\n')

/** This name as words in a sentence: "hat" is not in "What it shows". */
export const inText = (name: string): RegExp =>
  new RegExp(`(?<!\\p{L})${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?!\\p{L})`, 'iu')
