import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Platform } from '../../../src/chat/platform.ts'
import type { Services } from '../../../src/chat/services.ts'
import { connectDiscord } from '../../../src/platforms/discord/connect.ts'
import { testCommands, text } from '../test-commands.ts'
import { DiscordServer, ids, token, type Answered, type Sent } from './discord-server.ts'
import { readComponents } from './read-components.ts'

/** We say things once, and whoever asks hears something, whatever becomes of Discord's answers. */
const server = new DiscordServer()
let platform: Platform
const place = { platform: 'discord', community: ids.guild, channel: ids.channel } as const
const log = pino({ level: 'silent' })
const often = { points: 1000, seconds: 1 }
beforeAll(async () => {
  await server.start()
  platform = await connectDiscord({
    token,
    // Of the services, the test commands need only the log.
    dispatcher: new Dispatcher(testCommands, { log } as Services, new Cooldowns(often, often)),
    store: { deleteScope: async () => 0, insertIfAbsent: async () => true },
    log,
    rest: { api: `${server.origin}/api`, version: '10' },
    origins: [server.origin],
  })
})
afterEach(() => {
  server.failEdit = undefined
  server.tokenMs = 15 * 60_000
  const unused = server.breaking.splice(0)
  const wrong = server.wrong.splice(0)
  if (unused.length + wrong.length > 0)
    throw new Error(`not broken off: ${unused.length}; wrong: ${wrong.join()}`)
})
afterAll(async () => {
  await platform.stop()
  await server.stop()
})

const breakOff = (call: RegExp, how: 'before' | 'after' | 'hang') => void server.breaking.push({ call, how })
const wordsOf = ({ components }: Sent) => readComponents(components).words
const sent = (words: string) => server.messages.filter((message) => wordsOf(message).includes(words))
const type = (name: string, more = {}): Answered => server.interact(2, { id: '1', name, type: 1 }, more)
const shown = async (asked: Answered, words: string) => {
  const find = () => asked.states.find((state) => wordsOf(state.sent).includes(words))
  await expect.poll(find).toBeDefined()
  return find()!
}
const press = (card: Sent, label: string) => {
  const { id } = readComponents(card.components).buttons.find((button) => button.label === label)!
  return server.interact(3, { custom_id: id, component_type: 2 }, { message: card })
}

describe('a message whose answer is lost', () => {
  test('is a daily post: it is there once, and found again', async () => {
    breakOff(/^POST .channels.3000.messages/, 'after')
    const ref = await platform.outbox.post(place, text('neuron of day one'), 'day one')
    expect(sent('neuron of day one').map(({ id }) => id)).toEqual([ref.message])
    expect(await platform.outbox.findPost(place, 'day one')).toEqual(ref)
    expect(await platform.outbox.findPost(place, 'day two')).toBeUndefined()
  })

  test('is a word to one person only', async () => {
    breakOff(/^POST .channels.3999.messages/, 'after')
    await platform.outbox.tell(place, ids.user, text('your schedule rests'))
    expect(sent('your schedule rests')).toHaveLength(1)
  })

  test('is an answer in the channel, because its token has expired', async () => {
    server.tokenMs = 0
    breakOff(/^POST .channels.3000.messages/, 'after')
    type('poll')
    await expect.poll(() => sent('What is it?').length).toBe(1)
    await platform.outbox.tell(place, ids.user, text('after that'))
    expect(sent('What is it?')).toHaveLength(1)
  })

  test('is a follow-up, which has no nonce: it is not sent again', async () => {
    const secret = await shown(type('whisper'), 'a secret')
    breakOff(/^POST .webhooks/, 'after')
    const pressed = press(secret.sent, 'Post it')
    await shown(pressed, 'Something went wrong')
    expect(pressed.states.filter((state) => wordsOf(state.sent).includes('no secret'))).toHaveLength(1)
  })
})

describe('an acknowledgement', () => {
  test.each(['after', 'hang'] as const)(
    'whose answer is lost (%s) is followed by the answer',
    async (how) => {
      breakOff(/^POST .interactions/, how)
      await shown(type('poll'), 'What is it?')
    },
  )
})

describe('an answer', () => {
  test('whose message was deleted comes as another', async () => {
    server.failEdit = { status: 404, code: 10_008 }
    const asked = type('poll')
    expect((await shown(asked, 'What is it?')).forOne).toBe(false)
    expect(asked.states.map((state) => wordsOf(state.sent)).join()).not.toContain('Something went wrong')
  })

  test.each(['poll', 'mistake', 'whisper'])(
    'that can be neither changed nor deleted still leaves nobody without a word: /%s',
    async (name) => {
      server.failEdit = { status: 403, code: 50_001 }
      const words = name === 'mistake' ? 'Please write another word.' : 'Something went wrong'
      expect((await shown(type(name), words)).forOne).toBe(true)
    },
  )

  test('for one person never goes to the channel, even when its token has expired', async () => {
    server.tokenMs = 0
    type('whisper')
    await expect.poll(() => sent('a secret').length).toBe(1)
    expect(sent('a secret').map((message) => message.channel_id)).toEqual(['3999'])
  })
})
