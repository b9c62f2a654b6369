import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { results } from '../../commands/fool/records.ts'
import { openStore } from '../../src/store/open.ts'
import { nextLine } from '../next-line.ts'
import { place } from './all-games.ts'
import { type Bots, openBots } from './bots.ts'
import { survive } from './crashes.ts'
import { steps } from './fool-steps.ts'
import { atLength } from '../examples.ts'

let bots: Bots
beforeAll(async () => {
  bots = await openBots()
})
afterAll(() => bots.close())

test('a dozen bots die while four people play everything: nothing acknowledged is lost, nothing is doubled', () =>
  survive(bots, { kills: 12, seed: 12, moments: 'writes' }))

test.runIf(atLength)('a contest that two processes close at the same instant ends once', async () => {
  const url = `sqlite://${join(bots.folder, 'ends.db')}`
  const store = await openStore(url)
  const table = await bots.tableOn(store)
  table.setTime(new Date(Date.now() - 48 * 3_600_000))
  await steps.start(table)
  await steps.write(table)
  const announced = join(bots.folder, 'announced')
  const closers = [bots.start('close', url, announced), bots.start('close', url, announced)]
  expect(await Promise.all(closers.map(nextLine))).toEqual(['ready', 'ready'])
  for (const closer of closers) closer.stdin!.write('now\n')
  await Promise.all(closers.map((closer) => once(closer, 'close')))
  expect(readFileSync(announced, 'utf8')).toBe('posted\n')
  expect(await store.list(results, place)).toHaveLength(1)
  await store.close()
})
