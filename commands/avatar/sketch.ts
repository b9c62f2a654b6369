import { random } from '../../src/games/seed.ts'
import type { Mood } from './faces.ts'

interface Expression {
  /** A path. */
  readonly mouth: string
  readonly open?: true
  /** How far the brows slant: up on the inside is worried, down is angry. */
  readonly brow: number
  readonly eyes: 'open' | 'closed' | 'wide'
}
const expressions: Readonly<Record<Mood | 'calm', Expression>> = {
  calm: { mouth: 'M40 66 Q50 71 60 66', brow: 0, eyes: 'open' },
  happy: { mouth: 'M36 62 Q50 80 64 62 Z', open: true, brow: 0, eyes: 'open' },
  sad: { mouth: 'M38 71 Q50 60 62 71', brow: 3, eyes: 'open' },
  angry: { mouth: 'M39 69 Q50 63 61 69', brow: -4, eyes: 'open' },
  afraid: { mouth: 'M44 64 Q50 58 56 64 Q58 74 50 74 Q42 74 44 64 Z', open: true, brow: 4, eyes: 'wide' },
  sleepy: { mouth: 'M45 68 Q50 71 55 68', brow: 0, eyes: 'closed' },
  silly: { mouth: 'M38 62 Q50 74 62 62 M50 68 Q49 80 55 79 Q59 77 57 66', open: true, brow: 2, eyes: 'wide' },
}

/** What all parts of a face depend on, in the drawing's units. */
interface Head {
  /** Half its width and height. */
  readonly wide: number
  readonly tall: number
  readonly hair: string
}

/** Hair, in one colour each. */
const hairs: readonly ((head: Head) => string)[] = [
  ({ wide, tall, hair }) => cap(50 - wide - 2, 52 - tall - 8, 46, hair),
  ({ wide, tall, hair }) => cap(50 - wide - 5, 52 - tall - 9, 72, hair),
  ({ tall, hair }) => {
    const top = 52 - tall
    return `<path d="M38 ${top + 4} Q42 ${top - 12} 50 ${top - 3} Q58 ${top - 12} 62 ${top + 4} Z" fill="${hair}"/>`
  },
  ({ wide, tall, hair }) =>
    [-2, -1, 0, 1, 2]
      .map(
        (n) =>
          `<circle cx="${50 + n * (wide / 2.3)}" cy="${56 - tall + n * n * 1.6}" r="7.5" fill="${hair}"/>`,
      )
      .join(''),
]

/** Hair that falls on both sides from [top] down to [down]. */
function cap(left: number, top: number, down: number, hair: string): string {
  const right = 100 - left
  const brow = top + 16
  return `<path d="M${left} ${down} Q${left} ${top} 50 ${top} Q${right} ${top} ${right} ${down} L${right - 6} ${down} Q${right - 8} ${brow} 50 ${brow} Q${left + 8} ${brow} ${left + 6} ${down} Z" fill="${hair}"/>`
}

function eye(x: number, inwards: 1 | -1, { brow, eyes }: Expression, hair: string): string {
  const lid = `<path d="M${x - 5 * inwards} ${38 + brow / 2} L${x + 5 * inwards} ${38 - brow}" stroke="${hair}" stroke-width="3" stroke-linecap="round"/>`
  if (eyes === 'closed')
    return `${lid}<path d="M${x - 5} 47 Q${x} 51 ${x + 5} 47" fill="none" stroke="#222" stroke-width="3"/>`
  const radius = eyes === 'wide' ? 6.5 : 5
  return `${lid}<ellipse cx="${x}" cy="47" rx="${radius}" ry="${radius * 1.1}" fill="#fff"/><circle cx="${x}" cy="47.5" r="3.2" fill="#222"/>`
}

/**
 * A face from the front, by the person's seed: what a portrait grows from. Its colours are nobody's skin.
 * @returns an SVG, square, on the near white of our visualisations
 */
export function faceSketch(seed: number, mood: Mood | 'calm' = 'calm'): string {
  const next = random(seed)
  const hue = Math.floor(next() * 360)
  const hair = `hsl(${(hue + 60 + Math.floor(next() * 240)) % 360} 60% 35%)`
  const [wide, tall, apart] = [25 + next() * 6, 29 + next() * 4, 10 + next() * 3]
  const expression = expressions[mood]
  const hairOf = hairs[Math.floor(next() * hairs.length)]!
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">
<rect width="100" height="100" fill="#f7f7f7"/>
<ellipse cx="50" cy="52" rx="${wide}" ry="${tall}" fill="hsl(${hue} 70% 68%)"/>
${hairOf({ wide, tall, hair })}
${eye(50 - apart, 1, expression, hair)}${eye(50 + apart, -1, expression, hair)}
<path d="M50 50 Q47 57 51 58" fill="none" stroke="#0004" stroke-width="2"/>
<path d="${expression.mouth}" fill="${expression.open ? '#a22' : 'none'}" stroke="#722" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`
}
