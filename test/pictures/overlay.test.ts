import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { withOverlay } from '../../src/pictures/overlay.ts'

const picture = { width: 4, height: 3, data: new Uint8Array(36).fill(200) }
const clear = { r: 0, g: 0, b: 0, alpha: 0 }

/** A transparent PNG with one red pixel in its corner. */
const drawing = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 4, background: clear } })
    .composite([
      { input: { create: { width: 1, height: 1, channels: 4, background: '#ff0000' } }, top: 0, left: 0 },
    ])
    .png()
    .toBuffer()

describe('a drawing laid over a picture', () => {
  test('changes what was drawn on and nothing else', async () => {
    const { data } = await withOverlay(picture, await drawing(4, 3))
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0])
    expect([...data.subarray(3)]).toEqual([...picture.data.subarray(3)])
  })

  test.each([
    ['of another size', () => drawing(3, 4)],
    ['far larger than the picture', () => drawing(9000, 9000)],
    [
      'that is a JPEG',
      () =>
        sharp({ create: { width: 4, height: 3, channels: 3, background: 'red' } })
          .jpeg()
          .toBuffer(),
    ],
    ['that breaks off', async () => (await drawing(4, 3)).subarray(0, 60)],
    ['of too many bytes', async () => Buffer.concat([await drawing(4, 3), Buffer.alloc(4_000_000)])],
    ['of no bytes', async () => Buffer.alloc(0)],
  ])('is refused in one sentence if it is one %s', async (_what, bytes) => {
    await expect(withOverlay(picture, await bytes())).rejects.toThrow(
      'That drawing does not fit this picture; please draw it again.',
    )
  })
})
