import { wcagContrast } from 'culori'
import { describe, expect, test } from 'vitest'
import * as layout from '../../src/cards/layout.ts'
import { palettes } from '../../src/cards/theme.ts'

describe.each(Object.entries(palettes))('the %s theme', (_, palette) => {
  test.each([
    ['text', 'ground'],
    ['text', 'panel'],
    ['text', 'warmPanel'],
    ['muted', 'ground'],
    ['muted', 'panel'],
  ] as const)('%s on %s can be read (WCAG AA, 4.5)', (text, ground) => {
    expect(wcagContrast(palette[text], palette[ground])).toBeGreaterThanOrEqual(4.5)
  })

  test.each(['warm', 'cool', 'neutral'] as const)('%s bars stand out from the ground (WCAG AA, 3)', (bar) => {
    expect(wcagContrast(palette[bar], palette.ground)).toBeGreaterThanOrEqual(3)
  })
})

test('no text is smaller than 12 CSS pixels when a card is 360 wide', () => {
  const { titleFont, sectionFont, nameFont, bodyFont, smallFont, cardWidth } = layout
  for (const { size } of [titleFont, sectionFont, nameFont, bodyFont, smallFont]) {
    expect((size * 360) / cardWidth).toBeGreaterThanOrEqual(12)
  }
})
