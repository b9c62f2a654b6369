import { describe, expect, test } from 'vitest'
import { int, ints, string } from '../../../src/onnx/index.ts'
import { allowed, casesOf, differenceOfRow, constant, floats, type Row, whole } from './check.ts'

const scales = (...values: number[]) => constant('float32', [values.length], ...values)

const rows: Row[] = [
  { op: 'Reshape', inputs: [floats(2, 3, 4), whole(6, 4)] },
  { op: 'Reshape', what: 'one size copied, one worked out', inputs: [floats(2, 3, 4), whole(0, -1)] },
  { op: 'Flatten', inputs: [floats(2, 3, 4)], attributes: { axis: int(2) } },
  { op: 'Flatten', what: 'from the back', inputs: [floats(2, 3, 4)], attributes: { axis: int(-2) } },
  { op: 'Squeeze', inputs: [floats(2, 1, 3, 1), whole(1, -1)] },
  { op: 'Squeeze', what: 'all axes of 1', inputs: [floats(2, 1, 3, 1)] },
  { op: 'Unsqueeze', inputs: [floats(2, 3), whole(0, -1)] },
  { op: 'Transpose', inputs: [floats(2, 3, 4)], attributes: { perm: ints([2, 0, 1]) } },
  { op: 'Transpose', what: 'all axes turned round', inputs: [floats(2, 3, 4)] },
  { op: 'Expand', inputs: [floats(3, 1), whole(2, 1, 4)] },
  { op: 'Expand', what: 'a shape smaller than the tensor', inputs: [floats(2, 3), whole(1)] },
  { op: 'Concat', inputs: [floats(2, 1), floats(2, 3), floats(2, 2)], attributes: { axis: int(-1) } },
  { op: 'Concat', what: 'first axis', inputs: [floats(1, 2), floats(3, 2)], attributes: { axis: int(0) } },
  { op: 'Split', inputs: [floats(2, 6), whole(1, 3, 2)], attributes: { axis: int(1) }, outputs: 3 },
  { op: 'Split', what: 'equal parts', inputs: [floats(4, 3)], outputs: 2, opsets: [13, 17] },
  {
    op: 'Split',
    what: 'parts by number, the last one smaller',
    inputs: [floats(2, 5)],
    attributes: { axis: int(-1), num_outputs: int(2) },
    outputs: 2,
    opsets: [18, 19],
  },
  { op: 'Slice', inputs: [floats(4, 5), whole(1, 0), whole(3, 4)] },
  { op: 'Slice', what: 'one axis, to the end', inputs: [floats(3, 5), whole(2), whole(2 ** 31), whole(1)] },
  { op: 'Slice', what: 'counted from the back', inputs: [floats(3, 5), whole(-4), whole(-1), whole(-1)] },
  { op: 'Slice', what: 'every third', inputs: [floats(2, 9), whole(1), whole(9), whole(1), whole(3)] },
  {
    op: 'Slice',
    what: 'backwards by two',
    inputs: [floats(7, 2), whole(-1), whole(1), whole(0), whole(-2)],
  },
  { op: 'Gather', what: 'rows', inputs: [floats(4, 3), whole(2, 0, 2)] },
  { op: 'Gather', what: 'one row, its axis dropped', inputs: [floats(4, 3), constant('int64', [], -1)] },
  {
    op: 'Gather',
    what: 'along an axis inside, by a matrix',
    inputs: [floats(2, 4, 3), constant('int64', [2, 2], 0, 3, 3, 1)],
    attributes: { axis: int(1) },
  },
  {
    op: 'Gather',
    what: 'the class token',
    inputs: [floats(2, 5, 3), constant('int64', [], 0)],
    attributes: { axis: int(1) },
  },
  { op: 'Pad', inputs: [floats(2, 3), whole(1, 0, 2, 3)] },
  { op: 'Pad', what: 'a value of its own', inputs: [floats(2, 3), whole(1, 0, 0, 2), floats()] },
  { op: 'Pad', what: 'cutting off', inputs: [floats(4, 4), whole(-1, 1, 1, -2)] },
  {
    op: 'Pad',
    what: 'mirrored',
    inputs: [floats(1, 4, 3), whole(0, 2, 1, 0, 3, 2)],
    attributes: { mode: string('reflect') },
  },
  {
    op: 'Pad',
    what: 'edge',
    inputs: [floats(1, 3, 3), whole(0, 2, 0, 0, 1, 2)],
    attributes: { mode: string('edge') },
  },
  {
    op: 'Pad',
    what: 'wrapped round',
    inputs: [floats(3, 4), whole(1, 3, 2, 0)],
    attributes: { mode: string('wrap') },
    opsets: [19],
  },
  {
    op: 'Pad',
    what: 'some axes',
    inputs: [floats(2, 3), whole(1, 2), undefined, whole(-1)],
    opsets: [18, 19],
  },
  ...resizes(),
]

function resizes(): Row[] {
  const none = constant('float32', [0])
  const coordinates = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric']
  return [
    ...coordinates.flatMap((mode) => [
      {
        op: 'Resize',
        what: `nearest up, ${mode}`,
        inputs: [floats(1, 2, 3, 4), undefined, scales(1, 1, 2, 1.5)],
        attributes: { mode: string('nearest'), coordinate_transformation_mode: string(mode) },
      },
      {
        op: 'Resize',
        what: `linear up, ${mode}`,
        inputs: [floats(1, 2, 3, 4), undefined, undefined, whole(1, 2, 5, 8)],
        attributes: { mode: string('linear'), coordinate_transformation_mode: string(mode) },
      },
      {
        op: 'Resize',
        what: `linear down, ${mode}`,
        inputs: [floats(1, 2, 7, 6), none, none, whole(1, 2, 4, 3)],
        attributes: { mode: string('linear'), coordinate_transformation_mode: string(mode) },
      },
    ]),
    ...['floor', 'ceil', 'round_prefer_floor', 'round_prefer_ceil'].map((mode) => ({
      op: 'Resize',
      what: `nearest down, ${mode}`,
      inputs: [floats(1, 1, 6, 7), undefined, scales(1, 1, 0.5, 0.6)],
      attributes: { mode: string('nearest'), nearest_mode: string(mode) },
    })),
    {
      op: 'Resize',
      what: 'half_pixel_symmetric',
      inputs: [floats(1, 1, 5, 5), undefined, scales(1, 1, 0.7, 1.3)],
      attributes: { mode: string('linear'), coordinate_transformation_mode: string('half_pixel_symmetric') },
      opsets: [19],
    },
    {
      op: 'Resize',
      what: 'some axes, as large as fits',
      inputs: [floats(1, 2, 4, 6), undefined, undefined, whole(8, 9)],
      attributes: {
        mode: string('linear'),
        axes: ints([2, 3]),
        keep_aspect_ratio_policy: string('not_larger'),
      },
      opsets: [18, 19],
    },
  ]
}

describe('gradients of operators that move elements agree with differences', () => {
  test.each(casesOf(rows))('%s', async (_, row, opset) => {
    expect(await differenceOfRow(row, opset)).toBeLessThan(allowed(row))
  })
})
