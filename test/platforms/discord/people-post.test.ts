import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AttachmentFlags } from 'discord.js'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commands } from '../../../commands/index.ts'
import { scheduleRecord } from '../../../commands/spotlight/records.ts'
import { allowChannel, settingsOf } from '../../../src/chat/community.ts'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Platform } from '../../../src/chat/platform.ts'
import { connectDiscord } from '../../../src/platforms/discord/connect.ts'
import { projectRoot } from '../../../src/root.ts'
import { openTable, type Table } from '../../commands/harness.ts'
import { DiscordServer, ids, posted, token, type Answered } from './discord-server.ts'
import { readComponents } from './read-components.ts'

/** What people post on Discord, from public reports about such bots. */
const server = new DiscordServer()
let table: Table
let platform: Platform
let cactus: Buffer
const scope = { platform: 'discord', community: ids.guild } as const
beforeAll(async () => {
  await server.start()
  table = await openTable(commands)
  const log = pino({ level: 'silent' })
  const often = new Cooldowns({ points: 1000, seconds: 1 }, { points: 1000, seconds: 1 })
  const { store } = table.services
  platform = await connectDiscord({
    token,
    dispatcher: new Dispatcher(commands, { ...table.services, log }, often, (place) =>
      settingsOf(store, place),
    ),
    store,
    log,
    rest: { api: `${server.origin}/api`, version: '10' },
    origins: [server.origin],
  })
  cactus = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))
})
afterEach(() => {
  server.failEdit = undefined
  const wrong = server.wrong.splice(0)
  if (wrong.length > 0) throw new Error(wrong.join('\n'))
})
afterAll(async () => {
  await platform.stop()
  await table.close()
  await server.stop()
})

const wordsOf = (asked: Answered) =>
  asked.states.map(({ sent }) => readComponents(sent.components).words).join('\n')
const cardsOf = (asked: Answered) =>
  new Set(asked.states.filter(({ sent }) => sent.attachments.length > 0).map(({ sent }) => sent.id))
const cards = (asked: Answered, count: number) => expect.poll(() => cardsOf(asked).size).toBe(count)
const told = (asked: Answered, words: string | RegExp) => expect.poll(() => wordsOf(asked)).toMatch(words)

const thread = {
  channel_id: '3001',
  channel: { id: '3001', type: 11, guild_id: ids.guild, parent_id: ids.channel, name: 'thread' },
}
const picture = (name = 'cat.jpg') => server.upload(name, cactus, 'image/jpeg')
const heic = () =>
  server.upload(
    'one.heic',
    Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic')]),
    'image/heic',
  )
const neurons = (more = {}) => {
  const file = picture()
  const options = [{ name: 'picture', type: 11, value: file.id }]
  return server.interact(
    2,
    { id: '1', name: 'neurons', type: 1, options, resolved: { attachments: { [file.id]: file } } },
    more,
  )
}
const ben = { id: ids.other, username: 'ben', discriminator: '0', avatar: null }
const menu = (attachments: object[], more = {}) => {
  const message = { ...posted({ id: '777', author: ben, attachments }), ...more }
  return server.interact(2, {
    id: '1',
    name: 'Which neurons fire?',
    type: 3,
    target_id: '777',
    resolved: { messages: { 777: message } },
  })
}
const mention = (attachments: object[], more = {}) =>
  server.say({ content: `look <@${ids.bot}>`, attachments, more })

describe.each([
  ['the menu of a message', menu],
  ['a mention', mention],
])('%s', (_, post) => {
  test('with several pictures, one that cannot be read does not hide the others', async () => {
    const asked = post([heic(), picture()])
    await told(asked, /one\.heic: .*HEIC/)
    await cards(asked, 1)
  })

  test('a text file that calls itself a picture does not hide the picture after it', async () => {
    const asked = post([server.upload('notes.png', Buffer.from('hello'), 'image/png'), picture()])
    await told(asked, /notes\.png: .*text file/)
    await cards(asked, 1)
  })

  test('if none can be read, one answer names each of them', async () => {
    const asked = post([heic(), server.upload('notes.png', Buffer.from('hello'), 'image/png')])
    await told(asked, /one\.heic: .*HEIC[^]*notes\.png: .*text file/)
  })

  test('a picture whose kind Discord does not name is recognised by its bytes', async () => {
    const { content_type: _none, ...file } = picture('picture')
    await cards(post([file]), 1)
  })

  test('an embed has a sentence of its own', async () => {
    const embeds = [
      { type: 'image', url: 'https://example.com', thumbnail: { url: 'https://example.com/cat.jpg' } },
    ]
    await told(post([], { embeds }), 'is on another site')
  })

  test('a sticker has a sentence of its own', async () => {
    await told(
      post([], { sticker_items: [{ id: '5', name: 'wave', format_type: 1 }] }),
      'I can’t look at stickers',
    )
  })
})

describe('a message', () => {
  test('that does not mention the bot, or comes from a bot, is left alone', async () => {
    const others = server.say({ content: 'hello', attachments: [picture()] })
    const bots = mention([picture()], { author: { ...ben, bot: true } })
    await cards(mention([picture()]), 1)
    expect([others.states, bots.states]).toEqual([[], []])
  })

  test('to the bot alone needs no mention', async () => {
    const direct = {
      channel_id: '3999',
      channel_type: 1,
      guild_id: undefined,
      member: undefined,
      content: '',
      attachments: [picture()],
      mentions: [],
    }
    await cards(server.say({ more: direct }), 1)
  })

  test('is answered for all to see: there is nothing left to post', async () => {
    const asked = mention([picture()])
    await cards(asked, 1)
    const { buttons } = readComponents(asked.states.at(-1)!.sent.components)
    expect(buttons.map(({ label }) => label)).not.toContain('Post it here')
  })
})

test('a picture behind a spoiler stays behind one, even when it is posted for all', async () => {
  const hidden = (asked: Answered) =>
    JSON.stringify(asked.states.at(-1)!.sent.components).includes('"spoiler":true')
  const asked = menu([picture('SPOILER_cat.jpg')])
  await cards(asked, 1)
  const card = asked.states.at(-1)!.sent
  const { id } = readComponents(card.components).buttons.find(({ label }) => label === 'Post it here')!
  const posted = server.interact(3, { custom_id: id, component_type: 2 }, { message: card, forOne: true })
  await cards(posted, 1)
  const flagged = menu([{ ...picture(), flags: AttachmentFlags.IsSpoiler }])
  await cards(flagged, 1)
  const open = menu([picture()])
  await cards(open, 1)
  expect([asked, posted, flagged, open].map(hidden)).toEqual([true, true, true, false])
})

test('a message that was deleted while the answer was in the making is no error of ours', async () => {
  server.failEdit = { status: 404, code: 10_008 }
  const asked = neurons()
  await cards(asked, 1)
  expect(wordsOf(asked)).not.toContain('Something went wrong')
})

describe('if the moderators chose a channel', () => {
  const choose = (allowed: boolean) => allowChannel(table.services.store, scope, ids.channel, allowed)
  beforeEach(() => choose(true))
  afterEach(() => choose(false))

  test('that includes its threads and forum posts', async () => {
    await cards(neurons({ over: thread }), 1)
  })

  test('that does not include the threads of others', async () => {
    const other = { channel_id: '3002', channel: { ...thread.channel, id: '3002', parent_id: '3998' } }
    await told(neurons({ over: other }), 'The moderators chose other channels for me')
  })

  test('/settings and /spotlight list mention it so that Discord shows its name', async () => {
    const schedule = { time: { hour: 9, minute: 0 }, zone: 'UTC', days: [1], since: 0 }
    await table.services.store.set(scheduleRecord, scope, [ids.channel], schedule)
    const permissions = String(1n << 5n)
    const ask = (name: string, options: object[]) =>
      server.interact(2, { id: '1', name, type: 1, options }, { permissions, over: thread })
    for (const asked of [ask('settings', []), ask('spotlight', [{ type: 1, name: 'list', options: [] }])])
      await expect.poll(() => JSON.stringify(asked.states)).toContain(`<#${ids.channel}>`)
    await table.services.store.delete(scheduleRecord, scope, [ids.channel])
  })
})
