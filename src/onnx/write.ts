import { createReadStream } from 'node:fs'
import { type FileHandle, open, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { writeAttribute } from './attributes.ts'
import { GraphError } from './error.ts'
import type { Body, Graph, Node, Value } from './graph.ts'
import { encodeModel, toInt64 } from './schema.ts'
import type { GraphProto, NodeProto, StringPair, TensorProto, ValueInfoProto } from './schema.ts'
import { externalLocation } from './side-files.ts'
import { codeOf, countOf, isExternal, sizeOf, type Tensor } from './tensor.ts'

/** A protobuf message must stay below 2 GiB; the rest is room for everything but the weights. */
const maxWeights = 2 ** 31 - 2 ** 24

/**
 * The graph as the bytes of an ONNX model, as `InferenceSession.create` takes them.
 *
 * @throws GraphError if the weights do not fit into one protobuf message (2 GiB)
 */
export function writeGraph(graph: Graph): Uint8Array {
  const size = [...graph.initializers.values()].reduce(
    (all, { type, dims }) => all + countOf(dims) * sizeOf(type),
    0,
  )
  if (size > maxWeights) {
    throw new GraphError(`${size} bytes of weights do not fit into one model file: save them to a side file`)
  }
  return encode(graph, writeTensor)
}

/** Weights begin at memory pages, so that a runtime can map them. */
const pageBytes = 4096
/** Smaller constants (shapes and the like) stay inside, so that the model can be read without its side file. */
const largeFromBytes = 1024

/**
 * Saves graphs in one folder, with their larger weights in one side file; weights that they share are written once.
 *
 * @param graphs by the names of their files
 */
export async function saveGraphs(
  graphs: Readonly<Record<string, Graph>>,
  folder: string,
  sideFile: string,
): Promise<void> {
  const places = new Map<Tensor, StringPair[]>()
  const file = await open(join(folder, sideFile), 'w')
  try {
    let offset = 0
    for (const tensor of Object.values(graphs).flatMap((graph) => [...graph.initializers.values()])) {
      const length = countOf(tensor.dims) * sizeOf(tensor.type)
      if (length < largeFromBytes || places.has(tensor)) continue
      await writeTo(file, tensor, offset)
      const entries = { location: sideFile, offset, length }
      places.set(
        tensor,
        Object.entries(entries).map(([key, value]) => ({ key, value: String(value) })),
      )
      offset += Math.ceil(length / pageBytes) * pageBytes
    }
  } finally {
    await file.close()
  }
  const write: TensorWriter = (tensor, name) => {
    const externalData = places.get(tensor)
    if (!externalData) return writeTensor(tensor, name)
    return { ...header(tensor, name), externalData, dataLocation: externalLocation }
  }
  for (const [name, graph] of Object.entries(graphs))
    await writeFile(join(folder, name), encode(graph, write))
}

/**
 * Writes a graph into the folder that has its weights, and refers to them there.
 * @throws GraphError for weights that are elsewhere
 */
export async function saveBeside(graph: Graph, path: string): Promise<void> {
  const write: TensorWriter = (tensor, name) => {
    if (!isExternal(tensor)) return writeTensor(tensor, name)
    const location = relative(dirname(path), tensor.range.path)
    if (location.startsWith('..'))
      throw new GraphError(`the weights "${name}" are outside the folder of "${path}"`)
    const { offset, length } = tensor.range
    const externalData = Object.entries({ location, offset, length }).map(([key, value]) => ({
      key,
      value: String(value),
    }))
    return { ...header(tensor, name), externalData, dataLocation: externalLocation }
  }
  await writeFile(path, encode(graph, write))
}

/** Copies an external tensor chunk by chunk. */
async function writeTo(file: FileHandle, tensor: Tensor, offset: number): Promise<void> {
  if (!isExternal(tensor)) {
    await writeAll(file, tensor.bytes, offset)
    return
  }
  const { path, offset: start, length } = tensor.range
  let at = offset
  for await (const chunk of createReadStream(path, {
    start,
    end: start + length - 1,
    highWaterMark: 2 ** 22,
  })) {
    await writeAll(file, chunk as Buffer, at)
    at += (chunk as Buffer).length
  }
}

/** A single write may be partial: beyond 2 GiB, or when the disk runs full. */
async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done)
    done += bytesWritten
  }
}

type TensorWriter = (tensor: Tensor, name: string) => TensorProto

function encode(graph: Graph, write: TensorWriter): Uint8Array {
  return encodeModel({
    irVersion: graph.irVersion,
    producerName: 'neuron-games',
    opsetImport: pairs(graph.opsets).map(([domain, version]) => ({ domain, version })),
    metadataProps: pairs(graph.metadata).map(([key, value]) => ({ key, value })),
    functions: [...graph.functions],
    graph: writeBody(graph, write),
  })
}

function writeBody(body: Body, write: TensorWriter): GraphProto {
  return {
    name: body.name || 'graph',
    node: body.nodes.map(writeNode),
    initializer: [...body.initializers].map(([name, tensor]) => write(tensor, name)),
    input: body.inputs.map(writeValue),
    output: body.outputs.map(writeValue),
    valueInfo: [...body.values.values()].map(writeValue),
  }
}

const pairs = <T>(record: Readonly<Record<string, T>>): [string, T][] => Object.entries(record)

const header: TensorWriter = ({ type, dims }, name) => ({ name, dataType: codeOf(type), dims: [...dims] })

const writeTensor: TensorWriter = (tensor, name) => ({ ...header(tensor, name), rawData: tensor.bytes })

function writeNode({ op, domain, name, inputs, outputs, attributes }: Node): NodeProto {
  return {
    opType: op,
    domain,
    name,
    input: [...inputs],
    output: [...outputs],
    attribute: pairs(attributes).map(([key, attribute]) =>
      writeAttribute(key, attribute, {
        tensor: (tensor) => writeTensor(tensor, key),
        body: (body) => writeBody(body, writeTensor),
      }),
    ),
  }
}

function writeValue({ name, type, shape }: Value): ValueInfoProto {
  if (!type) return { name }
  const dim = shape?.map((size) =>
    typeof size === 'number' ? { dimValue: toInt64(size) } : { dimParam: size },
  )
  return { name, type: { tensorType: { elemType: codeOf(type), ...(dim && { shape: { dim } }) } } }
}
