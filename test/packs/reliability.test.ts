import { describe, expect, test } from 'vitest'
import { along } from '../../src/neurons/trust.ts'
import { type Answered, calibrationError, reliabilityPoints } from '../../src/packs/measure/reliability.ts'
import { random } from '../../src/games/seed.ts'

/** Answers of a model that is right as often as the square of what it says. */
function overconfident(count: number): Answered[] {
  const next = random(7)
  return Array.from({ length: count }, () => {
    const said = next()
    return { said, right: next() < said * said, weight: 1 }
  })
}

describe('how often answers are right, by how sure the model said it was', () => {
  test('the curve rises, and tells the truth', () => {
    const points = reliabilityPoints(overconfident(4000))
    const rights = points.map(({ right }) => right)
    expect(rights).toEqual(rights.toSorted((a, b) => a - b))
    for (const said of [0.2, 0.5, 0.8]) expect(along({ points }, said)).toBeCloseTo(said * said, 1)
    expect(points.reduce((sum, { pictures }) => sum + pictures, 0)).toBe(4000)
  })

  test('what it claims about other answers is nearer the truth than what the model claims', () => {
    const points = reliabilityPoints(overconfident(4000))
    const others = overconfident(6000).slice(4000)
    const after = calibrationError(others, (said) => along({ points }, said))
    expect(after).toBeLessThan(calibrationError(others, (said) => said) / 2)
  })

  test('a few answers that are all right do not make it certain', () => {
    const all = Array.from({ length: 20 }, (_, i) => ({ said: i / 20, right: true, weight: 1 }))
    for (const { right } of reliabilityPoints(all)) expect(right).toBeLessThan(0.96)
  })

  test('a heavy answer counts as several', () => {
    const answers = [true, false].flatMap((right) =>
      Array.from({ length: 50 }, () => ({ said: 0.5, right, weight: right ? 3 : 1 })),
    )
    expect(along({ points: reliabilityPoints(answers) }, 0.5)).toBeCloseTo(0.75, 1)
  })
})
