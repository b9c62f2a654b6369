import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../free-port.ts'
import type { Context } from '../../../src/chat/context.ts'
import { defineActions } from '../../../src/chat/actions.ts'
import { defineCommand, subcommand } from '../../../src/chat/define.ts'
import { allowChannel } from '../../../src/chat/community.ts'
import { atLength, some } from '../../examples.ts'
import { draw, step, testCommands, text } from '../test-commands.ts'
import { valuesOf } from './block-rules.ts'
import { post, sign, SlackPeople, type Mode } from './slack-people.ts'
import { until, type Json } from './http.ts'
import { SlackServer, tokens } from './slack-server.ts'
import { startBot, type Bot } from './start.ts'

/** Shows its progress several times; in the long run for more than Slack's three seconds, like a visualisation. */
async function longRun(context: Context): Promise<void> {
  for (let step = 0; step < 10; step += 1) {
    context.progress({ text: 'Drawing', fraction: step / 10 })
    await wait(atLength ? 500 : 250)
  }
  await context.reply(text('drawn at last'))
}

const cornerActions = defineActions('corner', { tell: {} })

/** What is difficult only on Slack. */
const more = defineCommand({
  name: 'corner',
  description: 'What only Slack makes difficult',
  async run(context) {
    const buttons = [{ id: cornerActions.id('tell'), label: 'Tell me' }]
    await context.reply({
      elements: [
        { kind: 'text', text: 'a card for all' },
        { kind: 'buttons', buttons },
      ],
    })
  },
  actions: cornerActions.answeredBy({
    tell: {
      answers: 'person',
      async run(context) {
        context.progress({ text: 'Thinking' })
        await wait(100)
        await context.reply(text('told you alone'))
        await context.reply(text('told you again'))
      },
    },
  }),
})

const long = defineCommand({
  name: 'long',
  description: 'Takes ten steps',
  subcommands: {
    all: subcommand({ description: 'For all', run: longRun }),
    alone: subcommand({ description: 'For one', visibility: 'person', run: longRun }),
  },
})

const commands = [...testCommands, more, long]
const server = new SlackServer()
let bot: Bot
let people: SlackPeople
let mode: Mode & { kind: 'http' }

beforeAll(async () => {
  await server.start()
  mode = { kind: 'http', port: await freePort() }
  bot = await startBot(server, mode, { commands })
  people = new SlackPeople(server, commands, mode)
})
afterEach(() => server.mustBeContent())
afterAll(async () => {
  await bot.platform.stop()
  await bot.store.close()
  await server.stop()
})

const png = async (): Promise<Uint8Array> => (await draw('cat', 'navy')).bytes
const elementIn = (view: Json, name: string): Json =>
  (view['blocks'] as { block_id: string; element: Json }[]).find((block) => block.block_id === name)!.element

describe('a slash command that lacks something opens a modal', () => {
  test('a picture comes by file_input; what was typed is already filled in', async () => {
    const view = await (await people.type('/neurons', 'top:3')).modal()
    expect(elementIn(view, 'picture')).toMatchObject({ type: 'file_input', max_files: 1 })
    expect(elementIn(view, 'top')).toMatchObject({
      type: 'number_input',
      initial_value: '3',
      max_value: '12',
    })
  })

  test('an argument with completion is an external_select that offers and takes suggestions', async () => {
    const view = await (await people.type('/unit', '')).modal()
    const { action_id: id } = elementIn(view, 'which')
    expect(id).toBe('complete/unit/which')
    expect(await people.complete(['unit'], 'which', 'tr')).toEqual(['train (unit 34)'])
    const chosen = { type: 'external_select', selected_option: { value: '34' } }
    expect(await (await people.submit(view, { which: chosen })).shown('unit 34')).toBeDefined()
  })

  test('a typing mistake is reported at once, and nothing opens', async () => {
    const opened = server.views.length
    const told = await (await people.type('/neurons', 'top:many')).shown('"top" takes a whole number')
    expect(told.forOne).toBe(true)
    expect(server.views).toHaveLength(opened)
  })

  test('nothing is asked for if everything was typed, even with Slack’s curly quotes', async () => {
    const asked = await people.type('/contest', 'start “school bus” ink:much')
    expect(await asked.shown('contest for school bus, much ink')).toBeDefined()
  })

  test('a subcommand that does not exist is reported', async () => {
    const told = await (await people.type('/contest', 'stop')).shown('There is no command "/contest stop"')
    expect(told.forOne).toBe(true)
  })
})

describe('pictures', () => {
  test('a mention with a picture is answered in its thread', async () => {
    const asked = await people.mention([await png()])
    const card = await asked.shown('spider fires most')
    expect(card.forOne).toBe(false)
    expect(asked.states.at(-1)!.thread).toBe('1700000000.000002')
  })

  test('a mention without a picture is answered in its place, for that person alone', async () => {
    expect((await (await people.mention([])).shown('no picture')).forOne).toBe(true)
  })

  test('a picture in a direct message is looked at', async () => {
    const file = await server.upload('cat.png', await png())
    const message = {
      type: 'message',
      subtype: 'file_share',
      channel_type: 'im',
      channel: server.channels.games,
    }
    const asked = await people.event({
      ...message,
      user: server.users.ada,
      ts: '1.2',
      text: '',
      files: [file],
    })
    expect(await asked.shown('spider fires most')).toBeDefined()
  })

  test.each(['page', 'redirect'] as const)(
    'a log-in %s instead of the file is reported as the missing scope',
    async (kind) => {
      server.logInPage = kind
      const asked = await people.run(['neurons'], { picture: await png() })
      const told = await asked.shown('files:read')
      server.logInPage = 'none'
      expect(told.words).toContain('an admin has to install me again with the scope')
      expect(told.forOne).toBe(true)
    },
  )

  test('a token goes to nobody but Slack', async () => {
    const file = {
      ...(await server.upload('cat.png', await png())),
      url_private_download: 'http://127.0.0.1:1/steal',
    }
    const message = { type: 'app_mention', channel: server.channels.games, ts: '1.3', text: '' }
    const asked = await people.event({ ...message, user: server.users.ada, files: [file] })
    expect(await asked.shown('Something went wrong on our side')).toBeDefined()
    expect(bot.log.join('')).toContain('refused to download from http://127.0.0.1:1')
  })
})

describe('answers', () => {
  const audiences: [string, string, boolean][] = [
    ['for one, within the uses of its response_url', 'alone', true],
    ['for all', 'all', false],
  ]
  test.each(some(1, audiences))(
    'what takes seconds shows its progress, %s',
    async (_, subcommand, forOne) => {
      const asked = await people.run(['long', subcommand])
      const first = await asked.shown('0 %')
      const answer = await asked.shown('drawn at last')
      expect(answer).toMatchObject({ id: first.id, forOne })
      const texts = asked.states.map((state) => state.text)
      expect(texts.length).toBeGreaterThanOrEqual(3)
      expect(texts.filter((each) => each.includes('Drawing'))).toHaveLength(texts.length - 1)
    },
  )

  test('if the bot was not invited, the response_url carries the answer for all', async () => {
    const asked = await people.run(['slow'], {}, 'ada', 'elsewhere')
    const progress = await asked.shown('Waiting for others')
    await step()
    await step()
    const answer = await asked.shown('done at last')
    expect(answer).toMatchObject({ id: progress.id, forOne: false })
    const card = await (await people.run(['corner'], {}, 'ada', 'elsewhere')).shown('a card for all')
    expect((await (await people.press(card, 'Tell me')).shown('told you alone')).forOne).toBe(true)
  })

  test('there, a button still changes its message, and a mistake takes the progress away', async () => {
    const card = await (
      await people.run(['neurons'], { picture: await png() }, 'ada', 'elsewhere')
    ).shown('fires most')
    expect((await (await people.press(card, 'train')).shown('train fires most')).id).toBe(card.id)
    expect((await (await people.run(['mistake'], {}, 'ada', 'elsewhere')).shown('another word')).forOne).toBe(
      true,
    )
  })

  test('a form sent there is answered for all to see, too', async () => {
    const view = await (await people.type('/unit', '', 'ada', 'elsewhere')).modal()
    const chosen = { type: 'external_select', selected_option: { value: '12' } }
    expect((await (await people.submit(view, { which: chosen })).shown('unit 12')).forOne).toBe(false)
  })

  test('what a button answers to one person never replaces the button’s message', async () => {
    const card = await (await people.run(['corner'])).shown('a card for all')
    const asked = await people.press(card, 'Tell me')
    await asked.shown('told you again')
    expect(asked.states.filter(({ id }) => id === card.id)).toEqual([])
    expect(asked.states.every(({ onlyFor }) => onlyFor === server.users.ada)).toBe(true)
  })

  test('people who cannot be looked up are answered all the same, and moderate nothing', async () => {
    server.failing.set('users.info', 'missing_scope')
    expect(await (await people.run(['poll'], {}, 'ben')).shown('What is it?')).toBeDefined()
    expect(await (await people.run(['contest', 'end'], {}, 'ben')).shown('Only moderators')).toBeDefined()
    server.failing.clear()
    expect(bot.log.join('')).toContain('nobody could be asked who this is')
  })

  test('a modal that Slack does not open is reported', async () => {
    server.failing.set('views.open', 'expired_trigger_id')
    const told = await (await people.type('/unit', '')).shown('did not let me open the form')
    server.failing.clear()
    expect(told.forOne).toBe(true)
  })
})

test('App Home shows help and settings; moderators see their commands', async () => {
  const place = { platform: 'slack', community: 'T000000001' } as const
  await allowChannel(bot.store, place, 'C1', true)
  const homeOf = async (who: 'ada' | 'mo'): Promise<string> => {
    const user = server.users[who]
    await people.event({ type: 'app_home_opened', user, channel: 'D1', tab: 'home' })
    const found = () => server.views.findLast((each) => each.user === user)
    await until(() => found() !== undefined, 'no home was published')
    return valuesOf(found()!.view, 'text').join('\n')
  }
  const adas = await homeOf('ada')
  expect(adas).toContain('/contest start target:')
  expect(adas).toContain('1 chosen')
  expect(adas).toContain('Test CLIP: it knows nothing')
  expect(adas).not.toContain('/contest end')
  expect(await homeOf('mo')).toContain('/contest end')
})

test('posts that nobody asked for are found again, edited, sent to one person, and refused with a reason', async () => {
  const { outbox } = bot.platform
  const place = { platform: 'slack', community: 'T000000001', channel: server.channels.games } as const
  const picture = await draw('morning', 'teal')
  const sent = await outbox.post(place, { elements: [{ kind: 'picture', picture }] }, 'day 1')
  expect(await outbox.findPost(place, 'day 1')).toEqual(sent)
  expect(await outbox.findPost(place, 'day 2')).toBeUndefined()
  await outbox.edit(sent, text('good evening'))
  expect(server.states.findLast(({ id }) => id === sent.message)!.text).toBe('good evening')
  await outbox.tell(place, server.users.ada, text('only for you'))
  expect(server.states.at(-1)).toMatchObject({ text: 'only for you', channel: expect.stringMatching(/^D/) })
  const uninvited = { ...place, channel: server.channels.elsewhere }
  await expect(outbox.post(uninvited, text('hello'), 'x')).rejects.toThrow('please invite me there')
  await expect(outbox.post({ ...place, channel: 'C0' }, text('hello'), 'x')).rejects.toThrow(
    'The channel is gone',
  )
})

describe('only Slack is listened to', () => {
  const body = new URLSearchParams({ command: '/poll', text: '', team_id: 'T000000001' }).toString()
  const form = 'application/x-www-form-urlencoded'

  test.each([
    ['without a signature', {}],
    ['with the signature of another body', sign('other')],
    ['with a signature of six minutes ago', sign(body, Date.now() - 6 * 60_000)],
  ])('a request %s is refused', async (_, headers) => {
    const before = server.calls.length
    expect((await post(mode.port, form, body, headers)).status).toBe(401)
    expect(server.calls).toHaveLength(before)
  })
})

// It comes back after a few seconds.
test.runIf(atLength)('a new socket is opened when Slack closes the old one', async () => {
  const log: string[] = []
  const other = await startBot(server, { kind: 'socket' }, { log })
  server.closeSocket()
  await until(() => log.join('').includes('refresh_requested'), 'it was not told')
  await until(() => server.isConnected, 'it did not come back')
  const sockets = new SlackPeople(server, testCommands, { kind: 'socket' })
  expect(await (await sockets.run(['poll'])).shown('What is it?')).toBeDefined()
  await other.platform.stop()
  await other.store.close()
  expect(log.filter((line) => line.includes(tokens.bot) || line.includes(tokens.app))).toEqual([])
})
