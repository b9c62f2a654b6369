import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../src/store/codec.ts'

describe('the text of a record', () => {
  const leaf = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('base64:', 'text:', 'base64:text:', 'text:base64:AAAA'),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Object.is(number, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 40 }),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }))

  test('gives back any plain data with bytes in it, whatever its strings say', () => {
    fc.assert(
      fc.property(value, (data) => {
        expect(decode(encode(data))).toEqual(data)
      }),
    )
  })

  test('takes a Buffer for the bytes in it, and gives back memory of its own', () => {
    const bytes = decode(encode(Buffer.from('hello'))) as Uint8Array
    expect(bytes).toEqual(new TextEncoder().encode('hello'))
    expect(bytes.buffer.byteLength).toBe(5)
  })

  test('is JSON that a person can read', () => {
    expect(encode({ alt: 'a cat', bytes: Uint8Array.of(1, 2, 3) })).toBe(
      '{"alt":"a cat","bytes":"base64:AQID"}',
    )
  })
})
