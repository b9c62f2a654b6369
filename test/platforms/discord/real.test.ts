import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '../../../src/root.ts'
import { atLength } from '../../examples.ts'
import { shortPack } from '../../short-pack.ts'
import type { BotProcess } from '../bot-process.ts'
import { startBotProcess } from './bot-process.ts'
import { DiscordServer, ids, token, type Answered, type Sent } from './discord-server.ts'
import { readComponents } from './read-components.ts'

const server = new DiscordServer()
let bot: BotProcess
let store: string
let pack: string
let cactus: Buffer

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'neuron-games-'))
  store = join(folder, 'store.db')
  pack = await shortPack(folder)
  cactus = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))
  await server.start()
  bot = await startBotProcess(server, store, pack)
})

afterAll(async () => {
  await bot.end('SIGTERM')
  await server.stop()
})

function neurons(bytes: Uint8Array, user: string = ids.user, type = 'image/jpeg'): Answered {
  const file = server.upload('picture.jpg', bytes, type)
  const options = [{ name: 'picture', type: 11, value: file.id }]
  return server.interact(
    2,
    { id: '1', name: 'neurons', type: 1, options, resolved: { attachments: { [file.id]: file } } },
    { user },
  )
}

const press = (id: string, message: Sent): Answered =>
  server.interact(3, { custom_id: id, component_type: 2 }, { message })

/** The latest state of an answer, once it has one of these buttons. */
async function answered(asked: Answered, button: RegExp): Promise<Sent> {
  const buttonsOf = () => readComponents(asked.states.at(-1)?.sent.components ?? []).buttons
  await expect.poll(() => buttonsOf().some(({ id }) => button.test(id))).toBe(true)
  return asked.states.at(-1)!.sent
}

async function told(asked: Answered, words: string): Promise<void> {
  const shown = () => asked.states.map(({ sent }) => readComponents(sent.components).words).join('\n')
  // Drawing takes long while others draw, too.
  await expect.poll(shown).toContain(words)
}

const heat = (card: Sent) =>
  readComponents(card.components).buttons.filter(({ id }) => id.startsWith('neurons/heat'))

describe('the real bot on Discord', () => {
  test('/neurons with a picture of 5 MB shows what fires, including the right unit', async () => {
    const noise = await sharp(cactus).resize(2400).toBuffer({ resolveWithObject: true })
    // Bytes after the end of a JPEG are not part of the picture, but have to be downloaded.
    const large = Buffer.concat([noise.data, randomBytes(5 * 1024 * 1024 - noise.data.length)])
    const card = await answered(neurons(large), /neurons\/heat/)
    expect(heat(card).map(({ label }) => label)).toContain('Cactus')
    expect(card.attachments[0]!.description).toMatch(/cactus/)
    expect((await sharp(server.file(card.attachments[0]!.url)).metadata()).width).toBe(720)
  })

  test.runIf(atLength)('a heat-map button works after the bot was killed and started again', async () => {
    const card = await answered(neurons(cactus), /neurons\/heat/)
    await bot.end('SIGKILL')
    bot = await startBotProcess(server, store, pack)
    const second = heat(card)[1]!
    const redrawn = await answered(press(second.id, card), /neurons\/heat/)
    expect(redrawn.id).toBe(card.id)
    expect(server.file(redrawn.attachments[0]!.url)).not.toEqual(server.file(card.attachments[0]!.url))
    expect(redrawn.attachments[0]!.description).toMatch(new RegExp(`^Where ${second.label} fires`, 'i'))
  })

  test('two people at once each get their own answer; a wrong file is refused in one sentence', async () => {
    const pizza = await readFile(join(projectRoot, 'assets/contest/pizza.jpg'))
    const asked = [
      neurons(cactus),
      neurons(pizza, ids.other),
      neurons(Buffer.from('hello'), ids.user),
    ] as const
    const [first, second] = await Promise.all([
      answered(asked[0], /heat/),
      answered(asked[1], /heat/),
      told(asked[2], 'text file'),
    ])
    expect(heat(first).map(({ label }) => label)).toContain('Cactus')
    expect(heat(second).map(({ label }) => label)).not.toContain('Cactus')
  })

  test('/neuron completes a name, and shows its page', async () => {
    await page()
  })

  test.skipIf(!atLength)(
    'the page leads to a visualisation that takes longer than three seconds',
    async () => {
      const shown = await page()
      const fresh = readComponents(shown.components).buttons.find(({ id }) =>
        id.startsWith('neuron/visualize'),
      )!
      await told(press(fresh.id, shown), 'σ')
    },
  )

  async function page(): Promise<Sent> {
    const options = [{ name: 'which', type: 3, value: 'spid', focused: true }]
    const completing = server.interact(4, { id: '1', name: 'neuron', type: 1, options })
    await expect.poll(() => completing.choices?.length ?? 0).toBeGreaterThan(0)
    const { value } = completing.choices!.find(({ name }) => name.startsWith('spider'))!
    return answered(
      server.interact(2, { id: '1', name: 'neuron', type: 1, options: [{ name: 'which', type: 3, value }] }),
      /neuron\/visualize/,
    )
  }

  test('every body was valid, and no token is in the log of the whole run', () => {
    expect(server.wrong).toEqual([])
    expect(bot.log()).not.toContain(token)
    expect(bot.log().length).toBeGreaterThan(1000)
  })
})
