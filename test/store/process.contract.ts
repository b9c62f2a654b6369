import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { amount } from '../examples.ts'
import { compiled } from '../compiled.ts'
import { nextLine } from '../next-line.ts'
import { community, note } from './kinds.ts'

/** The part of the contract that takes several processes, some of which die. */
export function processContract(opened: () => { url: string; store: Store }): void {
  const raced = amount(100, 500)
  test(`two processes race for ${raced} ids: each id has exactly one winner`, async () => {
    const { url, store } = opened()
    const racers = [child('race', url), child('race', url)]
    await Promise.all(racers.map(nextLine)) // both are ready
    const won: number[][] = [[], []]
    for (let from = 0; from < raced; from += 10) {
      const lines = racers.map(nextLine)
      // They start from opposite ends, so that the slower one wins some, too.
      const [up, down] = [`${from} ${from + 9}\n`, `${from + 9} ${from}\n`]
      for (const [n, ids] of (from % 20 === 0 ? [up, down] : [down, up]).entries())
        racers[n]!.stdin!.write(ids)
      for (const [n, ids] of (await Promise.all(lines)).entries())
        won[n]!.push(...(JSON.parse(ids) as number[]))
    }
    for (const racer of racers) racer.stdin!.end()
    expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: raced }, (_, id) => id))
    expect(Math.min(...won.map((ids) => ids.length)), 'both took part').toBeGreaterThan(0)
    expect(await store.list(note, community('race'))).toHaveLength(raced)
  })

  describe('what is acknowledged is kept', () => {
    test('after closing and opening again', async () => {
      const { url } = opened()
      const first = await openStore(url)
      await first.set(note, community('reopen'), ['1'], { text: 'kept' })
      await first.close()
      const second = await openStore(url)
      expect(await second.get(note, community('reopen'), ['1'])).toEqual({ text: 'kept' })
      await second.close()
    })

    test('after SIGKILL in the middle of writing, several times', async () => {
      const { url, store } = opened()
      let acknowledged = 0
      for (let round = 0; round < amount(2, 5); round++) {
        const writer = child('write', url)
        const output = outputOf(writer, (said) => {
          if (said.split('\n').length > 3 + 7 * round) writer.kill('SIGKILL')
        })
        const ids = (await output).split('\n').slice(0, -1)
        acknowledged += ids.length
        const kept = await store.list(note, community('kill'), [`${writer.pid}`])
        const keptIds = new Set(kept.map((entry) => entry.id[1]))
        expect(ids.filter((id) => !keptIds.has(id))).toEqual([])
      }
      expect(acknowledged).toBeGreaterThan(5)
    })
  })
}

function child(...parameters: string[]): ChildProcess {
  return spawn(process.execPath, [compiled('test/store/child.ts'), ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

async function outputOf(process: ChildProcess, heard: (output: string) => void): Promise<string> {
  let output = ''
  process.stdout!.on('data', (chunk: Buffer) => heard((output += chunk.toString())))
  await once(process, 'close')
  return output
}
