import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random, seedOf, shuffled } from '../../src/games/seed.ts'

const take = (seed: number): number[] => Array.from({ length: 5 }, random(seed))
const sorted = (list: number[]): number[] => list.toSorted((a, b) => a - b)

describe('seeds', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    expect(take(seedOf('guild', 7))).toEqual(take(seedOf('guild', 7)))
    expect(take(seedOf('guild', 7))).not.toEqual(take(seedOf('guild', 8)))
  })

  test('parts are kept apart', () => {
    expect(seedOf('ab', 'c')).not.toBe(seedOf('a', 'bc'))
    expect(seedOf('1')).not.toBe(seedOf(1))
  })

  test('the numbers fill 0 to 1 evenly', () => {
    const next = random(1)
    const counts = Array.from({ length: 10 }, () => 0)
    for (let i = 0; i < 10_000; i++) counts[Math.floor(next() * 10)]!++
    expect(Math.min(...counts)).toBeGreaterThan(900)
    expect(Math.max(...counts)).toBeLessThan(1100)
  })

  test('shuffling keeps every item and changes nothing in place', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const before = [...items]
        expect(sorted(shuffled(items, random(seed)))).toEqual(sorted(items))
        expect(items).toEqual(before)
      }),
    )
  })

  test('every item comes to every place equally often', () => {
    const next = random(2)
    const first = [0, 0, 0, 0]
    for (let i = 0; i < 4000; i++) first[shuffled([0, 1, 2, 3], next)[0]!]!++
    for (const count of first) expect(Math.abs(count - 1000)).toBeLessThan(120)
  })
})
