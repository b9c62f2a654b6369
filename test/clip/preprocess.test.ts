import { describe, expect, test } from 'vitest'
import { preprocess } from '../../src/clip/preprocess.ts'

describe('from the square to the tensor', () => {
  test('channel after channel, (v / 255 - mean) / std', () => {
    const square = { width: 2, height: 1, data: Uint8Array.from([0, 51, 255, 102, 153, 204]) }
    const tensor = preprocess(square, { mean: [0.5, 0, 0.25], std: [0.5, 1, 0.5] })
    const expected = [-1, -0.2, 0.2, 0.6, 1.5, 1.1]
    expect(tensor).toHaveLength(6)
    expected.forEach((value, i) => expect(tensor[i]).toBeCloseTo(value, 6))
  })
})
