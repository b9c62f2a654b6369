import { afterAll, describe, expect, test } from 'vitest'
import type * as CardJobs from '../../src/cards/card.worker.ts'
import { Pool, TookTooLong } from '../../src/threads/pool.ts'

/** Noise: measuring the ink in it takes far longer than a few milliseconds. */
function noise(seed: number) {
  const data = new Uint8Array(700 * 700 * 3)
  for (let i = 0, state = seed; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    data[i] = state >>> 24
  }
  return { width: 700, height: 700, data }
}

describe('a job that takes longer than it may', () => {
  const pool = new Pool({ threads: 1 })
  const cards = pool.jobs<typeof CardJobs>('src/cards/card.worker.ts')
  const word = () => ({ name: 'word', data: { word: 'spider', side: 112 } }) as const
  afterAll(() => pool.close())

  test('is ended with its thread, and the next one is served by a new thread', async () => {
    await cards.run('draw', word)
    const slow = cards.run('draw', () => ({ name: 'ink', data: { original: noise(1), entry: noise(2) } }), {
      deadlineMs: 20,
    })
    const next = cards.run('draw', word)
    await expect(slow).rejects.toThrow(TookTooLong)
    await expect(next).resolves.toMatchObject({ width: 112, height: 112 })
  })
})
