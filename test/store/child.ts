/*
 * A process of its own on the store under test, for what one process cannot show.
 * race URL COUNT: waits for a line with a time (ms since 1970), from then on tries every 3 ms to be the first to
 *   write the next of COUNT ids, and prints those it won.
 * write URL: writes records without end and prints the id of each once it is acknowledged.
 */
import { once } from 'node:events'
import { openStore } from '../../src/store/open.ts'
import { community, note } from './kinds.ts'

const [mode, url, count] = process.argv.slice(2)
const store = await openStore(url!)

if (mode === 'race') {
  process.stdout.write('ready\n')
  const [start] = await once(process.stdin, 'data')
  const won: number[] = []
  for (let id = 0; id < Number(count); id++) {
    while (Date.now() < Number(start) + 3 * id); // all racers leave the line in the same millisecond
    if (await store.insertIfAbsent(note, community('race'), [`${id}`], { text: `${process.pid}` }))
      won.push(id)
  }
  await store.close()
  process.stdout.write(JSON.stringify(won))
  process.exit()
}

for (let id = 0; ; id++) {
  const text = 'x'.repeat(id % 7 === 0 ? 100_000 : 10)
  if (id % 2 === 0) await store.set(note, community('kill'), [`${process.pid}`, `${id}`], { text })
  else await store.insertIfAbsent(note, community('kill'), [`${process.pid}`, `${id}`], { text })
  process.stdout.write(`${id}\n`)
}
