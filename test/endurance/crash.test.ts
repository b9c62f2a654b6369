import { afterAll, beforeAll, test } from 'vitest'
import { seedOf } from '../../src/games/seed.ts'
import { type Bots, openBots } from '../commands/bots.ts'
import { survive } from '../commands/crashes.ts'

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
