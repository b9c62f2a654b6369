import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Platform } from '../../../src/chat/platform.ts'
import type { Services } from '../../../src/chat/services.ts'
import { createLog } from '../../../src/log.ts'
import { connectDiscord } from '../../../src/platforms/discord/connect.ts'
import { draw, testCommands } from '../test-commands.ts'
import { DiscordServer, ids, token, type Answered, type Sent } from './discord-server.ts'

const server = new DiscordServer()
const lines: string[] = []
const output = new Writable({
  write(line: Buffer, _encoding, done) {
    lines.push(line.toString())
    done()
  },
})
const log = createLog({ level: 'debug', secrets: [token], output })
let platform: Platform

const connect = () =>
  connectDiscord({
    token,
    // What the test commands need of the services is the log alone.
    dispatcher: new Dispatcher(
      testCommands,
      { log } as Services,
      new Cooldowns({ points: 1000, seconds: 1 }, { points: 1000, seconds: 1 }),
    ),
    log,
    rest: { api: `${server.origin}/api`, version: '10' },
    origins: [server.origin],
  })

beforeAll(async () => {
  await server.start()
  platform = await connect()
})

afterAll(async () => {
  await platform.stop()
  await server.stop()
})

const until = (what: () => boolean) => expect.poll(what, { timeout: 10_000, interval: 20 }).toBe(true)

const wordsOf = (message: Sent | undefined) => JSON.stringify(message?.components ?? [])

async function command(name: string, options: object[] = [], more = {}): Promise<Answered> {
  return server.interact(2, { id: '1', name, type: 1, options, ...more })
}

async function settled(answered: Answered, words: string): Promise<Sent> {
  await until(() => [answered.original, ...answered.followUps].some((sent) => wordsOf(sent).includes(words)))
  return [answered.original, ...answered.followUps].find((sent) => wordsOf(sent).includes(words))!
}

describe('Discord, by the stock discord.js over the real protocol', () => {
  test('registers slash commands and the menu entry; a second start changes nothing', async () => {
    expect(server.commands.map(({ name }) => name)).toContain('contest')
    expect(server.commands.find(({ type }) => type === 3)?.name).toBe('Which neurons fire?')
    const before = server.calls.length
    await (await connect()).stop()
    const writes = server.calls
      .slice(before)
      .filter((call) => /^(POST|PATCH|DELETE|PUT) .*commands/.test(call))
    expect(writes).toEqual([])
    platform = await connect()
  })

  test('a picture by slash command becomes a card with alt text, and a button redraws it in place', async () => {
    const { bytes } = await draw('upload', 'grey')
    const attachment = server.upload('cat.png', bytes)
    const answered = server.interact(2, {
      id: '1',
      name: 'neurons',
      type: 1,
      options: [{ name: 'picture', type: 11, value: attachment.id }],
      resolved: { attachments: { [attachment.id]: attachment } },
    })
    const card = await settled(answered, 'fires most')
    expect(card.attachments[0]).toMatchObject({
      filename: 'spider.png',
      description: 'The word spider on darkred.',
    })
    const id = /neurons\/heat\/34[^"]*/.exec(wordsOf(card))![0]
    const pressed = server.interact(3, { custom_id: id, component_type: 2 }, { message: card })
    const redrawn = await settled(pressed, 'train')
    expect(redrawn.attachments[0]!.filename).toBe('train.png')
  })

  test('every element shows', async () => {
    const sent = await settled(await command('everything'), 'small print')
    for (const words of [
      '## A heading',
      '**bold** _italic_ `code`',
      'attachment://one.png',
      'Model',
      '12.4 σ',
      'Ada',
      'poll/ask',
      'poll/choose',
      'attachment://scores.csv',
      '-# small print',
    ]) {
      expect(wordsOf(sent)).toContain(words)
    }
  })

  test('the menu of a message with a picture answers the person alone', async () => {
    const { bytes } = await draw('menu', 'grey')
    const attachment = server.upload('dog.png', bytes)
    const message = {
      id: '77',
      channel_id: ids.channel,
      content: '',
      attachments: [attachment],
      embeds: [],
      mentions: [],
      mention_roles: [],
      components: [],
      author: { id: ids.other, username: 'bob', discriminator: '0', avatar: null },
      timestamp: new Date().toISOString(),
      edited_timestamp: null,
      tts: false,
      mention_everyone: false,
      pinned: false,
      type: 0,
    }
    const answered = server.interact(2, {
      id: '2',
      name: 'Which neurons fire?',
      type: 3,
      target_id: '77',
      resolved: { messages: { 77: message } },
    })
    await settled(answered, 'fires most')
    expect(answered.ephemeral).toBe(true)
  })

  test('slow work shows progress by edits and finishes in place', async () => {
    const answered = await command('slow')
    await settled(answered, 'done at last')
    expect(answered.followUps).toEqual([])
  })

  test('work that outlasts the interaction becomes a plain message in the channel', async () => {
    server.tokenMs = 200
    await command('slow')
    await until(() => server.messages.some((message) => wordsOf(message).includes('done at last')))
    server.tokenMs = 15 * 60_000
  })

  test("a person's mistake is told to them alone, a fault shows an id and no detail", async () => {
    const mistake = await command('mistake')
    await settled(mistake, 'Please write another word.')
    expect(mistake.deleted).toBe(true)
    const fault = await settled(await command('fault'), 'this number')
    expect(wordsOf(fault)).not.toContain('secret detail')
  })

  test('completion, a form and a select', async () => {
    const completing = server.interact(4, {
      id: '1',
      name: 'mistake',
      type: 1,
      options: [{ name: 'word', type: 3, value: 'spi', focused: true }],
    })
    await until(() => completing.choices !== undefined)
    expect(completing.choices).toEqual([
      { name: 'the word spider', value: 'spider' },
      { name: 'the word spindle', value: 'spindle' },
    ])
    const poll = await settled(await command('poll'), 'poll/ask')
    const asked = server.interact(3, { custom_id: 'poll/ask', component_type: 2 }, { message: poll })
    await until(() => asked.modal !== undefined)
    expect(asked.modal).toMatchObject({ custom_id: 'poll/ask', title: 'Your answer' })
    const components = [
      { type: 18, id: 1, component: { type: 4, id: 2, custom_id: 'name', value: 'Spidey' } },
      { type: 18, id: 3, component: { type: 3, id: 4, custom_id: 'sure', values: ['very'] } },
    ]
    await settled(
      server.interact(5, { custom_id: 'poll/ask', components }, { message: poll }),
      'answered Spidey very',
    )
    const everything = await settled(await command('everything'), 'small print')
    const chose = server.interact(
      3,
      { custom_id: 'poll/choose', component_type: 3, values: ['b'] },
      { message: everything },
    )
    await settled(chose, 'chose b')
    expect(chose.ephemeral).toBe(true)
  })

  test('moderators alone run what is theirs', async () => {
    const end = [{ name: 'end', type: 1, options: [] }]
    await settled(await command('contest', end), 'Only moderators can do this.')
    const asModerator = server.interact(
      2,
      { id: '1', name: 'contest', type: 1, options: end },
      { permissions: String(1n << 5n) },
    )
    await settled(asModerator, 'ended')
  })

  test('posts that nobody asked for: sent once for a key, found again, and a channel that is gone is told', async () => {
    const place = { platform: 'discord', community: ids.guild, channel: ids.channel } as const
    const reply = { elements: [{ kind: 'text', text: 'good morning' } as const] }
    const first = await platform.outbox.post(place, reply, 'day 1')
    expect(await platform.outbox.post(place, reply, 'day 1')).toEqual(first)
    expect(await platform.outbox.findPost(place, 'day 1')).toEqual(first)
    expect(await platform.outbox.findPost(place, 'day 2')).toBeUndefined()
    await expect(platform.outbox.post({ ...place, channel: '9' }, reply, 'x')).rejects.toThrow(
      'The channel is gone.',
    )
  })

  test('every body was valid, every first answer fast, and no token stands in the log', () => {
    expect(server.wrong).toEqual([])
    expect(lines.join()).not.toContain(token)
    expect(lines.length).toBeGreaterThan(20)
  })
})
