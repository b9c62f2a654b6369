import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import { commands } from '../../../commands/index.ts'
import { projectRoot } from '../../../src/root.ts'
import { openTable, type Table } from '../../commands/harness.ts'
import { valuesOf } from './block-rules.ts'
import { until, type Json } from './http.ts'
import { SlackPeople, type Mode } from './slack-people.ts'
import { SlackServer } from './slack-server.ts'
import { startBot, type Bot } from './start.ts'

/** What people type and post on Slack, from public reports about such bots. */
const server = new SlackServer()
let table: Table
let bot: Bot
let people: SlackPeople
let cactus: Buffer
beforeAll(async () => {
  await server.start()
  table = await openTable(commands)
  const mode: Mode = { kind: 'http', port: await freePort() }
  bot = await startBot(server, mode, { commands, services: table.services })
  people = new SlackPeople(server, commands, mode)
  cactus = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))
})
afterEach(() => {
  server.failing.clear()
  server.mustBeContent()
})
afterAll(async () => {
  await bot.platform.stop()
  await bot.store.close()
  await table.close()
  await server.stop()
})

const mention = (more: Json) =>
  people.event({
    type: 'app_mention',
    user: server.users.ada,
    text: '<@bot>',
    ts: '1700000000.000002',
    channel: server.channels.games,
    event_ts: '1700000000.000002',
    ...more,
  })
const picture = (name = 'cat.jpg') => server.upload(name, cactus, 'image/jpeg')
const heic = () =>
  server.upload(
    'one.heic',
    Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic')]),
    'image/heic',
  )
type Asked = Awaited<ReturnType<typeof mention>>
/** How many messages show the picture's card. */
const cardsIn = (asked: Asked) =>
  new Set(
    asked.states.filter(({ blocks }) => blocks.some(({ type }) => type === 'image')).map(({ id }) => id),
  ).size
const shown = (asked: Asked, words: string | RegExp) =>
  until(
    () => asked.states.some((state) => JSON.stringify([state.text, state.blocks]).match(words)),
    `nothing shows ${String(words)}: ${JSON.stringify(asked.states.map(({ text }) => text))}`,
  )
const cards = (asked: Asked, count: number) =>
  until(
    () => cardsIn(asked) === count,
    `not ${count} cards: ${JSON.stringify(asked.states.map(({ text }) => text))}`,
  )

describe('a command', () => {
  test.each(['Board', 'BOARD', 'board'])(
    'a phone writes the first word in capitals: /fool %s',
    async (typed) => {
      await (await people.type('/fool', typed)).shown('There hasn’t been a contest')
    },
  )

  test('names its options in capitals, too', async () => {
    const view = await (await people.type('/neurons', 'Top:3')).modal()
    const field = (view['blocks'] as Json[]).find((block) => block['block_id'] === 'top')!['element'] as Json
    expect(field['initial_value']).toBe('3')
  })

  test('that needs one more word says which there are; so it does for any other word', async () => {
    expect(await (await people.type('/fool', '')).shown('/fool start, /fool write')).toMatchObject({
      forOne: true,
    })
    await (
      await people.type('/fool', 'dance')
    ).shown('There is no command "/fool dance"; there is /fool start')
  })

  test.each(['constructor', '__proto__', 'toString'])(
    '/fool %s is not a command, and not a bug of ours',
    async (typed) => {
      await (await people.type('/fool', typed)).shown('There is no command')
    },
  )

  test('comes with entities for three characters, which are read as they were typed', async () => {
    await (await people.type('/neuron', 'which:R&amp;B')).shown('R&B')
    await (await people.type('/neuron', 'x y&amp;z:1')).shown('x y&z:1')
    await (await people.type('/neuron', 'which:"&lt;!channel&gt; &amp;amp;"')).shown('<!channel> &amp;')
  })
})

describe('a picture', () => {
  test('in a Slack Connect channel comes as an id only, and is asked for', async () => {
    const { id } = await picture()
    const file = { id, created: 0, timestamp: 0, mode: 'file_access', file_access: 'check_file_info' }
    await cards(await mention({ files: [file] }), 1)
  })

  test('in a Slack Connect channel that we may not see is reported as such', async () => {
    server.failing.set('files.info', 'file_not_found')
    const file = { id: 'F0', mode: 'file_access', file_access: 'check_file_info' }
    await shown(await mention({ files: [file] }), 'does not let me see')
  })

  test('that isn’t on Slack is reported as such', async () => {
    const file = { id: 'F1', name: 'cat.jpg', mimetype: 'image/jpeg', mode: 'external', is_external: true }
    const more = { url_private: 'https://drive.example.com/cat.jpg' }
    await shown(await mention({ files: [{ ...file, ...more }] }), 'isn’t on Slack')
  })

  test('in a link is on another site', async () => {
    await shown(
      await mention({ attachments: [{ image_url: 'https://example.com/cat.jpg' }] }),
      'on another site',
    )
  })

  test('that the workspace’s plan hides is reported as such', async () => {
    const file = { id: 'F2', name: 'cat.jpg', mimetype: 'image/jpeg', mode: 'hidden_by_limit' }
    await shown(await mention({ files: [file] }), 'Slack hides this picture')
  })

  test('of no named kind is recognised by its bytes', async () => {
    await cards(await mention({ files: [{ ...(await picture()), mimetype: '' }] }), 1)
  })

  test('that cannot be read does not hide the others, nor does a text file that calls itself one', async () => {
    const text = await server.upload('notes.png', Buffer.from('hello'), 'image/png')
    const asked = await mention({ files: [await heic(), text, await picture()] })
    await shown(asked, /one\.heic: .*HEIC.*notes\.png: .*text file/)
    await cards(asked, 1)
  })

  test('above a thread is what a mention in the thread is about', async () => {
    server.parents.set('1600000000.000001', [await picture()])
    const asked = await mention({ thread_ts: '1600000000.000001' })
    await cards(asked, 1)
    expect(asked.states.at(-1)!.thread ?? '1600000000.000001').toBe('1600000000.000001')
  })

  test('above a thread that we may not read counts as none', async () => {
    server.failing.set('conversations.replies', 'missing_scope')
    await shown(await mention({ thread_ts: '1600000000.000002' }), 'no picture')
  })

  test('in a mention is answered for all to see: there is nothing left to post', async () => {
    const asked = await mention({ files: [await picture(), await picture('dog.jpg')] })
    await cards(asked, 2)
    expect(asked.states.filter(({ onlyFor }) => onlyFor !== undefined)).toEqual([])
    expect(valuesOf(asked.states.at(-1)!.blocks, 'text')).not.toContain('Post it here')
  })
})

test.each(['is_archived', 'restricted_action'])(
  'a channel that takes no messages (%s) is reported as such',
  async (code) => {
    server.failing.set('chat.postMessage', code)
    const asked = await people.type('/guess', '')
    await until(() => asked.states.length > 0, 'nothing was told')
    expect(asked.states.map(({ text }) => text).join()).not.toContain('Something went wrong')
  },
)
