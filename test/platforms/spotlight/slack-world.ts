import { commands } from '../../../commands/index.ts'
import type { AskedOnSlack } from '../slack/slack-people.ts'
import { SlackPeople } from '../slack/slack-people.ts'
import { SlackServer, type State } from '../slack/slack-server.ts'
import { spawnBot } from '../slack/bot-process.ts'
import { textOf, valuesOf } from '../slack/block-rules.ts'
import type { Json } from '../slack/http.ts'
import { withoutLabels, World, type Post, type Told } from './world.ts'

export class SlackWorld extends World {
  readonly #server = new SlackServer()
  readonly #people = new SlackPeople(this.#server, commands, { kind: 'socket' })
  readonly scope = { platform: 'slack', community: this.#people.team }

  override async open(): Promise<void> {
    await this.#server.start()
    await super.open()
  }

  override async close(): Promise<void> {
    await super.close()
    await this.#server.stop()
  }

  protected spawn() {
    return spawnBot(this.#server, this.storeUrl)
  }

  protected server() {
    return [this.#server.origin, this.#server.apiUrl]
  }

  wrong(): readonly string[] {
    return this.#server.wrong
  }

  async command(name: string, subcommand: string, options: Readonly<Record<string, string>>): Promise<Told> {
    return told(await this.#people.run([name, subcommand], options, 'mo'), 'The next one comes')
  }

  async posts(): Promise<readonly Post[]> {
    const states = this.#server.states.filter(
      ({ channel, onlyFor }) => channel === this.#server.channels.games && onlyFor === undefined,
    )
    return states.map((state) => ({
      id: state.id,
      buttons: buttonsOf(state),
      pictures: state.blocks.filter(({ type }) => type === 'image').length,
      said: withoutLabels(state),
    }))
  }

  async press({ id, buttons }: Post, n: number): Promise<Told> {
    const shown = { id, words: '', pictures: [], buttons: [], choices: [], files: [], forOne: false }
    return told(await this.#people.press(shown, buttons[n]!.label, 'ben'), 'unit')
  }
}

const buttonsOf = ({ blocks }: State) =>
  blocks
    .flatMap((block) => (block['elements'] ?? []) as Json[])
    .filter(({ type }) => type === 'button')
    .map((button) => ({
      id: textOf(button['action_id']),
      label: textOf(valuesOf(button['text'], 'text')[0]),
    }))

async function told(asked: AskedOnSlack, words: string): Promise<Told> {
  const shown = await asked.shown(words)
  return { words: shown.words, forOne: shown.forOne }
}
