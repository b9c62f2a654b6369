import { closeSync, openSync, readSync } from 'node:fs'
import { GraphError } from './error.ts'

/** Element types by ONNX Runtime's names, with their ONNX codes and the arrays that hold them here. */
const elements = {
  float32: { code: 1, array: Float32Array },
  uint8: { code: 2, array: Uint8Array },
  int8: { code: 3, array: Int8Array },
  uint16: { code: 4, array: Uint16Array },
  int16: { code: 5, array: Int16Array },
  int32: { code: 6, array: Int32Array },
  int64: { code: 7, array: BigInt64Array },
  bool: { code: 9, array: Uint8Array },
  float16: { code: 10, array: Uint16Array },
  float64: { code: 11, array: Float64Array },
  uint32: { code: 12, array: Uint32Array },
  uint64: { code: 13, array: BigUint64Array },
} as const

export type ElementType = keyof typeof elements

export type Shape = readonly number[]

/** A constant: its elements in row-major order as little-endian bytes, so that nothing is lost from reading to writing. */
export interface Tensor {
  readonly type: ElementType
  readonly dims: Shape
  readonly bytes: Uint8Array
}

/** Part of a file, in bytes. */
export interface FileRange {
  readonly path: string
  readonly offset: number
  readonly length: number
}

/** A constant that stays in its file: `bytes` is read again on each access. */
export interface ExternalTensor extends Tensor {
  readonly range: FileRange
}

export const isExternal = (tensor: Tensor): tensor is ExternalTensor => 'range' in tensor

/** @throws GraphError on access to `bytes`, if the file is shorter than that */
export function externalTensor(type: ElementType, dims: Shape, range: FileRange): ExternalTensor {
  return {
    type,
    dims,
    range,
    get bytes() {
      return readRange(range)
    },
  }
}

function readRange({ path, offset, length }: FileRange): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const bytes = new Uint8Array(length)
    if (readSync(file, bytes, 0, length, offset) < length)
      throw new GraphError(`"${path}" has become shorter`)
    return bytes
  } finally {
    closeSync(file)
  }
}

export const codeOf = (type: ElementType): number => elements[type].code

export const sizeOf = (type: ElementType): number => elements[type].array.BYTES_PER_ELEMENT

/** @throws GraphError for a type that is not supported: strings, complex numbers, floats of 8 bits or fewer, bfloat16. */
export function typeOfCode(code: number, where: string): ElementType {
  const found = Object.entries(elements).find(([, element]) => element.code === code)
  if (!found) throw new GraphError(`${where} has ONNX element type ${code}, which is not supported`)
  return found[0] as ElementType
}

export const isFloat = (type: ElementType): boolean => type.startsWith('float')

export const countOf = (dims: Shape): number => dims.reduce((all, dim) => all * dim, 1)

/** Packs numbers as elements of `type`: integers wrap, floats round to nearest. */
export function tensor(type: ElementType, dims: Shape, values: Iterable<number> & ArrayLike<number>): Tensor {
  if (values.length !== countOf(dims)) {
    throw new GraphError(`${values.length} values do not fill a tensor of [${dims.join(', ')}]`)
  }
  return { type, dims, bytes: bytesOf(pack(type, values)) }
}

function pack(type: ElementType, values: Iterable<number>): NodeJS.ArrayBufferView {
  if (type === 'int64') return BigInt64Array.from(values, toBigInt)
  if (type === 'uint64') return BigUint64Array.from(values, toBigInt)
  if (type === 'float16') return Uint16Array.from(values, toHalf)
  if (type === 'bool') return Uint8Array.from(values, (value) => (value ? 1 : 0))
  return elements[type].array.from(values)
}

const toBigInt = (value: number): bigint => BigInt(Math.trunc(value))

export const bytesOf = (view: NodeJS.ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** The elements as numbers (64-bit integers beyond 2^53 lose precision). May be a view: don't write to it. */
export function valuesOf({ type, bytes }: Tensor): ArrayLike<number> & Iterable<number> {
  const { array } = elements[type]
  // A view must begin at a multiple of the element's size, which an offset inside a file rarely is.
  const { buffer, byteOffset } = bytes.byteOffset % array.BYTES_PER_ELEMENT ? Uint8Array.from(bytes) : bytes
  const view = new array(buffer as ArrayBuffer, byteOffset, bytes.byteLength / array.BYTES_PER_ELEMENT)
  if (view instanceof BigInt64Array || view instanceof BigUint64Array) return Array.from(view, Number)
  return type === 'float16' ? Float32Array.from(view, fromHalf) : view
}

/** IEEE 754 half precision: 1 sign bit, 5 exponent bits, 10 mantissa bits. */
function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31
  const mantissa = bits & 1023
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 31) return mantissa ? NaN : sign * Infinity
  return sign * (exponent ? (1 + mantissa / 1024) * 2 ** (exponent - 15) : mantissa * 2 ** -24)
}

function toHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (size >= 65520) return sign | 0x7c00
  // Rounding up the mantissa of a full binade carries into the exponent, as it should.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14)
  const mantissa = toEven(size * 2 ** (10 - exponent))
  return sign | ((exponent + 14) * 1024 + mantissa)
}

function toEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low
}
