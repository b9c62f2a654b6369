import { createRequire } from 'node:module'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Platform } from '../../../src/chat/platform.ts'
import type { Services } from '../../../src/chat/services.ts'
import { createLog } from '../../../src/log.ts'
import { connectDiscord } from '../../../src/platforms/discord/connect.ts'
import { draw, step, testCommands } from '../test-commands.ts'
import { documentIsThere, wrongWith } from './validate.ts'
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
const removed: string[] = []
const deleteScope = async ({ community }: { community: string }) => removed.push(community)

const connect = () =>
  connectDiscord({
    token,
    // Of the services, the test commands need only the log.
    dispatcher: new Dispatcher(
      testCommands,
      { log } as Services,
      new Cooldowns({ points: 1000, seconds: 1 }, { points: 1000, seconds: 1 }),
    ),
    store: { deleteScope, insertIfAbsent: async () => true },
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

const until = (what: () => boolean) => expect.poll(what).toBe(true)

const wordsOf = (message: Sent | undefined) => JSON.stringify(message?.components ?? [])

async function command(name: string, options: object[] = [], more = {}): Promise<Answered> {
  return server.interact(2, { id: '1', name, type: 1, options, ...more })
}

describe('Discord, with the stock discord.js over the real protocol', () => {
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

  test('work that outlasts the interaction becomes a plain message in the channel', async () => {
    const slow = await command('slow')
    await until(() => slow.acknowledgedAfterMs !== undefined)
    server.tokenMs = 0
    await step()
    await step()
    await until(() => server.messages.some((message) => wordsOf(message).includes('done at last')))
    server.tokenMs = 15 * 60_000
  })

  test('sends pictures even when Slack’s undici was loaded first', async () => {
    const slacks = createRequire(createRequire(import.meta.url).resolve('@slack/socket-mode'))('undici')
    const before = slacks.getGlobalDispatcher()
    slacks.setGlobalDispatcher(new slacks.Agent())
    const picture = server.upload('cat.png', (await draw('cat', 'navy')).bytes)
    const options = [{ name: 'picture', type: 11, value: picture.id }]
    const data = {
      id: '1',
      name: 'neurons',
      type: 1,
      options,
      resolved: { attachments: { [picture.id]: picture } },
    }
    const asked = server.interact(2, data)
    await until(() => asked.states.length > 0)
    slacks.setGlobalDispatcher(before)
    expect(asked.states[0]!.sent.attachments).toHaveLength(1)
  })

  test('posts that nobody asked for: sent once for a key, found again; a channel that is gone is reported', async () => {
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

  test('a community that removes the bot has its data deleted; one out of reach keeps it', async () => {
    server.dispatch('GUILD_DELETE', { id: ids.guild, unavailable: true })
    server.dispatch('GUILD_DELETE', { id: ids.guild })
    await until(() => removed.length > 0)
    expect(removed).toEqual([ids.guild])
  })

  test('a missing permission is named to whoever asked', async () => {
    const viewOnly = String(1n << 10n)
    const answered = server.interact(2, { id: '1', name: 'poll', type: 1 }, { appPermissions: viewOnly })
    await until(() => answered.original !== undefined)
    expect(answered.ephemeral).toBe(true)
    expect(answered.original!.content).toContain('Attach Files and Embed Links')
  })

  test.skipIf(!documentIsThere)(
    "Discord's own document checks the bodies (skipped if ../shared lacks it)",
    () => {
      const wrong = wrongWith('POST', '/channels/{channel_id}/messages', {
        embeds: [{ title: 'x'.repeat(257) }],
      })
      expect(wrong.join()).toContain('256 characters')
    },
  )

  test('every body was valid, and no token is in the log', () => {
    expect(server.wrong).toEqual([])
    expect(lines.join()).not.toContain(token)
    expect(lines.length).toBeGreaterThan(20)
  })
})
