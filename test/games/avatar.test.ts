import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { avatarDirection, avatarSeed } from '../../src/games/avatar.ts'

const units = Array.from({ length: 30 }, (_, unit) => ({
  unit,
  ...(unit % 5 === 0 && { mood: unit % 10 === 0 ? 'happy' : 'sad' }),
}))
const person = fc.string({ minLength: 1 })

describe('the portrait of a person', () => {
  test('is always the same, and its weights are above zero and have length one', () => {
    fc.assert(
      fc.property(person, fc.constantFrom(undefined, 'happy', 'sad'), (id, mood) => {
        const direction = avatarDirection(id, units, mood)
        expect(avatarDirection(id, units.toReversed(), mood)).toEqual(direction)
        expect(Math.hypot(...direction.map(({ weight }) => weight))).toBeCloseTo(1)
        expect(Math.min(...direction.map(({ weight }) => weight))).toBeGreaterThan(0)
      }),
    )
  })

  test('is theirs alone', () => {
    const portraits = Array.from({ length: 1000 }, (_, id) =>
      JSON.stringify(avatarDirection(String(id), units)),
    )
    expect(new Set(portraits).size).toBe(1000)
    expect(new Set(Array.from({ length: 1000 }, (_, id) => avatarSeed(String(id)))).size).toBe(1000)
  })

  test('uses all units about equally often', () => {
    const counts = units.map(() => 0)
    for (let id = 0; id < 2000; id++) counts[avatarDirection(String(id), units)[0]!.unit]!++
    expect(Math.min(...counts)).toBeGreaterThan(35)
    expect(Math.max(...counts)).toBeLessThan(105)
  })

  test('does not change when the pack gains units, unless one of them becomes part of it', () => {
    const more = [...units, { unit: 99 }]
    const kept = Array.from({ length: 200 }, (_, id) => String(id)).filter(
      (id) => JSON.stringify(avatarDirection(id, more)) === JSON.stringify(avatarDirection(id, units)),
    )
    expect(kept.length).toBeGreaterThan(150)
  })

  test('each mood pulls towards its own units, and the person stays recognisable', () => {
    const square = (
      direction: { unit: number; weight: number }[],
      wanted: (unit: number) => boolean,
    ): number => direction.reduce((sum, { unit, weight }) => sum + (wanted(unit) ? weight ** 2 : 0), 0)
    const happy = avatarDirection('ann', units, 'happy')
    expect(square(happy, (unit) => unit % 10 === 0)).toBeGreaterThanOrEqual(0.499)
    const own = new Set(avatarDirection('ann', units).map(({ unit }) => unit))
    expect(square(happy, (unit) => own.has(unit))).toBeGreaterThanOrEqual(0.499)
    expect(happy).not.toEqual(avatarDirection('ann', units, 'sad'))
  })

  test('a mood for which the pack has no unit changes nothing', () => {
    expect(avatarDirection('ann', units, 'bored')).toEqual(avatarDirection('ann', units))
  })
})
