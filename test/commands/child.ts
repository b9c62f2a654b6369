/*
 * A process of its own that plays contests on the store under test, to be killed.
 * play URL STEP: plays one step of a contest, and prints 'done' once it is acknowledged; then waits to be killed.
 * enter URL: enters pictures without end and prints each entry's id once it is acknowledged.
 * close URL FILE: on a line of input ends what is due, and writes a line to FILE for each announcement.
 */
import { appendFile } from 'node:fs/promises'
import { once } from 'node:events'
import { closeDueContests } from '../../commands/fool/closing.ts'
import { fool } from '../../commands/fool.ts'
import type { Outbox } from '../../src/chat/outbox.ts'
import { openStore } from '../../src/store/open.ts'
import { steps } from './fool-steps.ts'
import { openTable } from './harness.ts'

const [mode, url = '', argument = ''] = process.argv.slice(2)
const store = await openStore(url)
const posting: Partial<Outbox> = {
  async post(place) {
    await appendFile(argument, 'posted\n')
    return { ...place, message: '1' }
  },
  findPost: async () => undefined,
}
const table = await openTable([fool], { store, ...(mode === 'close' && { outbox: posting as Outbox }) })

if (mode === 'play') {
  const answer = await steps[argument as keyof typeof steps](table)
  process.stdout.write(answer.refused === undefined ? 'done\n' : `${answer.refused}\n`)
  await once(process.stdin, 'data')
}

if (mode === 'close') {
  process.stdout.write('ready\n')
  await once(process.stdin, 'data')
  await closeDueContests(table.services)
  process.exit()
}

for (let i = 0; ; i++) {
  const drafted = await table
    .person('Zoe')
    .run('fool write', { text: `pizza ${process.pid % 1000} ${i}`, size: 5 })
  const entered = await table.person('Zoe').press(drafted, 'Enter it')
  process.stdout.write(`${(entered.reply!.data as { entry: string }).entry}\n`)
}
