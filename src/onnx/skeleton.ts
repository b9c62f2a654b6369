import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { GraphError } from './error.ts'
import { decodeModel, decodeTensor, type ModelProto, type TensorProto } from './schema.ts'
import { externalLocation } from './side-files.ts'

/** Constants of this many bytes or more stay in the file until they are needed. */
export const leaveFrom = 2 ** 16
const bufferBytes = 2 ** 18

/** Field numbers of onnx-ml.proto. */
const graphField = 7
const initializerField = 5
const rawDataField = 9
const bytesWireType = 2

/**
 * Reads a model without its large weights: each stays in the file, as if the model's own file were its side file. So a
 * model of gigabytes takes no memory until a weight is needed.
 *
 * @throws GraphError or RangeError if the file is not a protobuf message
 */
export function readSkeleton(path: string): ModelProto {
  const file = new Fields(path)
  try {
    const initializers: TensorProto[] = []
    let graph = new Uint8Array()
    const model = file.message(file.size, (field, length) => {
      if (field !== graphField) return false
      graph = file.message(length, (inner, size) => {
        if (inner !== initializerField) return false
        initializers.push(readInitializer(file, size, path))
        return true
      })
      return true
    })
    const message = decodeModel(Buffer.concat([model, tagOf(graphField), varint(graph.length), graph]))
    if (message.graph) message.graph.initializer = initializers
    return message
  } finally {
    file.close()
  }
}

function readInitializer(file: Fields, length: number, path: string): TensorProto {
  let range: { offset: number; length: number } | undefined
  const bytes = file.message(length, (field, size) => {
    if (field !== rawDataField || size < leaveFrom) return false
    range = { offset: file.position, length: size }
    file.skip(size)
    return true
  })
  const tensor = decodeTensor(bytes)
  if (!range) return tensor
  const entries = { location: basename(path), ...range }
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value: String(value) }))
  return { ...tensor, externalData, dataLocation: externalLocation }
}

const tagOf = (field: number): Uint8Array => varint(field * 8 + bytesWireType)

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return Uint8Array.from([...bytes, value])
}

/** A file, read field by field from its start. */
class Fields {
  readonly size: number
  position = 0
  readonly #file: number
  readonly #buffer = new Uint8Array(bufferBytes)
  #from = 0
  #until = 0

  constructor(path: string) {
    this.#file = openSync(path, 'r')
    this.size = statSync(path).size
  }

  close(): void {
    closeSync(this.#file)
  }

  skip(length: number): void {
    this.position += length
    if (this.position > this.size) throw new GraphError('the model ends in the middle of a field')
  }

  /**
   * The fields of the message in the next `length` bytes, except those for which `take` returns true: it is given the
   * field's number and length, and must read past it.
   */
  message(length: number, take: (field: number, length: number) => boolean): Uint8Array<ArrayBuffer> {
    const end = this.position + length
    const kept: Uint8Array[] = []
    while (this.position < end) {
      const start = this.position
      const tag = this.#varint()
      const size = tag % 8 === bytesWireType ? this.#varint() : this.#sizeOf(tag % 8)
      if (this.position + size > end) throw new GraphError('a field is longer than its message')
      if (tag % 8 === bytesWireType && take(Math.floor(tag / 8), size)) continue
      const whole = this.position + size - start
      this.position = start
      kept.push(this.#bytes(whole))
    }
    return new Uint8Array(Buffer.concat(kept))
  }

  /** Length of a field whose type has a fixed or implied length. */
  #sizeOf(type: number): number {
    if (type === 1) return 8
    if (type === 5) return 4
    if (type !== 0) throw new GraphError(`there is no field of type ${type}`)
    const start = this.position
    this.#varint()
    const size = this.position - start
    this.position = start
    return size
  }

  #varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      if (scale > 2 ** 63) throw new GraphError('a number is too long')
      const [byte] = this.#bytes(1)
      value += (byte! % 128) * scale
      if (byte! < 128) return value
    }
  }

  #bytes(length: number): Uint8Array {
    const { position } = this
    this.skip(length)
    if (length > bufferBytes) {
      const bytes = new Uint8Array(length)
      readSync(this.#file, bytes, 0, length, position)
      return bytes
    }
    if (position < this.#from || position + length > this.#until) {
      this.#from = position
      this.#until = position + readSync(this.#file, this.#buffer, 0, bufferBytes, position)
    }
    return this.#buffer.slice(position - this.#from, position - this.#from + length)
  }
}
