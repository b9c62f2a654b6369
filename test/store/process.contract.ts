import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { community, note } from './kinds.ts'

/** The part of the contract that takes several processes, of which some die. */
export function processContract(opened: () => { url: string; store: Store }): void {
  test('two processes race for 500 ids: each id has exactly one winner', async () => {
    const { url, store } = opened()
    const racers = [child('race', url, '500'), child('race', url, '500')]
    const outputs = racers.map((racer) => outputOf(racer))
    await Promise.all(racers.map((racer) => once(racer.stdout!, 'data'))) // both are ready
    const start = Date.now() + 100
    for (const racer of racers) racer.stdin!.write(`${start}\n`)
    const won = (await Promise.all(outputs)).map(
      (output) => JSON.parse(output.replace('ready\n', '')) as number[],
    )
    expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, id) => id))
    expect(Math.min(...won.map((ids) => ids.length)), 'both took part').toBeGreaterThan(0)
    expect(await store.list(note, community('race'))).toHaveLength(500)
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

    test('after SIGKILL in the middle of writing, five times', async () => {
      const { url, store } = opened()
      let acknowledged = 0
      for (let round = 0; round < 5; round++) {
        const writer = child('write', url)
        const output = outputOf(writer)
        await once(writer.stdout!, 'data')
        await sleep(Math.random() * 150)
        writer.kill('SIGKILL')
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
  return spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'child.ts'), ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

async function outputOf(process: ChildProcess): Promise<string> {
  let output = ''
  process.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await once(process, 'close')
  return output
}
