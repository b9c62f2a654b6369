import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { commands } from '../../../commands/index.ts'
import { addScore } from '../../../commands/scores/record.ts'
import { projectRoot } from '../../../src/root.ts'
import { openHome } from '../../commands/home.ts'
import { SlackPeople, type Mode } from './slack-people.ts'
import { valuesOf } from './block-rules.ts'
import { until } from './http.ts'
import { SlackServer } from './slack-server.ts'
import { startBot, type Bot } from './start.ts'

/** The bot's own commands with the real engine, over signed HTTP. */
const server = new SlackServer()
const { services } = openHome(commands)
let bot: Bot
let people: SlackPeople
let cactus: Buffer

beforeAll(async () => {
  await server.start()
  const mode: Mode = { kind: 'http', port: await freePort() }
  bot = await startBot(server, mode, { commands, services: services() })
  people = new SlackPeople(server, commands, mode)
  cactus = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))
})
afterAll(async () => {
  await bot.platform.stop()
  await bot.store.close()
  await server.stop()
})

/** The picture as somebody's camera takes it: with noise, of at least that many bytes. */
async function heavy(picture: Uint8Array, bytes: number): Promise<Buffer> {
  const side = Math.ceil(Math.sqrt(bytes / 1.2))
  const noise = { type: 'gaussian', mean: 0, sigma: 12 } as const
  const grain = await sharp({ create: { width: side, height: side, channels: 3, background: 'grey', noise } })
    .png()
    .toBuffer()
  const resized = await sharp(picture).resize(side, side, { fit: 'cover' }).toBuffer()
  return sharp(resized)
    .composite([{ input: grain, blend: 'soft-light' }])
    .png()
    .toBuffer()
}

test('/neurons with a picture of over 5 MB, then the heat map of another unit', async () => {
  const picture = await heavy(cactus, 5_500_000)
  expect(picture.length).toBeGreaterThan(5_000_000)
  const card = await (await people.run(['neurons'], { picture })).shown('This name is wrong')
  expect(card.pictures[0]!.alt).toContain('cactus')
  expect(card.buttons).toContain('Cactus')
  const [one, another] = card.buttons
  const first = await (await people.press(card, one!)).shown('This name is wrong')
  const changed = await (await people.press(first, another!)).shown('This name is wrong')
  expect(changed.id).toBe(card.id)
  expect(changed.pictures[0]!.alt).not.toBe(first.pictures[0]!.alt)
})

test('the shortcut looks at a message’s picture for one person, who can post it', async () => {
  const card = await (await people.menu('Which neurons fire?', [cactus])).shown('This name is wrong')
  expect(card.forOne).toBe(true)
  const posted = await (await people.press(card, 'Post it here')).shown('This name is wrong')
  expect(posted.forOne).toBe(false)
})

test('a text with the name of a picture is told as such', async () => {
  const asked = await people.run(['neurons'], { picture: Buffer.from('hello, I am no picture') })
  expect((await asked.shown('This file is a text file')).forOne).toBe(true)
})

test('/neuron completes its argument, and /help lists what members may type', async () => {
  const suggested = await people.complete(['neuron'], 'which', 'cact')
  expect(suggested.join()).toContain('cactus')
  const help = await (await people.run(['help'])).shown('/neurons')
  expect(help.words).not.toContain('/settings')
  const one = await (await people.run(['help'], { command: 'neuron' })).shown('/neuron')
  expect(one.words).toContain('/neuron which:')
})

test('App Home shows the standings of the community, and nobody else’s', async () => {
  const { store } = services()
  const score = { name: 'Ada', game: 'guess', points: 7, at: Date.now(), detail: 'a question' } as const
  const scopeOf = (community: string) => ({ platform: 'slack', community }) as const
  await addScore(store, scopeOf('T000000001'), 'event 1', { ...score, person: server.users.ada })
  await addScore(store, scopeOf('T000000002'), 'event 1', { ...score, person: 'U9', name: 'Somebody else' })
  await people.event({ type: 'app_home_opened', user: server.users.ada, channel: 'D1', tab: 'home' })
  const home = () => server.views.findLast(({ user }) => user === server.users.ada)
  await until(() => home() !== undefined, 'no home was published')
  const words = valuesOf(home()!.view, 'text').join('\n')
  expect(words).toMatch(/1 +Ada +7 +guess 7/)
  expect(words).not.toContain('Somebody else')
})

test('nothing that was sent to Slack was wrong', () => {
  expect(server.wrong).toEqual([])
})
