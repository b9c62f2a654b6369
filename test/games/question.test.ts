import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alike, nextNeuron, question, type Named, type Shown } from '../../src/games/question.ts'

const names = ['spider', 'spider web', 'Train', 'dog', 'cat', 'wolf', 'rose', 'tulip', 'car', 'bus', 'moon']
const units: Named[] = names.map((name, unit) => ({
  unit,
  name,
  ...(['dog', 'cat', 'wolf'].includes(name) && { family: 'animal' }),
}))
const dog = units[3]!

describe('the next neuron', () => {
  test('none comes twice before all have been shown; then another round begins', () => {
    const numbers = [3, 5, 7, 11]
    const shown: Shown[] = []
    for (let n = 0; n < 12; n += 1) shown.push(nextNeuron([numbers], shown, n))
    for (const round of [0, 1, 2])
      expect(
        shown
          .filter((each) => each.round === round)
          .map(({ unit }) => unit)
          .sort((a, b) => a - b),
      ).toEqual(numbers)
  })

  test('those in one tier come before those in the next, in each round', () => {
    const shown: Shown[] = []
    for (let n = 0; n < 8; n++) shown.push(nextNeuron([[], [7, 11], [3, 5]], shown, n))
    const firsts = shown.map(({ unit }) => (unit === 7 || unit === 11 ? 'first' : 'then'))
    const round = ['first', 'first', 'then', 'then']
    expect(firsts).toEqual([...round, ...round])
  })

  test('units that have been hidden since are not waited for', () => {
    expect(
      nextNeuron(
        [[3]],
        [
          { round: 0, unit: 3 },
          { round: 0, unit: 5 },
        ],
        1,
      ),
    ).toEqual({ round: 1, unit: 3 })
  })

  test('without any unit there is nothing to show', () => {
    expect(() => nextNeuron([], [], 1)).toThrow(RangeError)
  })
})

describe('a question', () => {
  test('has four names, the right one among them, and none contains another', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: units.length - 1 }), (seed, unit) => {
        const { choices, answer } = question(units[unit]!, units, [], seed)
        expect(choices).toHaveLength(4)
        expect(choices[answer]).toBe(units[unit]!.name)
        for (const a of choices) for (const b of choices) if (a !== b) expect(alike(a, b)).toBe(false)
      }),
    )
  })

  test('its wrong names are of the same family first, then of the units most like it', () => {
    for (let seed = 0; seed < 20; seed += 1)
      expect(question(dog, units, [9], seed).choices).toEqual(
        expect.arrayContaining(['dog', 'cat', 'wolf', 'bus']),
      )
  })

  test('no wrong name is sensitive, or names something that fires the right unit too', () => {
    const others = units.map((unit) => ({ ...unit, sensitive: unit.name === 'moon' }))
    for (let seed = 0; seed < 50; seed += 1) {
      const { choices } = question({ ...dog, fires: ['Wolf', 'roses'] }, others, [], seed)
      expect(choices).toHaveLength(4)
      expect(choices).not.toEqual(expect.arrayContaining(['moon']))
      expect(choices).not.toEqual(expect.arrayContaining(['wolf']))
      expect(choices).not.toEqual(expect.arrayContaining(['rose']))
    }
  })

  test('the right name turns up in every place', () => {
    const places = new Set(Array.from({ length: 60 }, (_, seed) => question(dog, units, [], seed).answer))
    expect(places).toEqual(new Set([0, 1, 2, 3]))
  })
})

test('names are alike if one contains the other, whatever their case and blanks', () => {
  expect(alike('Spider', 'spider web')).toBe(true)
  expect(alike('no-entry', 'NO ENTRY sign')).toBe(true)
  expect(alike('cat', 'dog')).toBe(false)
})

test.each([
  ['woman', 'women', true],
  ['sunflower', 'sun-flowers', true],
  ['theatre', 'theater', false],
  ['colour', 'color', true],
  ['cat', 'car', false],
  ['train', 'brain', true],
])('%s and %s are alike: %s', (a, b, expected) => {
  expect(alike(a, b)).toBe(expected)
  expect(alike(b, a)).toBe(expected)
})
