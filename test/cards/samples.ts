import { createHash } from 'node:crypto'
import { createCanvas } from '@napi-rs/canvas'
import type { Weight } from '../../src/cards/fonts.ts'
import { setText } from '../../src/cards/text.ts'

/** A word or two of every script that must never turn into boxes. */
export const samples: Readonly<Record<string, string>> = {
  Latin: 'Spider ßŁğé½№',
  Greek: 'Αράχνη',
  Cyrillic: 'Паук їё',
  Arabic: 'عنكبوت',
  Hebrew: 'עכביש',
  Devanagari: 'मकड़ी क्ष',
  Thai: 'แมงมุม น้ำ',
  Chinese: '蜘蛛龍龙',
  Japanese: 'クモくも鷗',
  Korean: '거미 힣',
  emoji: '🕷️❤️🏳️‍🌈👨‍👩‍👧🇩🇪1️⃣🫠',
  signs: 'σ−→·✓★…“”‘’♥',
  'letters in fancy names': '𝓐𝔟𝕔𝟙',
}

export interface Drawn {
  readonly width: number
  readonly height: number
  readonly rgba: Buffer
}

/** One line, black on white, 64 px. */
export function drawSample(text: string, weight: Weight = 'regular'): Drawn {
  const style = { size: 64, weight }
  const canvas = createCanvas(900, 120)
  const ctx = canvas.getContext('2d')
  ctx.fillStyle = '#ffffff'
  ctx.fillRect(0, 0, canvas.width, canvas.height)
  ctx.fillStyle = '#000000'
  setText(ctx, text, style)
  ctx.textAlign = 'left'
  ctx.fillText(text, 20, 85)
  return { width: canvas.width, height: canvas.height, rgba: canvas.data() }
}

export const fingerprint = ({ rgba }: Drawn): string => createHash('sha256').update(rgba).digest('hex')

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** A code point that will never be assigned: whatever is drawn for it is what a missing glyph looks like here. */
const neverAssigned = '\u{10FFFE}'
const blank = fingerprint(drawSample(' '))

/** Characters of a sample that come out blank or as a box. */
export function missing(text: string, weight: Weight): string[] {
  const wrong = new Set([blank, fingerprint(drawSample(neverAssigned, weight))])
  return [...graphemes.segment(text)]
    .map(({ segment }) => segment)
    .filter((character) => character.trim() && wrong.has(fingerprint(drawSample(character, weight))))
}

/** Where the drawing library looks for the machine's own fonts on Linux. */
export const installedFonts = '/usr/share/fonts'
