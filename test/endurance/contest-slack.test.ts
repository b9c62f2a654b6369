import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries, pictures, results } from '../../commands/fool/records.ts'
import { commands } from '../../commands/index.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { openStore } from '../../src/store/open.ts'
import { edited, photograph } from '../commands/fool-steps.ts'
import type { BotProcess } from '../platforms/bot-process.ts'
import { spawnBot } from '../platforms/slack/bot-process.ts'
import { until } from '../platforms/slack/http.ts'
import { SlackPeople } from '../platforms/slack/slack-people.ts'
import { SlackServer } from '../platforms/slack/slack-server.ts'

/** A contest in one channel: the real bot is killed and started again between any two steps. */
const folder = mkdtempSync(join(tmpdir(), 'slack-contest-'))
const storeUrl = `sqlite://${join(folder, 'store.db')}`
const server = new SlackServer()
const people = new SlackPeople(server, commands, { kind: 'socket' })
let bot: BotProcess | undefined

beforeAll(() => server.start())
afterAll(async () => {
  await bot?.end('SIGKILL')
  await server.stop()
  rmSync(folder, { recursive: true })
})

/** Does it with a bot of its own, which is killed as soon as the answer is shown. */
async function step<T>(act: () => Promise<T>): Promise<T> {
  bot = spawnBot(server, storeUrl)
  await bot.serves()
  const done = await act()
  await bot.end('SIGKILL')
  await until(() => !server.isConnected, 'the socket of the killed bot is still open')
  return done
}

test('a whole contest survives a SIGKILL between any two steps', async () => {
  const opened = await step(async () =>
    (await people.run(['fool', 'start'], { target: 'pizza', sample: 'apple' })).shown('ada opens a contest'),
  )
  expect(opened.forOne).toBe(false)
  const preview = await step(async () =>
    (await people.run(['fool', 'write'], { text: 'pizza', where: 'bottom', size: '10' })).shown(
      'nothing counts yet',
    ),
  )
  expect(preview.forOne).toBe(true)
  // The preview and its button come from a bot that is dead.
  const written = await step(async () =>
    (await people.press(preview, 'Enter the contest')).shown('Place 1 of 1.'),
  )
  expect(written.words).toContain('ada: It fools the model')
  expect(written.forOne).toBe(false)

  // Pictures come through the modal that opens for a command without one.
  const bens = await edited('apple', 'pizza', 90)
  const second = await step(async () =>
    (await people.run(['fool', 'enter'], { picture: bens }, 'ben')).shown('Place 2 of 2.'),
  )
  expect(second.words).toContain('ben: It fools the model')
  const mos = await edited('apple', 'pizza pizza', 100)
  const third = await step(async () =>
    (await people.run(['fool', 'enter'], { picture: mos }, 'mo')).shown('Place 3 of 3.'),
  )
  expect(third.words).toContain('mo: It fools the model')
  const taken = await photograph('apple', 'pizza')
  await step(async () =>
    (await people.run(['fool', 'enter'], { picture: taken, photograph: 'true' }, 'mo')).shown(
      'Place 1 of 1 among the photographs.',
    ),
  )

  const board = await step(async () =>
    (await people.run(['fool', 'board'], {}, 'ben')).shown('Why the first one worked'),
  )
  expect(board.pictures[0]!.alt).toMatch(/Edited pictures\. 1\. ada, .+; 2\. ben, .+; 3\. mo, /)
  expect(board.words).toContain('Ends ')
  const turned = await step(async () =>
    (await people.press(board, 'Photographs', 'ben')).shown('Edited pictures'),
  )
  expect(turned.id).toBe(board.id)
  expect(turned.pictures[0]!.alt).toMatch(/Photographs\. 1\. mo, /)

  const ended = await step(async () => {
    await (await people.run(['fool', 'end'], {}, 'ben')).shown('Only ada, who started it, and moderators')
    return (await people.run(['fool', 'end'])).shown('The contest is over')
  })
  expect(ended.words).toMatch(/ada wins: .+ ink, 5 points/)
  expect(ended.words).toContain('4 entries by 3 players')

  const after = await step(async () => {
    await (await people.run(['fool', 'end'], {}, 'mo')).shown('This contest is over already')
    return (await people.run(['fool', 'board'])).shown('Why the first one worked')
  })
  expect(after.pictures[0]!.alt).toMatch(/1\. ada, .+; 2\. ben, .+; 3\. mo, /)
  expect(after.words).toContain('Ended ')
  const announced = server.states.filter(({ blocks }) => JSON.stringify(blocks).includes('contest is over:'))
  expect([...new Set(announced.map(({ id }) => id))]).toEqual([ended.id])

  await everythingIsKept()
  expect(server.wrong).toEqual([])
})

/** Each entry that was answered is in the file with its picture, and the points are those that the end announced. */
async function everythingIsKept(): Promise<void> {
  const store = await openStore(storeUrl)
  const scope = { platform: 'slack', community: people.team } as const
  const kept = await store.list(entries, scope)
  expect(kept.map(({ value }) => `${value.name} ${value.how}`).toSorted()).toEqual([
    'ada written',
    'ben edited',
    'mo edited',
    'mo photographed',
  ])
  const stored = (await store.list(pictures, scope)).map(({ id }) => id.join('/'))
  expect(stored).toEqual(expect.arrayContaining(kept.map(({ id }) => id.join('/'))))
  const result = await store.get(results, scope, [server.channels.games, '000001'])
  expect(result?.by?.id).toBe(server.users.ada)
  expect(result?.edits.map(({ entry, points }) => [entry.name, points])).toEqual([
    ['ada', 5],
    ['ben', 3],
    ['mo', 2],
  ])
  expect(result?.photographs.map(({ entry, points }) => [entry.name, points])).toEqual([['mo', 5]])
  const won = (await store.list(scoreRecord, scope)).map(({ value }) => [value.name, value.points] as const)
  expect(won.toSorted(([one], [other]) => one.localeCompare(other))).toEqual([
    ['ada', 5],
    ['ben', 3],
    ['mo', 2 + 5],
  ])
  await store.close()
}
