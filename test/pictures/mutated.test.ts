import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { decodePicture } from '../../src/pictures/decode.ts'
import { amount } from '../examples.ts'

const formats = ['png', 'jpeg', 'webp', 'gif', 'avif'] as const
const width = 48
const height = 40
/** A picture with something in it: smooth enough for JPEG, with edges for the rest. */
const pixels = Buffer.from(
  Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + Math.floor(i / (width * 3)) * 31) % 256),
)

/** What happens to files in transit: flipped bytes, a piece that is lost, repeated or foreign, an end that is cut off. */
const damage = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 64 }) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), bytes: fc.uint8Array({ maxLength: 32 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
)
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never

function damaged(file: Buffer, each: Damage): Buffer {
  const at = each.at % Math.max(1, file.length)
  const [before, after] = [file.subarray(0, at), file.subarray(at)]
  switch (each.kind) {
    case 'flip':
      return Buffer.concat([before, Buffer.from([each.byte]), after.subarray(1)])
    case 'drop':
      return Buffer.concat([before, after.subarray(each.length)])
    case 'insert':
      return Buffer.concat([before, each.bytes, after])
    case 'cut':
      return before
  }
}

// At length 12,000 files.
describe('a file that was damaged in any way', () => {
  test.each(formats)('as %s opens, or is refused in one sentence', async (format) => {
    const raw = { width, height, channels: 3 } as const
    const whole = await sharp(pixels, { raw }).toFormat(format).toBuffer()
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), async (damages) => {
        const file = damages.reduce(damaged, whole)
        const opened = await decodePicture(new Uint8Array(file), { previewSide: 64, side: 32 }).catch(
          (error: unknown) => error,
        )
        if (opened instanceof Error) {
          expect(opened).toBeInstanceOf(UserError)
          expect(opened.message).toMatch(/^[A-Z][^\n]*[.]$/)
        } else expect(opened).toMatchObject({ square: { width: 32, height: 32 } })
      }),
      { numRuns: amount(100, 2400) },
    )
  })
})
