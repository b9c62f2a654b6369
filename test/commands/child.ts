/*
 * A process of its own that plays on the store under test, to be killed. child.ts MODE FOLDER URL SEED ARGUMENT; the
 * opened pack is in FOLDER, engine and cards are the parent's, SEED seeds its ids.
 * step … STEP: plays one step of a contest, and prints 'done' once it is acknowledged; then waits to be killed.
 * close … FILE: for a line of input ends what is due, and writes a line to FILE for each announcement.
 * all … SESSION: prints 'ready'; then four people do one thing each, and it waits to be killed: all-games.ts.
 */
import { once } from 'node:events'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize } from 'node:v8'
import { closeDueContests } from '../../commands/fool/closing.ts'
import { commands } from '../../commands/index.ts'
import type { Outbox } from '../../src/chat/outbox.ts'
import type { Services } from '../../src/chat/services.ts'
import type { Pack } from '../../src/clip/pack.ts'
import { openStore } from '../../src/store/open.ts'
import { dyingAt } from '../dying-store.ts'
import { playOnce, type Session } from './all-games.ts'
import { borrow } from './borrowed.ts'
import { steps } from './fool-steps.ts'
import { idsFrom, openTable, runTasks } from './harness.ts'
import { blankGallery } from './play.ts'

const [mode, folder = '', url = '', seed = '', argument = ''] = process.argv.slice(2)
const store = await openStore(url)
const pack = deserialize(await readFile(join(folder, 'pack'))) as Pack
const open = (changes: Partial<Services> = {}) =>
  openTable(
    commands,
    { store, gallery: blankGallery, newId: idsFrom(`bot ${seed}`), ...borrow(), ...changes },
    pack,
  )

if (mode === 'step') {
  const answer = await steps[argument as keyof typeof steps](await open())
  process.stdout.write(answer.refused === undefined ? 'done\n' : `${answer.refused}\n`)
  await once(process.stdin, 'data')
}

if (mode === 'close') {
  const posting: Partial<Outbox> = {
    async post(place) {
      await appendFile(argument, 'posted\n')
      return { ...place, message: '1' }
    },
    findPost: async () => undefined,
  }
  const table = await open({ outbox: posting as Outbox })
  process.stdout.write('ready\n')
  await once(process.stdin, 'data')
  await runTasks(table.services, closeDueContests)
  process.exit()
}

if (mode === 'all') {
  const session = JSON.parse(argument) as Session
  const table = await open({
    newId: idsFrom(`session ${session.turn}`),
    ...(session.dies && { store: dyingAt(store, session.dies) }),
  })
  process.stdout.write('ready\n')
  await playOnce(table, session, folder)
}
