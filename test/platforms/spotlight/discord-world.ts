import { vi } from 'vitest'
import { spawnBot } from '../discord/bot-process.ts'
import { DiscordServer, ids, type Answered, type Sent } from '../discord/discord-server.ts'
import { readComponents } from '../discord/read-components.ts'
import { withoutLabels, World, type Post, type Told } from './world.ts'

const manageGuild = String(1n << 5n)

export class DiscordWorld extends World {
  readonly scope = { platform: 'discord', community: ids.guild }
  readonly #server = new DiscordServer()

  override async open(): Promise<void> {
    await this.#server.start()
    await super.open()
  }

  override async close(): Promise<void> {
    await super.close()
    await this.#server.stop()
  }

  protected spawn() {
    return spawnBot(this.#server, this.storeUrl.replace('sqlite://', ''))
  }

  protected server() {
    return [this.#server.origin]
  }

  wrong(): readonly string[] {
    return this.#server.wrong
  }

  command(name: string, subcommand: string, options: Readonly<Record<string, string>>): Promise<Told> {
    const given = Object.entries(options).map(([option, value]) => ({ name: option, type: 3, value }))
    const data = { id: '1', name, type: 1, options: [{ type: 1, name: subcommand, options: given }] }
    return told(this.#server.interact(2, data, { permissions: manageGuild }))
  }

  async posts(): Promise<readonly Post[]> {
    return this.#sent().map((sent) => {
      const { buttons, pictures } = readComponents(sent.components)
      return { id: sent.id, buttons, pictures: pictures.length, said: withoutLabels(sent) }
    })
  }

  press({ id, buttons }: Post, n: number): Promise<Told> {
    const message = this.#sent().find((sent) => sent.id === id)!
    const data = { custom_id: buttons[n]!.id, component_type: 2 }
    return told(this.#server.interact(3, data, { user: ids.other, message }))
  }

  #sent(): Sent[] {
    return this.#server.messages.filter(({ channel_id: channel }) => channel === ids.channel)
  }
}

/** The answer, once it is more than progress. */
const told = (answered: Answered): Promise<Told> =>
  vi.waitFor(
    () => {
      const { sent, forOne } = answered.states.findLast(({ sent }) => sent.components.length > 0)!
      return { words: readComponents(sent.components).words, forOne }
    },
    { timeout: 600_000, interval: 20 },
  )
