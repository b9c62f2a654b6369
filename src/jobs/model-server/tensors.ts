/**
 * Tensors as the Open Inference Protocol v2 carries them in its binary extension: a JSON head, then the bytes of
 * each tensor, little-endian, row-major, without padding, in the order in which the head names them.
 * @see https://docs.nvidia.com/deeplearning/triton-inference-server/user-guide/docs/protocol/extension_binary_data.html
 */
import { z } from 'zod'

/** The element types of CLIP's encoders' inputs and outputs. */
const arrays = {
  UINT8: Uint8Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP32: Float32Array,
} as const

export type DataType = keyof typeof arrays
export type TensorData = InstanceType<(typeof arrays)[DataType]>

export interface ServerTensor {
  readonly name: string
  readonly datatype: DataType
  readonly shape: readonly number[]
  /** As many elements as the shape multiplies to. */
  readonly data: TensorData
}

/** The header that says how many bytes of a body are its JSON head. */
export const headLengthHeader = 'inference-header-content-length'

/** @param binary false for a server without the extension: the numbers are then in the JSON. */
export function encodeRequest(
  inputs: readonly ServerTensor[],
  outputs: readonly string[],
  binary: boolean,
): { readonly headers: Record<string, string>; readonly body: Uint8Array<ArrayBuffer> } {
  const head = {
    inputs: inputs.map(({ name, datatype, shape, data }) => ({
      name,
      datatype,
      shape,
      ...(binary
        ? { parameters: { binary_data_size: data.byteLength } }
        : { data: Array.from(data, Number) }),
    })),
    outputs: outputs.map((name) => ({ name, ...(binary && { parameters: { binary_data: true } }) })),
  }
  const json = Buffer.from(JSON.stringify(head))
  if (!binary) return { headers: { 'content-type': 'application/json' }, body: new Uint8Array(json) }
  const tensors = inputs.map(({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return {
    headers: { 'content-type': 'application/octet-stream', [headLengthHeader]: String(json.length) },
    body: new Uint8Array(Buffer.concat([json, ...tensors])),
  }
}

const responseSchema = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.enum(Object.keys(arrays) as [DataType, ...DataType[]]),
      shape: z.array(z.number().int().min(0)),
      data: z.array(z.number()).optional(),
      parameters: z.object({ binary_data_size: z.number().int().min(0).optional() }).optional(),
    }),
  ),
})

/**
 * @param headLength the value of the header `headLengthHeader`; null if the whole body is JSON
 * @throws Error that names the tensor whose bytes do not match its shape
 */
export function decodeResponse(body: Uint8Array, headLength: string | null): ServerTensor[] {
  const head = headLength === null ? body.length : Number(headLength)
  const json: unknown = JSON.parse(Buffer.from(body.subarray(0, head)).toString('utf8'))
  let at = head
  return responseSchema.parse(json).outputs.map(({ name, datatype, shape, data, parameters }) => {
    const elements = shape.reduce((product, side) => product * side, 1)
    const size = parameters?.binary_data_size
    const bytes = size === undefined ? undefined : body.slice(at, (at += size))
    const values = bytes ? fromBytes(bytes, datatype) : fromNumbers(data ?? [], datatype)
    if (values?.length !== elements || (bytes && bytes.length !== size))
      throw new Error(`output "${name}" should hold ${elements} elements of ${datatype} and does not`)
    return { name, datatype, shape, data: values }
  })
}

/** @returns undefined if the bytes are not a whole number of elements */
function fromBytes(bytes: Uint8Array<ArrayBuffer>, datatype: DataType): TensorData | undefined {
  const type = arrays[datatype]
  return bytes.length % type.BYTES_PER_ELEMENT === 0 ? new type(bytes.buffer) : undefined
}

const fromNumbers = (numbers: readonly number[], datatype: DataType): TensorData =>
  datatype === 'INT64' ? BigInt64Array.from(numbers, BigInt) : arrays[datatype].from(numbers)
