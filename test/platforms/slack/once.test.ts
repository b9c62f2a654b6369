import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import type { Place } from '../../../src/chat/place.ts'
import { careful } from '../../../src/platforms/slack/client.ts'
import { draw, testCommands, text } from '../test-commands.ts'
import { until } from './http.ts'
import { post, sign, SlackPeople, type Mode } from './slack-people.ts'
import { SlackServer } from './slack-server.ts'
import { startBot, type Bot } from './start.ts'

/** What Slack says twice is answered once; we say things once, whatever becomes of Slack's answer. */
const server = new SlackServer()
let bot: Bot
let people: SlackPeople
let mode: Mode & { kind: 'http' }
let place: Place
beforeAll(async () => {
  await server.start()
  mode = { kind: 'http', port: await freePort() }
  bot = await startBot(server, mode)
  people = new SlackPeople(server, testCommands, mode)
  place = { platform: 'slack', community: people.team, channel: server.channels.games }
})
afterEach(() => {
  server.failing.clear()
  server.breaking.clear()
  server.mustBeContent()
})
afterAll(async () => {
  await bot.platform.stop()
  await bot.store.close()
  await server.stop()
})

const said = (words: string) => server.states.filter((state) => state.text.includes(words))
const callsOf = (method: string) => server.calls.filter((call) => call.method === method).length

describe('a message whose answer is lost', () => {
  test('is a daily post: it is found, and is there once', async () => {
    server.breaking.set('chat.postMessage', ['after'])
    const sent = await bot.platform.outbox.post(place, text('neuron of day one'), 'day one')
    expect(said('neuron of day one').map(({ id }) => id)).toEqual([sent.message])
  })

  test('is a daily post that cannot be looked up: it is left open, and not posted again', async () => {
    server.breaking.set('chat.postMessage', ['after'])
    server.failing.set('conversations.history', 'missing_scope')
    await expect(bot.platform.outbox.post(place, text('neuron of day two'), 'day two')).rejects.toThrow(
      'fetch failed',
    )
    server.failing.clear()
    expect(said('neuron of day two')).toHaveLength(1)
    expect(await bot.platform.outbox.findPost(place, 'day two')).toMatchObject({ channel: place.channel })
  })

  test('is the answer to a command', async () => {
    server.breaking.set('chat.postMessage', ['after'])
    await (await people.run(['poll'])).shown('What is it?')
    expect(said('What is it?')).toHaveLength(1)
  })

  test('is the answer in a thread', async () => {
    server.breaking.set('chat.postMessage', ['after'])
    const since = server.states.length
    await (await people.mention([(await draw('cat', 'navy')).bytes])).shown('fires most')
    const cards = server.states.slice(since).filter((state) => state.text.includes('fires most'))
    expect(new Set(cards.map(({ id }) => id)).size).toBe(1)
  })

  test('is a word to one person only', async () => {
    server.breaking.set('chat.postMessage', ['after'])
    await bot.platform.outbox.tell(place, server.users.ada, text('your schedule rests'))
    expect(said('your schedule rests')).toHaveLength(1)
  })
})

test('an answer that never arrived is sent again', async () => {
  server.breaking.set('chat.postMessage', ['before'])
  const since = server.states.length
  await (await people.run(['poll'])).shown('What is it?')
  expect(server.states.slice(since)).toHaveLength(1)
})

test('a post that never arrived is left to the next check, perhaps by another process', async () => {
  server.breaking.set('chat.postMessage', ['before'])
  await expect(bot.platform.outbox.post(place, text('neuron of day three'), 'day three')).rejects.toThrow(
    'fetch failed',
  )
  expect(await bot.platform.outbox.findPost(place, 'day three')).toBeUndefined()
  expect(said('neuron of day three')).toEqual([])
})

describe('what lasts until somebody does something', () => {
  test.each([
    ['is_archived', 'unarchive it'],
    ['restricted_action', 'Only some people may post'],
    ['restricted_action_read_only_channel', 'Only some people may post'],
    ['token_expired', 'no longer takes my token'],
    ['token_revoked', 'no longer takes my token'],
    ['account_inactive', 'no longer takes my token'],
    ['missing_scope', 'install me again'],
  ])('%s is reported as such, for posts and answers alike, and tried once', async (code, sentence) => {
    server.failing.set('chat.postMessage', code)
    const before = callsOf('chat.postMessage')
    await expect(bot.platform.outbox.post(place, text('x'), code)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(sentence),
    })
    expect(callsOf('chat.postMessage')).toBe(before + 1)
    expect((await (await people.run(['poll'])).shown(sentence)).forOne).toBe(true)
  })
})

describe('what Slack repeats', () => {
  const form = 'application/x-www-form-urlencoded'
  const typed = async (): Promise<string> =>
    new URLSearchParams({
      command: '/poll',
      text: '',
      team_id: people.team,
      channel_id: server.channels.games,
      user_id: server.users.ada,
      trigger_id: await server.trigger(server.users.ada),
      response_url: server.responseUrl(server.channels.games, server.users.ada),
    }).toString()
  /** Everything taken so far has been answered. */
  const settled = async () => void (await (await people.run(['mistake'])).shown('another word'))

  test('a slash command whose signature is still good is answered once', async () => {
    const since = server.states.length
    const body = await typed()
    const headers = sign(body)
    for (let n = 0; n < 3; n += 1) expect((await post(mode.port, form, body, headers)).status).toBe(200)
    await until(
      () => server.states.slice(since).some((state) => state.text.includes('What is it?')),
      'no answer',
    )
    await settled()
    expect(server.states.slice(since).filter((state) => state.text.includes('What is it?'))).toHaveLength(1)
  })

  test('a request dated ahead is refused just like an old one', async () => {
    const body = await typed()
    const since = server.states.length
    expect((await post(mode.port, form, body, sign(body, Date.now() + 6 * 60_000))).status).toBe(401)
    await settled()
    expect(server.states.slice(since).filter((state) => state.text.includes('What is it?'))).toEqual([])
  })

  test('an event, in another process of the bot, is answered once', async () => {
    const port = await freePort()
    const other = await startBot(server, { kind: 'http', port }, { setup: { store: bot.store } })
    const since = server.states.length
    const body = JSON.stringify({
      type: 'event_callback',
      team_id: people.team,
      api_app_id: 'A0001',
      event: {
        type: 'app_mention',
        user: server.users.ada,
        text: 'hi',
        ts: '1.2',
        channel: server.channels.games,
      },
      event_id: 'Ev-twice',
      event_time: 1700000000,
      authorizations: [{ team_id: people.team, user_id: 'UBOT', is_bot: true }],
    })
    const retried = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' }
    expect((await post(mode.port, 'application/json', body, sign(body))).status).toBe(200)
    expect((await post(port, 'application/json', body, { ...sign(body), ...retried })).status).toBe(200)
    await until(
      () => server.states.slice(since).some((state) => state.text.includes('no picture')),
      'no answer',
    )
    await settled()
    await other.platform.stop()
    await other.store.close()
    expect(server.states.slice(since).filter((state) => state.text.includes('no picture'))).toHaveLength(1)
  })
})

describe('a call to Slack', () => {
  const answers = (statuses: number[], asked: string[] = []) => ({
    asked,
    send: async (url: string | URL) => {
      asked.push(String(url).split('/').at(-1)!)
      return new Response('{}', { status: statuses.shift() ?? 200, headers: { 'retry-after': '0' } })
    },
  })
  const api = (method: string) => `https://slack.com/api/${method}`

  test('that hangs is ended, and repeated only if that is harmless', async () => {
    const asked: string[] = []
    const hangs = careful((url, init) => {
      asked.push(String(url).split('/').at(-1)!)
      return new Promise((_, reject) =>
        init!.signal!.addEventListener('abort', () => reject(new Error('no answer'))),
      )
    }, 10)
    await expect(hangs(api('chat.postMessage'))).rejects.toThrow('no answer')
    await expect(hangs(api('users.info'))).rejects.toThrow('no answer')
    expect(asked).toEqual(['chat.postMessage', 'users.info', 'users.info', 'users.info'])
  })

  test('that fails is repeated only if that is harmless; after a rate limit, always', async () => {
    const post = answers([502])
    expect((await careful(post.send as never)(api('chat.postMessage'))).status).toBe(502)
    const look = answers([502])
    expect((await careful(look.send as never)(api('users.info'))).status).toBe(200)
    const limited = answers([429])
    expect((await careful(limited.send as never)(api('chat.postMessage'))).status).toBe(200)
    expect([post.asked.length, look.asked.length, limited.asked.length]).toEqual([1, 2, 2])
  })
})
