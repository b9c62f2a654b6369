import { vi } from 'vitest'
import { messageKind, scope } from '../../../src/platforms/playground/message.ts'
import { BrowserClient, elementOf, wordsOf } from '../playground/browser-client.ts'
import { spawnBot } from '../playground/bot-process.ts'
import { withoutLabels, World, type Post, type Told } from './world.ts'

export class PlaygroundWorld extends World {
  readonly scope = scope
  #mo: BrowserClient | undefined
  #ben: BrowserClient | undefined

  protected spawn() {
    return spawnBot(this.folder)
  }

  protected override async connected([, url = '', ownerUrl = '']: RegExpExecArray): Promise<void> {
    if (this.#mo && this.#ben) for (const browser of [this.#mo, this.#ben]) browser.moveTo(url)
    else {
      this.#mo = await BrowserClient.open(url)
      this.#ben = await BrowserClient.open(url)
      await this.#mo.own(ownerUrl)
      await this.#mo.post('/api/me', { moderator: true })
    }
  }

  protected server() {
    return []
  }

  wrong(): readonly string[] {
    return []
  }

  command(name: string, subcommand: string, options: Readonly<Record<string, string>>): Promise<Told> {
    return told(this.#mo!, () => this.#mo!.run(`${name} ${subcommand}`, options))
  }

  /** From the store: there even while the bot is dead. */
  async posts(): Promise<readonly Post[]> {
    const messages = await this.store.list(messageKind, scope)
    return messages
      .map(({ value }) => value)
      .filter(({ author, onlyFor, elements }) => author.bot && onlyFor === undefined && elements)
      .map((message) => ({
        id: message.id,
        buttons: elementOf(message, 'buttons').buttons,
        pictures: elementOf(message, 'gallery').pictures.length,
        said: withoutLabels({
          ...message,
          elements: message.elements!.filter(({ kind }) => kind !== 'buttons'),
        }),
      }))
  }

  press({ id, buttons }: Post, n: number): Promise<Told> {
    return told(this.#ben!, () => this.#ben!.post('/api/press', { message: id, id: buttons[n]!.id }))
  }
}

async function told(browser: BrowserClient, ask: () => ReturnType<BrowserClient['post']>): Promise<Told> {
  const known = new Set((await browser.state()).messages.map(({ id }) => id))
  const { status, body } = await ask()
  if (status !== 200) throw new Error(JSON.stringify(body))
  return vi.waitFor(
    async () => {
      const news = (await browser.state()).messages.filter(({ id }) => !known.has(id))
      const answer = news.find(({ author, elements }) => author.bot && elements)!
      return { words: wordsOf(answer), forOne: answer.onlyFor !== undefined }
    },
    { timeout: 600_000, interval: 50 },
  )
}
