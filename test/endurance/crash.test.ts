import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { results } from '../../commands/fool/records.ts'
import { seedOf } from '../../src/games/seed.ts'
import { openStore } from '../../src/store/open.ts'
import { place } from '../commands/all-games.ts'
import { type Bots, openBots } from '../commands/bots.ts'
import { survive } from '../commands/crashes.ts'
import { steps } from '../commands/fool-steps.ts'
import { nextLine } from '../next-line.ts'

const seed = Number(process.env['SEED'] ?? seedOf(Date.now()))
const kills = Number(process.env['KILLS'] ?? 200)
let bots: Bots
beforeAll(async () => {
  bots = await openBots()
})
afterAll(() => bots.close())

test(
  `${kills} SIGKILLs at any moment while four people play everything lose nothing that was acknowledged, and double nothing`,
  () => survive(bots, { kills, seed, moments: 'any' }),
  1_800_000,
)

test('SIGKILL between any two steps of a contest loses nothing of it', async () => {
  const url = `sqlite://${join(bots.folder, 'steps.db')}`
  for (const step of Object.keys(steps)) {
    const player = bots.start('step', url, step)
    expect([step, await nextLine(player)]).toEqual([step, 'done'])
    player.kill('SIGKILL')
    await once(player, 'close')
  }
  const store = await openStore(url)
  const result = await store.get(results, place, ['general', '000001'])
  expect(result?.edits.map(({ entry }) => entry.name)).toEqual(['Ada', 'Bob'])
  expect(result?.photographs.map(({ entry }) => entry.name)).toEqual(['Cleo'])
  await store.close()
})
