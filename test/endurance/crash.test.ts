import { afterAll, beforeAll, test } from 'vitest'
import { seedOf } from '../../src/games/seed.ts'
import { type Bots, openBots } from '../commands/bots.ts'
import { survive } from '../commands/crashes.ts'

const seed = Number(process.env['SEED'] ?? seedOf(Date.now()))
let bots: Bots
beforeAll(async () => {
  bots = await openBots()
})
afterAll(() => bots.close())

test(
  '200 SIGKILLs at any moment while four people play everything lose nothing that was acknowledged, and double nothing',
  () => survive(bots, { kills: 200, seed, moments: 'any' }),
  1_800_000,
)
