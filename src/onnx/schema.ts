/**
 * The messages of an ONNX file, field by field, after `onnx/onnx-ml.proto` of the ONNX project
 * (Copyright ONNX Project Contributors, Apache-2.0). Only names, numbers and types are listed; protobufjs does the
 * encoding. Messages that we never need (training, devices, annotations) are left out, so they are dropped on reading.
 */
import protobuf from 'protobufjs/light.js'
import type { FileRange } from './tensor.ts'

/** An int64 as protobufjs returns it. Plain numbers are accepted on writing. */
export type Int64 = { low: number; high: number } | number

export interface StringPair {
  key?: string
  value?: string
}

export interface TensorProto {
  dims?: Int64[]
  dataType?: number
  floatData?: number[]
  int32Data?: number[]
  stringData?: Uint8Array[]
  int64Data?: Int64[]
  name?: string
  rawData?: Uint8Array
  doubleData?: number[]
  uint64Data?: Int64[]
  externalData?: StringPair[]
  dataLocation?: number
  /** Not part of the message: where the weights are, once their side file has been found. */
  range?: FileRange
}

interface TypeProto {
  tensorType?: { elemType?: number; shape?: { dim?: { dimValue?: Int64; dimParam?: string }[] } }
}

export interface ValueInfoProto {
  name?: string
  type?: TypeProto
}

export interface AttributeProto {
  name?: string
  type?: number
  f?: number
  i?: Int64
  s?: Uint8Array
  t?: TensorProto
  g?: GraphProto
  floats?: number[]
  ints?: Int64[]
  strings?: Uint8Array[]
  tensors?: TensorProto[]
  graphs?: GraphProto[]
}

export interface NodeProto {
  input?: string[]
  output?: string[]
  name?: string
  opType?: string
  domain?: string
  overload?: string
  attribute?: AttributeProto[]
}

export interface GraphProto {
  node?: NodeProto[]
  name?: string
  initializer?: TensorProto[]
  sparseInitializer?: unknown[]
  input?: ValueInfoProto[]
  output?: ValueInfoProto[]
  valueInfo?: ValueInfoProto[]
}

export interface ModelProto {
  irVersion?: Int64
  opsetImport?: { domain?: string; version?: Int64 }[]
  producerName?: string
  graph?: GraphProto
  metadataProps?: StringPair[]
  functions?: FunctionProto[]
}

/** A function local to a model: passed from reading to writing unexamined. */
export type FunctionProto = object

/** A field is `number type`, with `*` after the type if it is repeated and `**` if it is packed, too. */
const messages: Record<string, Record<string, string>> = {
  StringPair: { key: '1 string', value: '2 string' },
  Dimension: { dimValue: '1 int64', dimParam: '2 string', denotation: '3 string' },
  Shape: { dim: '1 Dimension*' },
  TensorType: { elemType: '1 int32', shape: '2 Shape' },
  ElementOf: { elemType: '1 TypeProto' },
  MapType: { keyType: '1 int32', valueType: '2 TypeProto' },
  TypeProto: {
    tensorType: '1 TensorType',
    sequenceType: '4 ElementOf',
    mapType: '5 MapType',
    denotation: '6 string',
    sparseTensorType: '8 TensorType',
    optionalType: '9 ElementOf',
  },
  ValueInfoProto: { name: '1 string', type: '2 TypeProto' },
  TensorProto: {
    dims: '1 int64*',
    dataType: '2 int32',
    floatData: '4 float**',
    int32Data: '5 int32**',
    stringData: '6 bytes*',
    int64Data: '7 int64**',
    name: '8 string',
    rawData: '9 bytes',
    doubleData: '10 double**',
    uint64Data: '11 uint64**',
    externalData: '13 StringPair*',
    dataLocation: '14 int32',
  },
  SparseTensorProto: { values: '1 TensorProto', indices: '2 TensorProto', dims: '3 int64*' },
  AttributeProto: {
    name: '1 string',
    f: '2 float',
    i: '3 int64',
    s: '4 bytes',
    t: '5 TensorProto',
    g: '6 GraphProto',
    floats: '7 float*',
    ints: '8 int64*',
    strings: '9 bytes*',
    tensors: '10 TensorProto*',
    graphs: '11 GraphProto*',
    tp: '14 TypeProto',
    typeProtos: '15 TypeProto*',
    type: '20 int32',
    refAttrName: '21 string',
    sparseTensor: '22 SparseTensorProto',
    sparseTensors: '23 SparseTensorProto*',
  },
  NodeProto: {
    input: '1 string*',
    output: '2 string*',
    name: '3 string',
    opType: '4 string',
    attribute: '5 AttributeProto*',
    domain: '7 string',
    overload: '8 string',
  },
  GraphProto: {
    node: '1 NodeProto*',
    name: '2 string',
    initializer: '5 TensorProto*',
    input: '11 ValueInfoProto*',
    output: '12 ValueInfoProto*',
    valueInfo: '13 ValueInfoProto*',
    sparseInitializer: '15 SparseTensorProto*',
  },
  OperatorSetId: { domain: '1 string', version: '2 int64' },
  FunctionProto: {
    name: '1 string',
    input: '4 string*',
    output: '5 string*',
    attribute: '6 string*',
    node: '7 NodeProto*',
    opsetImport: '9 OperatorSetId*',
    domain: '10 string',
    attributeProto: '11 AttributeProto*',
    valueInfo: '12 ValueInfoProto*',
    overload: '13 string',
  },
  ModelProto: {
    irVersion: '1 int64',
    producerName: '2 string',
    graph: '7 GraphProto',
    opsetImport: '8 OperatorSetId*',
    metadataProps: '14 StringPair*',
    functions: '25 FunctionProto*',
  },
}

function field(text: string): protobuf.IField {
  const [, id, type, repeated] = /^(\d+) (\w+)(\*{0,2})$/.exec(text)!
  return {
    id: Number(id),
    type: type!,
    ...(repeated && { rule: 'repeated', options: { packed: repeated === '**' } }),
  }
}

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => [
      name,
      { fields: Object.fromEntries(Object.entries(fields).map(([key, text]) => [key, field(text)])) },
    ]),
  ),
})
const model = root.lookupType('ModelProto')
const tensor = root.lookupType('TensorProto')

/** Decodes a model. Weights in `rawData` are views into `bytes`. Throws if the bytes are not protobuf. */
export const decodeModel = (bytes: Uint8Array): ModelProto => model.decode(bytes) as ModelProto

export const decodeTensor = (bytes: Uint8Array): TensorProto => tensor.decode(bytes) as TensorProto

export const encodeModel = (message: ModelProto): Uint8Array => model.encode(message).finish()

/** Exact below 2^53; 2^63 - 1, ONNX's "to the end", becomes 2^63. */
export const fromInt64 = (value: Int64): number =>
  typeof value === 'number' ? value : value.high * 2 ** 32 + (value.low >>> 0)

export const toInt64 = (value: number): Int64 => (value >= 2 ** 63 ? { low: -1, high: 2 ** 31 - 1 } : value)
