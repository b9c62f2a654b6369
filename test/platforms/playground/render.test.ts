import { describe, expect, test } from 'vitest'
import type { Element, Picture } from '../../../src/chat/reply.ts'
import { english } from '../../../src/language.ts'
import { render } from '../../../src/platforms/playground/render.ts'

const picture = (name: string): Picture => ({
  bytes: Uint8Array.of(1, 2, 3),
  mimeType: 'image/webp',
  name: `${name}.webp`,
  alt: `a drawing of ${name}`,
})

function ids(): () => string {
  let count = 0
  return () => `file-${(count += 1)}`
}

const rendered = (...elements: Element[]) => render({ elements }, ids(), english)

describe('a reply becomes what the page draws', () => {
  test('markup becomes spans, and what a person escaped shows as typed', () => {
    const { elements } = rendered({ kind: 'text', text: 'a **b** \\*c\\*' })
    expect(elements).toEqual([
      {
        kind: 'text',
        spans: [
          { text: 'a ', style: 'plain' },
          { text: 'b', style: 'bold' },
          { text: ' *c*', style: 'plain' },
        ],
      },
    ])
  })

  test('HTML in a text stays text', () => {
    const { elements } = rendered({ kind: 'note', text: '<img src=x onerror=alert(1)>' })
    const [note] = elements as { kind: string; spans: { text: string; style: string }[] }[]
    expect(note?.kind).toBe('note')
    expect(note?.spans.map(({ text }) => text).join('')).toBe('<img src=x onerror=alert(1)>')
    expect(new Set(note?.spans.map(({ style }) => style))).toEqual(new Set(['plain']))
  })

  test('pictures are named by file, with their alt text, and their bytes travel beside', () => {
    const { elements, files } = rendered(
      { kind: 'picture', picture: picture('spider') },
      { kind: 'gallery', pictures: [picture('a web'), picture('a fly')] },
    )
    expect(files.map(({ ref }) => ref.id)).toEqual(['file-1', 'file-2', 'file-3'])
    expect(files[0]!.bytes).toEqual(Uint8Array.of(1, 2, 3))
    expect(elements[0]).toEqual({
      kind: 'picture',
      picture: {
        id: 'file-1',
        name: 'spider.webp',
        mimeType: 'image/webp',
        size: 3,
        alt: 'a drawing of spider',
      },
    })
    expect(JSON.stringify(elements)).not.toContain('bytes')
  })

  test('bars stay between empty and full', () => {
    const bars = [
      { label: 'a', share: 1.2, value: '' },
      { label: 'b', share: -1, value: '' },
    ]
    const [element] = rendered({ kind: 'bars', bars }).elements
    expect(element).toMatchObject({ bars: [{ share: 1 }, { share: 0 }] })
  })

  test('a pinged role comes first', () => {
    const { elements } = render({ elements: [], pingRole: 'players' }, ids(), english)
    expect(elements).toEqual([{ kind: 'text', spans: [{ text: '@players', style: 'bold' }] }])
  })
})

describe('limits', () => {
  test('text and alt text are cut', () => {
    const long = { ...picture('x'), alt: 'a'.repeat(5_000) }
    const { elements, files } = rendered(
      { kind: 'text', text: 't'.repeat(9_000) },
      { kind: 'picture', picture: long },
    )
    expect(elements[0]).toMatchObject({ spans: [{ text: `${'t'.repeat(3_999)}…` }] })
    expect(files[0]!.ref.alt).toHaveLength(1_000)
  })

  test.each<[Element, string]>([
    [{ kind: 'gallery', pictures: Array.from({ length: 15 }, () => picture('x')) }, '3 more are not shown.'],
    [
      { kind: 'table', columns: ['a'], rows: Array.from({ length: 60 }, () => ['1']) },
      '10 more are not shown.',
    ],
    [
      { kind: 'bars', bars: Array.from({ length: 41 }, () => ({ label: 'a', share: 1, value: '1' })) },
      '1 more is not shown.',
    ],
    [
      { kind: 'buttons', buttons: Array.from({ length: 30 }, () => ({ id: 'a/b', label: 'x' })) },
      '5 more are not shown.',
    ],
  ])('what is over the limit is left out and counted: %#', (element, sentence) => {
    const { elements } = rendered(element)
    expect(elements).toHaveLength(2)
    expect(elements[1]).toMatchObject({ kind: 'note', spans: [{ text: sentence }] })
  })

  test('at most forty elements are shown', () => {
    const { elements } = rendered(...Array.from({ length: 45 }, () => ({ kind: 'text', text: 'x' }) as const))
    expect(elements).toHaveLength(41)
    expect(elements[40]).toMatchObject({ kind: 'note', spans: [{ text: '5 more are not shown.' }] })
  })
})
