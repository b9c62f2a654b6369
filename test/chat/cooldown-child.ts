/*
 * A process of its own that runs commands under shared cooldowns: cooldown-child.ts URL TRIES. For a line of input it
 * tries to run that many commands as one person, one after the other, and prints how many ran.
 */
import { once } from 'node:events'
import { pino } from 'pino'
import { Cooldowns } from '../../src/chat/cooldown.ts'
import type { Origin } from '../../src/chat/context.ts'
import { openLimits } from '../../src/chat/limits.ts'

const [url = '', tries] = process.argv.slice(2)
const limits = await openLimits(url, pino({ level: 'silent' }))
const cooldowns = new Cooldowns({ points: 10, seconds: 600 }, { points: 1000, seconds: 600 }, limits.open)
const origin = { place: { platform: 'discord', community: 'g1' }, person: { id: 'ada' } } as unknown as Origin
process.stdout.write('ready\n')
await once(process.stdin, 'data')
let ran = 0
for (let n = 0; n < Number(tries); n++)
  await cooldowns.within(origin, 'echo', 0, async () => void ran++).catch(() => {})
process.stdout.write(`${ran}\n`)
await limits.close()
process.exit()
