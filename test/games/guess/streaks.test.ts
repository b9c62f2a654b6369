import { describe, expect, test } from 'vitest'
import { guessPoints, streaks } from '../../../src/games/guess/streaks.ts'

const on = (day: number, right: boolean, hour = 12) => ({ right, at: Date.UTC(2026, 4, day, hour) })
const now = Date.UTC(2026, 4, 10, 15)

describe('streaks', () => {
  test('nobody has any before the first answer', () => {
    expect(streaks([], now, 'UTC')).toEqual({ answers: { now: 0, best: 0 }, days: { now: 0, best: 0 } })
  })

  test('a wrong answer ends the streak, and the best one stays', () => {
    const answers = [on(1, true), on(1, true, 13), on(1, true, 14), on(2, false), on(2, true, 13)]
    expect(streaks(answers, now, 'UTC').answers).toEqual({ now: 1, best: 3 })
    expect(streaks(answers.toReversed(), now, 'UTC').answers).toEqual({ now: 1, best: 3 })
  })

  test('days in a row continue while today has no answer yet, and end after a day without one', () => {
    expect(streaks([on(8, true), on(9, true)], now, 'UTC').days).toEqual({ now: 2, best: 2 })
    expect(streaks([on(7, true), on(8, true)], now, 'UTC').days).toEqual({ now: 0, best: 2 })
    expect(streaks([on(9, false), on(10, true)], now, 'UTC').days).toEqual({ now: 1, best: 1 })
  })

  test('a day is one of the time zone', () => {
    const late = [on(9, true, 23), on(10, true, 1)]
    expect(streaks(late, now, 'UTC').days.best).toBe(2)
    expect(streaks(late, now, 'Asia/Tokyo').days.best).toBe(1)
  })
})

test.each([
  [true, 0, 3],
  [true, 1, 2],
  [true, 2, 1],
  [true, 9, 0],
  [false, 0, 0],
])('right: %s with %d hints is worth %d', (right, hints, points) => {
  expect(guessPoints(right, hints)).toBe(points)
})
