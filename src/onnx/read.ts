import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { readAttribute } from './attributes.ts'
import { GraphError } from './error.ts'
import type { Attribute, Body, Graph, Node, Value } from './graph.ts'
import { decodeModel, fromInt64 } from './schema.ts'
import type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto } from './schema.ts'
import { insideOf, loadSideFiles, locationsIn } from './side-files.ts'
import { leaveFrom, readSkeleton } from './skeleton.ts'
import {
  bytesOf,
  countOf,
  type ElementType,
  externalTensor,
  sizeOf,
  type Tensor,
  tensor,
  typeOfCode,
} from './tensor.ts'

export interface ReadOptions {
  /** Large weights stay in their files and are read on access: for models of gigabytes. */
  readonly leaveWeights?: boolean
}

/**
 * Reads an ONNX model; given by its path, also its weights in side files. Constant nodes become initialisers, and
 * initialisers that are also listed as inputs are just constants.
 *
 * @throws GraphError if it is not an ONNX model, or has something that is not supported
 */
export async function readGraph(
  source: string | Uint8Array,
  { leaveWeights = false }: ReadOptions = {},
): Promise<Graph> {
  const where = typeof source === 'string' ? `"${source}"` : 'what was given'
  const folder = typeof source === 'string' ? dirname(source) : undefined
  const read = async (): Promise<() => ModelProto> => {
    if (typeof source !== 'string') return () => decodeModel(source)
    if (leaveWeights) return () => readSkeleton(source)
    const bytes = await bytesOfFile(source)
    return () => decodeModel(bytes)
  }
  const message = checked(await read(), where)
  await loadSideFiles(message.graph, folder, leaveWeights ? leaveFrom : Infinity)
  return graphOf(message)
}

/**
 * The side files of a model, each in the model's folder or below it.
 * @throws GraphError if it is not an ONNX model, or points elsewhere
 */
export function sideFilesOf(path: string): string[] {
  const { graph } = checked(() => readSkeleton(path), `"${path}"`)
  return locationsIn(graph)
    .filter((location) => location !== basename(path))
    .map((location) => insideOf(dirname(path), location))
}

async function bytesOfFile(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new GraphError(`the model "${path}" cannot be read`, { cause })
  })
}

type Model = ModelProto & Required<Pick<ModelProto, 'graph'>>

function checked(decode: () => ModelProto, where: string): Model {
  const message = attempt(decode, `${where} is not an ONNX model`)
  if (!message.graph || !message.opsetImport?.length) throw new GraphError(`${where} is not an ONNX model`)
  return message as Model
}

function attempt<T>(action: () => T, otherwise: string): T {
  try {
    return action()
  } catch (cause) {
    throw new GraphError(otherwise, { cause })
  }
}

function graphOf(message: Model): Graph {
  return {
    ...readBody(message.graph),
    irVersion: fromInt64(message.irVersion ?? 0),
    opsets: Object.fromEntries(
      message.opsetImport!.map(({ domain = '', version = 0 }) => [domainOf(domain), fromInt64(version)]),
    ),
    functions: message.functions ?? [],
    metadata: Object.fromEntries(
      (message.metadataProps ?? []).map(({ key = '', value = '' }) => [key, value]),
    ),
  }
}

function readBody(proto: GraphProto): Body {
  const { name = '', input = [], output = [], valueInfo = [], initializer = [], node = [] } = proto
  if (proto.sparseInitializer?.length) throw new GraphError('sparse initialisers are not supported')
  const initializers = new Map(initializer.map((tensor) => [tensor.name ?? '', readTensor(tensor)]))
  const nodes: Node[] = []
  for (const one of node.map(readNode)) {
    if (one.op === 'Constant' && one.domain === '') initializers.set(one.outputs[0]!, constantOf(one))
    else nodes.push(one)
  }
  return {
    name,
    inputs: input.map(readValue).filter((value) => !initializers.has(value.name)),
    outputs: output.map(readValue),
    nodes,
    initializers,
    values: new Map(valueInfo.map(readValue).map((value) => [value.name, value])),
  }
}

/** 'ai.onnx' is another name for ONNX's own domain, ''. */
const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain)

function readNode(proto: NodeProto): Node {
  const { opType: op = '', name = '', domain = '', input = [], output = [] } = proto
  const where = `op "${op}" (node "${name}")`
  if (proto.overload) throw new GraphError(`${where} calls an overloaded function, which is not supported`)
  const attributes = Object.fromEntries(
    (proto.attribute ?? []).map((attribute) => [
      attribute.name ?? '',
      readAttribute(attribute, { tensor: readTensor, body: readBody }, where),
    ]),
  )
  return { op, domain: domainOf(domain), name, inputs: input, outputs: output, attributes }
}

function constantOf(node: Node): Tensor {
  const [kind, attribute] = Object.entries(node.attributes)[0] ?? []
  const constant = attribute && tensorOf(attribute)
  if (!constant)
    throw new GraphError(
      `the Constant "${node.outputs[0]}" holds ${kind ?? 'nothing'}, which is not supported`,
    )
  return constant
}

function tensorOf({ type, value }: Attribute): Tensor | undefined {
  if (type === 'tensor') return value
  if (type === 'int') return tensor('int64', [], [value])
  if (type === 'float') return tensor('float32', [], [value])
  if (type === 'ints') return tensor('int64', [value.length], value)
  if (type === 'floats') return tensor('float32', [value.length], value)
  return undefined
}

function readValue({ name = '', type }: ValueInfoProto): Value {
  const { elemType, shape } = type?.tensorType ?? {}
  return {
    name,
    ...(elemType && { type: typeOfCode(elemType, `"${name}"`) }),
    // A dimension with neither size nor name is dynamic, too.
    ...(shape && {
      shape: (shape.dim ?? []).map((dim, axis) =>
        Object.hasOwn(dim, 'dimValue') ? fromInt64(dim.dimValue!) : dim.dimParam || `${name}_${axis}`,
      ),
    }),
  }
}

function readTensor(proto: TensorProto): Tensor {
  const name = `the tensor "${proto.name ?? ''}"`
  const type = typeOfCode(proto.dataType ?? 0, name)
  const dims = (proto.dims ?? []).map(fromInt64)
  const check = (length: number): void => {
    if (length !== countOf(dims) * sizeOf(type))
      throw new GraphError(`${name} of ${type} [${dims.join(', ')}] has ${length} bytes`)
  }
  if (proto.range) {
    check(proto.range.length)
    return externalTensor(type, dims, proto.range)
  }
  const bytes = proto.rawData?.length ? bytesOf(proto.rawData) : typedBytes(proto, type)
  check(bytes.length)
  return { type, dims, bytes }
}

/** The elements if they are in one of the typed fields; 16-bit floats are stored as bits in int32Data. */
function typedBytes(proto: TensorProto, type: ElementType): Uint8Array {
  const { floatData, doubleData, int64Data, uint64Data, int32Data = [] } = proto
  if (type === 'float32') return bytesOf(Float32Array.from(floatData ?? []))
  if (type === 'float64') return bytesOf(Float64Array.from(doubleData ?? []))
  if (type === 'int64') return bytesOf(bitsOf(int64Data))
  if (type === 'uint64') return bytesOf(bitsOf(uint64Data))
  if (type === 'uint32') return bytesOf(Uint32Array.from((uint64Data ?? []).map(fromInt64)))
  if (type === 'float16') return bytesOf(Uint16Array.from(int32Data))
  return tensor(type, [int32Data.length], int32Data).bytes
}

function bitsOf(values: TensorProto['int64Data'] = []): BigInt64Array {
  return BigInt64Array.from(values, (value) =>
    typeof value === 'number' ? BigInt(value) : (BigInt(value.high) << 32n) | BigInt(value.low >>> 0),
  )
}
