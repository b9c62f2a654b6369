/*
 * A process of its own on the store under test, for what one process cannot show.
 * race URL: for each line 'FIRST LAST' tries to be the first to write each of these ids, up or down, and prints those it won.
 * write URL: writes records endlessly and prints the id of each once it is acknowledged.
 */
import { createInterface } from 'node:readline'
import { openStore } from '../../src/store/open.ts'
import { community, note } from './kinds.ts'

const [mode, url] = process.argv.slice(2)
const store = await openStore(url!)

if (mode === 'race') {
  process.stdout.write('ready\n')
  for await (const line of createInterface(process.stdin)) {
    const [first, last] = line.split(' ').map(Number) as [number, number]
    const step = first < last ? 1 : -1
    const won: number[] = []
    for (let id = first; id !== last + step; id += step)
      if (await store.insertIfAbsent(note, community('race'), [`${id}`], { text: `${process.pid}` }))
        won.push(id)
    process.stdout.write(`${JSON.stringify(won)}\n`)
  }
  process.exit()
}

for (let id = 0; ; id++) {
  const text = 'x'.repeat(id % 7 === 0 ? 100_000 : 10)
  if (id % 2 === 0) await store.set(note, community('kill'), [`${process.pid}`, `${id}`], { text })
  else await store.insertIfAbsent(note, community('kill'), [`${process.pid}`, `${id}`], { text })
  process.stdout.write(`${id}\n`)
}
