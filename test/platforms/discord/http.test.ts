import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { defineCommand } from '../../../src/chat/define.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Services } from '../../../src/chat/services.ts'
import { connectDiscord, type DiscordSetup } from '../../../src/platforms/discord/connect.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { testCommands, text } from '../test-commands.ts'
import { DiscordServer, ids, token } from './discord-server.ts'
import { readComponents } from './read-components.ts'
import { send, SigningKeys } from './signing-keys.ts'

const server = new DiscordServer()
const keys = new SigningKeys()
const log = pino({ level: 'silent' })
const often = { points: 1000, seconds: 1 }
let store: Store
beforeAll(async () => {
  await server.start()
  store = await openStore('sqlite::memory:')
})
afterAll(async () => {
  await store.close()
  await server.stop()
})

let runs = 0
const count = defineCommand({
  name: 'count',
  description: 'Counts its runs',
  async run(context) {
    runs += 1
    await context.reply(text(`run ${runs}`))
  },
})

const connect = (more: Partial<DiscordSetup>) =>
  connectDiscord({
    token,
    // Of the services, the test commands need only the log.
    dispatcher: new Dispatcher([...testCommands, count], { log } as Services, new Cooldowns(often, often)),
    store,
    log,
    rest: { api: `${server.origin}/api`, version: '10' },
    origins: [server.origin],
    ...more,
  })
const http = async () => ({ publicKey: keys.publicKey, host: '127.0.0.1', port: await freePort() })

describe('the endpoint', () => {
  test('answers PING, and refuses what Discord has not signed, or signed long ago', async () => {
    const setup = await http()
    const platform = await connect({ http: setup })
    const ping = JSON.stringify({ id: '1', type: 1 })
    const status = async (headers: Record<string, string>, body = ping) =>
      (await send(setup.port, body, headers)).status
    const answered = await send(setup.port, ping, keys.headers(ping))
    expect([answered.status, await answered.json()]).toEqual([200, { type: 1 }])
    expect(await status({})).toBe(401)
    expect(await status({ ...keys.headers(ping), 'x-signature-ed25519': 'no' })).toBe(401)
    expect(await status(keys.headers(ping), `${ping} `)).toBe(401)
    expect(await status(new SigningKeys().headers(ping))).toBe(401)
    for (const minutes of [-6, 6])
      expect(await status(keys.headers(ping, Date.now() + minutes * 60_000))).toBe(401)
    const long = JSON.stringify({ id: '1', type: 1, more: 'x'.repeat(1 << 20) })
    expect(await status(keys.headers(long), long)).toBe(413)
    await platform.stop()
  })

  test('of two processes takes an interaction only once, however often it comes', async () => {
    const [one, two] = [await http(), await http()]
    const platforms = [await connect({ http: one }), await connect({ http: two })]
    server.endpoint = async (interaction) => {
      for (const { port } of [one, two, one]) await keys.post(port, interaction)
    }
    for (let n = 1; n <= 3; n += 1) {
      const asked = server.interact(2, { id: '1', name: 'count', type: 1 })
      await expect.poll(() => asked.states.length).toBeGreaterThan(0)
      expect(runs).toBe(n)
    }
    server.endpoint = undefined
    for (const platform of platforms) await platform.stop()
    expect(server.wrong).toEqual([])
  })

  test('posts unasked, before anybody has asked anything, and finds the post again', async () => {
    const platform = await connect({ http: await http() })
    const { outbox } = platform
    const place = { platform: 'discord', community: ids.guild, channel: ids.channel } as const
    const ref = await outbox.post(place, text('good morning'), 'day one')
    expect(await outbox.findPost(place, 'day one')).toEqual(ref)
    expect(server.messages.map(({ components }) => readComponents(components).words.trim())).toEqual([
      'good morning',
    ])
    await platform.stop()
  })

  test('a malformed key is refused at the start', async () => {
    await expect(connect({ http: { ...(await http()), publicKey: 'abc' } })).rejects.toThrow(
      'DISCORD_PUBLIC_KEY',
    )
  })
})

test('a process serves the shards it is given, out of as many as there are', async () => {
  const before = server.shards.length
  const platform = await connect({ shards: { served: [2], of: 4 } })
  expect(server.shards.slice(before)).toEqual([[2, 4]])
  await platform.stop()
})
