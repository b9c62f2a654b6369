import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { edited, photograph } from '../commands/fool-steps.ts'
import type { BotProcess } from '../platforms/bot-process.ts'
import { startBotProcess } from '../platforms/discord/bot-process.ts'
import { DiscordServer, ids, type Answered, type Sent } from '../platforms/discord/discord-server.ts'
import { readComponents } from '../platforms/discord/read-components.ts'

const server = new DiscordServer()
const ada = ids.user
const ben = ids.other
const cleo = '4003'
let bot: BotProcess
let store: string

beforeAll(async () => {
  store = join(await mkdtemp(join(tmpdir(), 'neuron-games-')), 'store.db')
  await server.start()
  bot = await startBotProcess(server, store)
})

afterAll(async () => {
  await bot.end('SIGTERM')
  await server.stop()
})

async function killed(): Promise<void> {
  await bot.end('SIGKILL')
  bot = await startBotProcess(server, store)
}

function fool(
  user: string,
  name: string,
  options: Record<string, string | number | boolean | Uint8Array>,
): Answered {
  const attachments: Record<string, object> = {}
  const given = Object.entries(options).map(([option, value]) => {
    if (typeof value === 'string') return { name: option, type: 3, value }
    if (typeof value === 'number') return { name: option, type: 4, value }
    if (typeof value === 'boolean') return { name: option, type: 5, value }
    const file = server.upload('entry.jpg', value, 'image/jpeg')
    attachments[file.id] = file
    return { name: option, type: 11, value: file.id }
  })
  const data = {
    id: '1',
    name: 'fool',
    type: 1,
    options: [{ type: 1, name, options: given }],
    resolved: { attachments },
  }
  return server.interact(2, data, { user })
}

const wordsOf = (asked: Answered): string =>
  asked.states
    .map(
      ({ sent }) =>
        `${readComponents(sent.components).words} ${sent.attachments.map(({ description }) => description).join(' ')}`,
    )
    .join('\n')

/** The latest state of the answer that holds these words. */
async function shown(asked: Answered, words: RegExp): Promise<Sent> {
  await expect.poll(() => wordsOf(asked)).toMatch(words)
  return asked.states.at(-1)!.sent
}

test('a contest is played to its end with the bot killed between any two steps, and nothing is lost', async () => {
  const opening = await shown(fool(ada, 'start', { target: 'pizza', sample: 'dog' }), /pizza/)
  expect(opening.attachments.length).toBeGreaterThan(0)
  await killed()

  const preview = fool(ada, 'write', { text: 'pizza', where: 'bottom', size: 10 })
  const previewed = await shown(preview, /Only you see this/)
  expect(preview.ephemeral).toBe(true)
  await killed()

  const enter = readComponents(previewed.components).buttons.find(
    ({ label }) => label === 'Enter the contest',
  )!
  const pressed = server.interact(
    3,
    { custom_id: enter.id, component_type: 2 },
    { user: ada, message: previewed, forOne: true },
  )
  await shown(pressed, /ink/)
  await killed()

  await shown(fool(ben, 'enter', { picture: await edited('dog', 'pizza', 90) }), /ink/)
  await killed()

  await shown(
    fool(cleo, 'enter', { picture: await photograph('dog', 'pizza'), photograph: true }),
    /photograph/i,
  )
  await killed()

  const board = fool(cleo, 'board', {})
  await shown(board, /ink/)
  await killed()

  await shown(fool(ada, 'end', {}), /pizza/)
  await killed()

  const history = await shown(fool(ben, 'history', {}), /pizza/)
  expect(history.id).toBeTruthy()
  expect(server.wrong).toEqual([])
})
