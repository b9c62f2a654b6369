import { describe, expect, test } from 'vitest'
import { decodeResponse, encodeRequest, headLengthHeader } from '../../../src/jobs/model-server/tensors.ts'

/** The example of Triton's document on the extension, with types that CLIP uses. */
const image = { name: 'image', datatype: 'UINT8', shape: [2, 2], data: Uint8Array.of(1, 2, 3, 4) } as const
const scale = { name: 'scale', datatype: 'FP32', shape: [1], data: Float32Array.of(0.5) } as const

const answer = (head: object, ...tensors: Uint8Array[]) => {
  const json = Buffer.from(JSON.stringify(head))
  return [new Uint8Array(Buffer.concat([json, ...tensors])), String(json.length)] as const
}

describe('a request with the binary extension', () => {
  const { headers, body } = encodeRequest([image, scale], ['embedding'], true)
  const head = Number(headers[headLengthHeader])

  test('begins with a JSON head as long as its header says', () => {
    expect(headers['content-type']).toBe('application/octet-stream')
    expect(JSON.parse(Buffer.from(body.subarray(0, head)).toString())).toEqual({
      inputs: [
        { name: 'image', datatype: 'UINT8', shape: [2, 2], parameters: { binary_data_size: 4 } },
        { name: 'scale', datatype: 'FP32', shape: [1], parameters: { binary_data_size: 4 } },
      ],
      outputs: [{ name: 'embedding', parameters: { binary_data: true } }],
    })
  })

  test('goes on with the tensors, little-endian, in the order of the head, without padding', () => {
    expect([...body.subarray(head)]).toEqual([1, 2, 3, 4, 0, 0, 0, 0x3f])
  })

  test('takes only the tensor’s part of a shared buffer', () => {
    const data = new Uint8Array([9, 9, 1, 2, 9]).subarray(2, 4)
    const small = encodeRequest([{ name: 'x', datatype: 'UINT8', shape: [2], data }], [], true)
    expect([...small.body.subarray(Number(small.headers[headLengthHeader]))]).toEqual([1, 2])
  })
})

test('without the extension the numbers are in the JSON, 64-bit ones too', () => {
  const tokens = {
    name: 'text',
    datatype: 'INT64',
    shape: [1, 2],
    data: BigInt64Array.of(7n, 49407n),
  } as const
  const { headers, body } = encodeRequest([tokens], ['embedding'], false)
  expect(headers).toEqual({ 'content-type': 'application/json' })
  expect(JSON.parse(Buffer.from(body).toString())).toEqual({
    inputs: [{ name: 'text', datatype: 'INT64', shape: [1, 2], data: [7, 49407] }],
    outputs: [{ name: 'embedding' }],
  })
})

describe('an answer', () => {
  const output = (name: string, datatype: string, shape: number[], size: number) => ({
    name,
    datatype,
    shape,
    parameters: { binary_data_size: size },
  })

  test('gives each tensor its own bytes, wherever they begin', () => {
    const floats = new Uint8Array(Float32Array.of(1.5, -2).buffer)
    const [body, length] = answer(
      { outputs: [output('a', 'UINT8', [3], 3), output('b', 'FP32', [1, 2], 8)] },
      Uint8Array.of(5, 6, 7),
      floats,
    )
    const [a, b] = decodeResponse(body, length)
    expect(a).toEqual({ name: 'a', datatype: 'UINT8', shape: [3], data: Uint8Array.of(5, 6, 7) })
    expect(b).toEqual({ name: 'b', datatype: 'FP32', shape: [1, 2], data: Float32Array.of(1.5, -2) })
  })

  test('may be all JSON', () => {
    const [body] = answer({ outputs: [{ name: 'a', datatype: 'FP32', shape: [2], data: [0.25, 4] }] })
    expect(decodeResponse(body, null)[0]?.data).toEqual(Float32Array.of(0.25, 4))
  })

  test.each([
    ['is cut short', [output('a', 'FP32', [2], 8)], new Uint8Array(7)],
    ['has another shape than bytes', [output('a', 'FP32', [3], 8)], new Uint8Array(8)],
    ['ends in the middle of a number', [output('a', 'FP32', [2], 7)], new Uint8Array(7)],
  ])('that %s names the tensor', (_, outputs, bytes) => {
    const [body, length] = answer({ outputs }, bytes)
    expect(() => decodeResponse(body, length)).toThrow('output "a" should hold')
  })
})
