import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mostWriting, writingCandidates } from '../../src/pictures/find-writing.ts'
import type { Box, RawPicture } from '../../src/pictures/picture.ts'
import { some } from '../examples.ts'
import { decoded, drawnOn, encoded } from './pictures.ts'

const folder = join(import.meta.dirname, '../../assets/contest')
const shipped = readdirSync(folder).filter((name) => name.endsWith('.jpg'))

/** The picture with a word on a paper label, blurred and compressed like a photograph, and where the word is. */
async function labelled(name: string, angle: number): Promise<{ photograph: RawPicture; word: Box }> {
  const picture = await decoded(join(folder, name))
  let half = { width: 0, height: 0 }
  const drawn = drawnOn(picture, (context) => {
    context.font = '80px Writing'
    context.textAlign = 'center'
    const width = context.measureText('toaster').width
    half = {
      width: (width / 2) * Math.cos(angle) + 30 * Math.abs(Math.sin(angle)),
      height: (width / 2) * Math.abs(Math.sin(angle)) + 30 * Math.cos(angle),
    }
    context.translate(360, 400)
    context.rotate(angle)
    context.fillStyle = '#f4f0e4'
    context.fillRect(-width / 2 - 40, -65, width + 80, 130)
    context.fillStyle = '#2a2a35'
    context.fillText('toaster', 0, 25)
  })
  return {
    photograph: await decoded(encoded(drawn).blur(0.6).jpeg({ quality: 80 })),
    word: {
      left: 0.5 - half.width / 720,
      top: 400 / 720 - half.height / 720,
      width: half.width / 360,
      height: half.height / 360,
    },
  }
}

/** The share of the word inside the box. */
function held(word: Box, box: Box): number {
  const width = Math.min(word.left + word.width, box.left + box.width) - Math.max(word.left, box.left)
  const height = Math.min(word.top + word.height, box.top + box.height) - Math.max(word.top, box.top)
  return (Math.max(0, width) * Math.max(0, height)) / (word.width * word.height)
}

describe('writing in a photograph', () => {
  test.each(some(1, [-0.12, 0, 0.2]))(
    'on a label turned by %d radians is among the first three places',
    async (angle) => {
      const missed: string[] = []
      for (const name of some(6, shipped)) {
        const { photograph, word } = await labelled(name, angle)
        const first = writingCandidates(photograph, 3)
        if (
          !first.some((box) => held(word, box) > 0.6 && box.width * box.height < 4 * word.width * word.height)
        )
          missed.push(name)
      }
      expect(missed.length, `missed on ${missed.join(', ')}`).toBeLessThanOrEqual(2)
    },
  )

  test('no place is larger than writing may be, and all are on the picture', async () => {
    for (const name of some(4, shipped))
      for (const { left, top, width, height } of writingCandidates(
        (await labelled(name, 0.1)).photograph,
        12,
      )) {
        expect(width * height).toBeLessThan(mostWriting)
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0)
        expect(Math.max(left + width, top + height)).toBeLessThanOrEqual(1 + 1e-9)
      }
  })

  test('on a picture of one colour there is none', () => {
    expect(writingCandidates({ width: 200, height: 100, data: new Uint8Array(60_000).fill(90) }, 12)).toEqual(
      [],
    )
  })
})
