import { describe, expect, test } from 'vitest'
import { Batcher } from '../../src/jobs/batcher.ts'

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const fulfilled = <T>(value: T) => ({ status: 'fulfilled', value }) as const

describe('a batcher', () => {
  test('runs what came during a run as the next batch, and what wants to be alone by itself', async () => {
    const batches: number[][] = []
    const batcher = new Batcher<number, number>(async (items) => {
      batches.push([...items])
      await settle()
      return items.map((item) => fulfilled(item * 10))
    }, 3)
    const ends = [1, 2, 3, 4, 5, 6, 7].map((item) => batcher.add(item, item === 4))
    await expect(Promise.all(ends)).resolves.toEqual([10, 20, 30, 40, 50, 60, 70])
    expect(batches).toEqual([[1], [2, 3, 5], [4], [6, 7]])
  })

  test('each item succeeds or fails by itself', async () => {
    const batcher = new Batcher<number, number>(async (items) => {
      await settle()
      return items.map((item) =>
        item === 2 ? { status: 'rejected', reason: new Error('not two') } : fulfilled(item),
      )
    }, 8)
    const ends = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item, false)))
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })
})
