import { describe, expect, test } from 'vitest'
import { direction, ellipsis, oneLine, textWidth, wrap } from '../../src/cards/text.ts'

const style = { size: 27 }

describe('a line that is too long', () => {
  const long = 'a very long name that goes on and on, about a Donaudampfschifffahrtsgesellschaft'

  test('is cut to what fits and ends with an ellipsis', () => {
    const cut = ellipsis(long, 300, style)
    expect(cut).toMatch(/^a very long name.*…$/)
    expect(textWidth(cut, style)).toBeLessThanOrEqual(300)
    expect(textWidth(cut, style)).toBeGreaterThan(260)
  })

  test('is left alone if it fits', () => {
    expect(ellipsis('spider', 300, style)).toBe('spider')
  })

  test('is never cut inside a character of several code points', () => {
    const family = '👨‍👩‍👧'
    const cut = ellipsis(family.repeat(30), 200, style)
    expect(cut.replaceAll(family, '')).toBe('…')
  })
})

describe('wrapped text', () => {
  test('keeps every word and stays inside the width', () => {
    const text = 'The strongest units of the picture, with names, numbers and (sometimes) thumbnails.'
    const lines = wrap(text, 300, 9, style)
    expect(lines.join(' ').replace(/\s+/g, ' ')).toBe(text)
    for (const line of lines) expect(textWidth(line, style)).toBeLessThanOrEqual(300)
  })

  test('breaks scripts without spaces too', () => {
    for (const text of ['แมงมุมเป็นสัตว์ที่มีแปดขา', '蜘蛛是一种有八条腿的动物']) {
      const lines = wrap(text, 200, 9, style)
      expect(lines.length).toBeGreaterThan(1)
      expect(lines.join('')).toBe(text)
    }
  })

  test('ends the last allowed line with an ellipsis', () => {
    const lines = wrap('one two three four five six seven eight nine ten', 200, 2, style)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/…$/)
  })

  test('does not split what a no-break space joins, nor begin a line with a comma', () => {
    const lines = wrap(
      'spider\u00a012.1\u00a0σ, web\u00a09.0\u00a0σ, tarantula\u00a08.8\u00a0σ',
      260,
      9,
      style,
    )
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line).toMatch(/^[a-z]+.*σ,?\s*$/)
  })
})

describe('what a person wrote', () => {
  test('becomes one line without marks that would turn or cover its neighbours', () => {
    expect(oneLine(' a\n\tb\u202Ec\u2066 ')).toBe('a bc')
    expect(oneLine(`Z${'\u0301'.repeat(50)}algo`)).toBe(`Z${'\u0301'.repeat(4)}algo`)
  })

  test('runs in the direction of its first letter', () => {
    expect(direction('12 שלום abc')).toBe('rtl')
    expect(direction('🕷️ مرحبا')).toBe('rtl')
    expect(direction('abc שלום')).toBe('ltr')
    expect(direction('12 %')).toBe('ltr')
  })
})
