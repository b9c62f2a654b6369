import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askable } from '../../../commands/question/ask.ts'
import { shownRecord } from '../../../commands/spotlight/records.ts'
import { askingFacets } from '../../../commands/question/looks.ts'
import type { CommunitySettings } from '../../../src/chat/community.ts'
import { openPack } from '../../../src/clip/pack.ts'
import { createCatalogue } from '../../../src/neurons/catalogue.ts'
import { english } from '../../../src/language.ts'
import { projectRoot } from '../../../src/root.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Scope, Store } from '../../../src/store/store.ts'
import { openGallery } from '../../../src/visualization/gallery.ts'
import { compiled } from '../../compiled.ts'
import { BotProcess } from '../bot-process.ts'

/** One of the bot's messages in the channel. */
export interface Post {
  readonly id: string
  /** In the order of the choices. */
  readonly buttons: readonly { readonly id: string; readonly label: string }[]
  readonly pictures: number
  /** Everything in it that the platform was sent, apart from its buttons' labels. */
  readonly said: string
}

/** What a person was answered. */
export interface Told {
  readonly words: string
  readonly forOne: boolean
}

/** The channel of a community on a platform, its people, and the one bot that serves it. */
export abstract class World {
  abstract readonly scope: Scope
  readonly folder = mkdtempSync(join(tmpdir(), 'spotlight-real-'))
  readonly storeUrl = `sqlite://${join(this.folder, 'store.db')}`
  store!: Store
  #bot: BotProcess | undefined
  #time: number | undefined
  /** Bots so far: each has ids of its own. */
  #started = 0

  /** @param time the time that a bot is told, in ms since 1970; without it, the bot uses the machine's clock */
  constructor(time?: number) {
    this.#time = time
  }

  /** Everything but the bot. */
  async open(): Promise<void> {
    this.store = await openStore(this.storeUrl)
    await this.#showAllButReady()
  }

  async close(): Promise<void> {
    await this.#bot?.end('SIGKILL')
    await this.store.close()
    rmSync(this.folder, { recursive: true })
  }

  /** Starts the bot's process without waiting for it. @param mode of one that is told the time, see child.ts */
  async start(mode = ''): Promise<void> {
    if (this.#time === undefined) this.#bot = this.spawn()
    else {
      const file = compiled('test/platforms/spotlight/child.ts')
      const seed = String((this.#started += 1))
      const given = [this.scope.platform, this.storeUrl, String(this.#time), seed, mode, ...this.server()]
      this.#bot = new BotProcess({
        argv: [file, ...given],
        ready: /the bot is ready(?: at (\S+), owned at (\S+))?\n/,
      })
    }
  }

  /** Tells the bot the time. @returns whether it has survived what was due */
  tick(time: number): Promise<boolean> {
    this.#time = time
    return this.#bot!.tick(time)
  }

  async serves(): Promise<void> {
    await this.connected(await this.#bot!.serves())
  }

  async kill(): Promise<void> {
    await this.#bot?.end('SIGKILL')
  }

  /** As it runs for real. */
  protected abstract spawn(): BotProcess
  /** Where the platform is: its origin, and its API if that is elsewhere. */
  protected abstract server(): readonly string[]
  protected async connected(_said: RegExpExecArray): Promise<void> {}

  /** What is wrong with what the platform was sent. */
  abstract wrong(): readonly string[]
  /** A moderator types it in the channel. @returns what they were told */
  abstract command(name: string, subcommand: string, options: Readonly<Record<string, string>>): Promise<Told>
  /** Everything the bot has posted for everybody in the channel. */
  abstract posts(): Promise<readonly Post[]>
  /** A member presses the nth button. */
  abstract press(post: Post, n: number): Promise<Told>

  /**
   * The community has seen every unit but those with pictures in the gallery: drawing one takes both cores
   * for up to a minute, and this is about the clock.
   */
  async #showAllButReady(): Promise<void> {
    const units = await notReady
    await Promise.all(
      units.map((unit) => this.store.set(shownRecord, this.scope, ['0', String(unit)], { round: 0, unit })),
    )
  }
}

const notReady = unitsNotReady()

/** Units whose pictures would have to be drawn, and those whose names are in every post's text. */
async function unitsNotReady(): Promise<number[]> {
  const pack = await openPack(join(projectRoot, 'models', 'pocket'))
  const gallery = await openGallery(pack.folder)
  const said = JSON.stringify([
    english('spotlight.title'),
    english('spotlight.ask'),
    english('spotlight.hidden', { model: '' }),
    english('spotlight.alt'),
    ...askingFacets.map((facet) => english('spotlight.altOfKind', { kind: english(`words.facet.${facet}`) })),
  ]).toLowerCase()
  return askable(createCatalogue(pack), { sensitive: false } as CommunitySettings)
    .filter(({ unit, name }) => {
      const ready = [undefined, ...askingFacets].every((facet) => gallery.find(unit, facet))
      return !ready || said.includes(name.toLowerCase())
    })
    .map(({ unit }) => unit)
}

/** JSON without what buttons are called. */
export const withoutLabels = (sent: unknown): string =>
  JSON.stringify(sent, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && ('custom_id' in value || 'action_id' in value)
      ? { ...value, label: '', text: '' }
      : value,
  )
