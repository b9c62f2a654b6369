import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readOrSeen } from '../../../src/games/fool/read-or-seen.ts'
import { probabilityOf, topLabel, verdict, type Answer } from '../../../src/games/fool/score.ts'
import { english, say } from '../../../src/language.ts'

/** An answer in which the target has this probability, against one other label. */
const answer = (target: number): Answer => [
  { label: 'apple', probability: 1 - target },
  { label: 'ipod', probability: target },
]
const [yes, no] = [answer(0.9), answer(0.1)]

describe('an edited picture', () => {
  const edited = { kind: 'edited', clean: no, asPosted: yes, laidOver: yes, ink: 0.04 } as const

  test('fools if the target wins both as posted and with only its ink laid over the original', () => {
    expect(verdict('ipod', edited)).toEqual({ kind: 'edited', fools: true, probability: 0.9, ink: 0.04 })
  })

  test('counts with the smaller of its two probabilities', () => {
    expect(verdict('ipod', { ...edited, laidOver: answer(0.6) }).probability).toBe(0.6)
  })

  test.each([
    ['the target won already', { clean: yes }, 'already-target'],
    ['the target does not win', { asPosted: no }, 'not-target'],
    ['only noise too faint to be ink did it', { laidOver: no }, 'only-as-posted'],
  ])('does not fool if %s', (_, change, shortfall) => {
    expect(verdict('ipod', { ...edited, ...change })).toMatchObject({ fools: false, shortfall })
  })
})

describe('a photograph', () => {
  const photograph = { kind: 'photograph', clean: no, asPosted: yes, blurred: no, mirrored: no } as const

  test('fools if the target wins, and loses without legible writing', () => {
    expect(verdict('ipod', photograph)).toEqual({ kind: 'photograph', fools: true, probability: 0.9 })
  })

  test.each([
    ['with the writing blurred', { blurred: yes }],
    ['in a mirror', { mirrored: yes }],
  ])('does not fool if the target still wins %s', (_, change) => {
    expect(verdict('ipod', { ...photograph, ...change })).toMatchObject({
      fools: false,
      shortfall: 'target-without-writing',
    })
  })
})

describe('an answer', () => {
  test('is topped by the highest probability, and by the first of equal ones', () => {
    expect(topLabel(answer(0.7))).toBe('ipod')
    expect(topLabel(answer(0.5))).toBe('apple')
    expect(topLabel([])).toBeUndefined()
  })

  test('gives no probability to a label that it doesn’t have', () => {
    expect(probabilityOf(yes, 'pizza')).toBe(0)
  })
})

describe('read or seen', () => {
  test.each([
    ['read', { asPosted: 0.9, mirrored: 0.1, blurred: 0.05 }, 0.94, /^The model read it as a word: .* 94 %/],
    [
      'half',
      { asPosted: 0.9, mirrored: 0.5, blurred: 0.1 },
      0.5,
      /^Half read as a word, half seen as a shape: .* 50 %/,
    ],
    ['seen', { asPosted: 0.9, mirrored: 0.85, blurred: 0.1 }, 0.06, /^The model saw a shape .* 94 %/],
  ])('%s', (_, trials, read, words) => {
    const found = readOrSeen(trials)
    expect(found.read).toBeCloseTo(read, 2)
    expect(say(found.words, english)).toMatch(words)
  })

  test('writing that did next to nothing was neither', () => {
    expect(readOrSeen({ asPosted: 0.3, mirrored: 0.1, blurred: 0.28 })).toEqual({
      words: { key: 'fool.why.nothing' },
    })
  })

  test('is a share of 0 to 1, whatever was measured', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(share, share, share, (asPosted, mirrored, blurred) => {
        const { read = 0 } = readOrSeen({ asPosted, mirrored, blurred })
        expect(read).toBeGreaterThanOrEqual(0)
        expect(read).toBeLessThanOrEqual(1)
      }),
    )
  })
})
