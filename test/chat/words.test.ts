import { expect, test } from 'vitest'
import { english } from '../../src/language.ts'
import { duration, pageOf, pager } from '../../src/chat/words.ts'

test.each([
  [10, '1 minute'],
  [60_000, '1 minute'],
  [30 * 60_000, '30 minutes'],
  [2 * 3_600_000, '2 hours'],
  [24 * 3_600_000, '24 hours'],
  [72 * 3_600_000, '3 days'],
])('%d ms are %s', (ms, words) => {
  expect(duration(ms, english)).toBe(words)
})

test('a list is shown page by page; for a page that doesn’t exist, the nearest is shown', () => {
  const list = [1, 2, 3, 4, 5]
  expect(pageOf(list, 2, 2)).toEqual({ shown: [3, 4], page: 2, pages: 3 })
  expect(pageOf(list, 9, 2).shown).toEqual([5])
  expect(pageOf([], 0, 2)).toEqual({ shown: [], page: 1, pages: 1 })
})

test('Back and Next are under a list of several pages, and disabled at its ends', () => {
  const buttons = pager(pageOf([1, 2, 3], 1, 2), String, english)
  expect(buttons).toEqual([
    { id: '0', label: 'Back', disabled: true },
    { id: '2', label: 'Next', disabled: false },
  ])
  expect(pager(pageOf([1], 1, 2), String, english)).toEqual([])
})
