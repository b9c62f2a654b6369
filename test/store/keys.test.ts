import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareIds, endOf, endOfKeys, keyOf, segmentsOf } from '../../src/store/keys.ts'

/** Any string at all, lone surrogates included, with a preference for what keys are made of. */
const segment = fc.oneof(
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
    .map((units) => String.fromCharCode(...units)),
  fc
    .array(fc.constantFrom(':', ';', '%', '003a', '~', '!', 'a', 'ab', '', ' '), { maxLength: 4 })
    .map((parts) => parts.join('')),
)
const id = fc.array(segment, { maxLength: 5 })
const beginsWith = (whole: string[], prefix: string[]): boolean =>
  prefix.every((part, index) => whole[index] === part)

describe('raw keys', () => {
  test('are read back as the segments they were made of, so no two lists share a key', () => {
    fc.assert(
      fc.property(id, (segments) => {
        expect(segmentsOf(keyOf(segments))).toEqual(segments)
      }),
    )
  })

  test('are ASCII between "!" and "~", which neither has', () => {
    fc.assert(
      fc.property(id, (segments) => {
        expect(keyOf(segments)).toMatch(/^["-}]*$/)
      }),
    )
  })

  test('are in the range of a prefix exactly if the segments begin with it', () => {
    const related = fc.tuple(id, id).map(([a, b]) => ({ prefix: a, whole: [...a, ...b] }))
    const any = fc.record({ prefix: id, whole: id })
    fc.assert(
      fc.property(fc.oneof(related, any), ({ prefix, whole }) => {
        fc.pre(prefix.length > 0)
        const [from, key] = [keyOf(prefix), keyOf(whole)]
        expect(from <= key && key < endOf(from)).toBe(beginsWith(whole, prefix))
        expect(key < endOfKeys).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('have the same length limit in every driver', () => {
    expect(() => keyOf(['discord', 'x'.repeat(2000)])).toThrow('more than 2000')
    expect(keyOf(['x'.repeat(1999)])).toHaveLength(2000)
  })
})

describe('the order of ids', () => {
  test('is by segments first, then by code units', () => {
    const sorted = [[], ['a'], ['a', 'b'], ['a!'], ['ab'], ['b']]
    expect(sorted.toReversed().sort(compareIds)).toEqual(sorted)
  })

  test('is the same, whatever order they came in', () => {
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        expect(ids.toReversed().sort(compareIds)).toEqual(ids.toSorted(compareIds))
      }),
    )
  })
})
