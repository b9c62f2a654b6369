import fc from 'fast-check'
import { expect, test } from 'vitest'
import { channelName, momentMark, plain, spans, withoutMarkup } from '../../src/chat/markup.ts'

test('bold, italic and code become spans', () => {
  expect(spans('**Spider** is _unit_ `550`!')).toEqual([
    { text: 'Spider', style: 'bold' },
    { text: ' is ', style: 'plain' },
    { text: 'unit', style: 'italic' },
    { text: ' ', style: 'plain' },
    { text: '550', style: 'code' },
    { text: '!', style: 'plain' },
  ])
})

test('a channel is linked by its id, but not by what a person writes', () => {
  expect(spans(`in ${channelName('C01')}`)).toEqual([
    { text: 'in ', style: 'plain' },
    { text: '#C01', style: 'plain', channel: 'C01' },
  ])
  expect(spans(plain('<#C01>'))).toEqual([{ text: '<#C01>', style: 'plain' }])
})

test('a moment is shown by its time and in words, but not by what a person writes', () => {
  const mark = momentMark(1_780_000_000_000, 'Thu, 28 May 2026, 20:26 UTC')
  expect(spans(`until ${mark}`)).toEqual([
    { text: 'until ', style: 'plain' },
    { text: 'Thu, 28 May 2026, 20:26 UTC', style: 'plain', at: 1_780_000_000_000 },
  ])
  expect(spans(plain(mark))).toEqual([{ text: mark, style: 'plain' }])
})

test('whatever a person writes shows as it was typed, even between marks', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      expect(withoutMarkup(plain(typed))).toBe(typed)
      expect(spans(plain(typed)).every((span) => span.style === 'plain')).toBe(true)
      expect(withoutMarkup(`**${plain(typed)}**`)).toBe(typed === '' ? '****' : typed)
    }),
  )
})
