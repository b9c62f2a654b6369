import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { huntClass, huntStandings, type HuntEntry } from '../../../src/games/hunt/standings.ts'

const entry = (id: string, player: string, asPosted: number, more: Partial<HuntEntry> = {}): HuntEntry => ({
  id,
  player,
  at: 0,
  fired: { asPosted, mirrored: asPosted },
  ...more,
})

describe('seen or read', () => {
  test.each([
    ['a thing', { asPosted: 12, mirrored: 11.5 }, 'seen'],
    ['a thing that looks another way in the mirror', { asPosted: 12, mirrored: 4 }, 'seen'],
    ['a written name', { asPosted: 12, mirrored: 0.5 }, 'read'],
    ['a thing with its name beside it', { asPosted: 14, mirrored: 9 }, 'seen'],
  ] as const)('%s', (_, fired, expected) => {
    expect(huntClass(fired)).toBe(expected)
  })
})

describe('standings', () => {
  test('more sigma comes first, and written names are kept apart', () => {
    const word = { fired: { asPosted: 40, mirrored: 1 } }
    const { seen, read } = huntStandings([
      entry('1', 'ann', 5),
      entry('2', 'bob', 9),
      entry('3', 'cem', 0, word),
    ])
    expect(seen.map(({ place, entry }) => [place, entry.player])).toEqual([
      [1, 'bob'],
      [2, 'ann'],
    ])
    expect(read.map(({ place, entry }) => [place, entry.player])).toEqual([[1, 'cem']])
  })

  test('each player’s best entry counts', () => {
    const { seen } = huntStandings([entry('1', 'ann', 5), entry('2', 'ann', 7), entry('4', 'bob', 6)])
    expect(seen.map(({ entry }) => entry.id)).toEqual(['2', '4'])
  })

  test('of equal ones the earlier comes first', () => {
    const { seen } = huntStandings([entry('1', 'ann', 5, { at: 20 }), entry('2', 'bob', 5, { at: 10 })])
    expect(seen.map(({ entry }) => entry.player)).toEqual(['bob', 'ann'])
  })

  test('do not depend on the order in which entries are read', () => {
    const entries = fc.array(
      fc.record({
        id: fc.uuid(),
        player: fc.constantFrom('ann', 'bob', 'cem'),
        at: fc.nat(3),
        fired: fc.record({ asPosted: fc.nat(3), mirrored: fc.nat(3) }),
      }),
    )
    fc.assert(
      fc.property(entries, (list) => {
        expect(huntStandings(list.toReversed())).toEqual(huntStandings(list))
      }),
    )
  })
})
