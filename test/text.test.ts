import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderReply } from '../src/platforms/discord/render.ts'
import { english } from '../src/language.ts'
import { render as renderForPage } from '../src/platforms/playground/render.ts'
import { barLines, tableLines } from '../src/platforms/text-art.ts'
import { charactersOf, shortened, shortenedFileName } from '../src/text.ts'
import { amount } from './examples.ts'

const family = '👨‍👩‍👧‍👦'

test('a cut falls between what people see as characters', () => {
  expect(shortened('short', 5)).toBe('short')
  expect(shortened('longer', 5)).toBe('long…')
  expect(shortened('aaaa😀bbbb', 6)).toBe('aaaa…')
  expect(shortened(`ab${family}cd`, 8)).toBe('ab…')
  expect(shortened('e\u0301e\u0301e\u0301', 4)).toBe('e\u0301…')
  expect(shortened('half \ud83d', 20)).toBe('half �')
})

test('whatever is cut is well-formed, within its length, and a beginning of what it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, most) => {
      const cut = shortened(text, most)
      expect(cut.length).toBeLessThanOrEqual(most)
      expect(cut.isWellFormed()).toBe(true)
      const kept = charactersOf(cut.replace(/…$/, ''))
      if (cut !== text) expect(charactersOf(text).slice(0, kept.length)).toEqual(kept)
    }),
  )
})

test('a file name keeps its ending, and never half an emoji', () => {
  expect(shortenedFileName('cat.png', 100)).toBe('cat.png')
  expect(shortenedFileName(`${'a'.repeat(99)}😀.png`, 100)).toBe(`${'a'.repeat(95)}….png`)
  const name = shortenedFileName(`${'a'.repeat(99)}😀`, 100)
  expect(name).toBe(`${'a'.repeat(99)}…`)
  expect(() => encodeURIComponent(name)).not.toThrow()
})

test('columns stay columns: wide letters, emoji and line breaks in what people wrote', () => {
  const table = tableLines([
    ['name', 'points'],
    ['a\nb', '3'],
    ['猫😀', '4'],
  ])
  expect(table.split('\n')).toEqual(['name  points', 'a b   3', '猫😀  4'])
  const bars = barLines([{ label: '猫'.repeat(20), share: 0, value: '0 %' }])
  expect(bars).toMatch(/^猫{6}… {2}░/)
})

const discordText = (elements: Parameters<typeof renderReply>[0]['elements']): string => {
  const [container] = renderReply({ elements }).components as unknown as [
    { components: { content: string }[] },
  ]
  return container.components[0]!.content
}

test('on Discord a code block that is cut is closed, so that what follows is not code', () => {
  const rows = Array.from({ length: 200 }, (_, i) => [`Person number ${i}`, '3'])
  const content = discordText([
    { kind: 'table', columns: ['a', 'b'], rows },
    { kind: 'text', text: 'after' },
  ])
  expect(content.split('```')).toHaveLength(3)
  expect(content.length).toBeLessThanOrEqual(4000)
})

test('on Discord a code block is not begun if there is hardly any room left for it', () => {
  for (let length = 3980; length <= 4000; length += amount(4, 1)) {
    const content = discordText([
      { kind: 'text', text: 'x'.repeat(length) },
      { kind: 'table', columns: ['a', 'b'], rows: [['1', '2']] },
    ])
    expect(content.split('```').length % 2).toBe(1)
    expect(content.length).toBeLessThanOrEqual(4000)
  }
})

test.each(['-# tiny', '> quoted', '>>> quoted', '# big', '- item', '1. one'])(
  'on Discord %j shows as it was typed, on every line',
  (typed) => {
    const lines = discordText([{ kind: 'text', text: `${typed}\n${typed}` }]).split('\n')
    for (const line of lines) expect(line).toMatch(/^(\\[#>-]|1\\\.)/)
  },
)

test('on the playground a text that is cut never shows half a mark', () => {
  const text = `${'x'.repeat(3990)} **${'y'.repeat(40)}**`
  const [element] = renderForPage({ elements: [{ kind: 'text', text }] }, () => 'id', english).elements
  const { spans } = element as { spans: { text: string; style: string }[] }
  expect(spans.map(({ style }) => style)).toEqual(['plain', 'bold'])
  expect(spans[1]!.text).toBe(`${'y'.repeat(8)}…`)
})
