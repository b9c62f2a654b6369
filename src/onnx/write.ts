import { open, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { writeAttribute } from './attributes.ts'
import { GraphError } from './error.ts'
import type { Body, Graph, Node, Value } from './graph.ts'
import { encodeModel, toInt64 } from './schema.ts'
import type { GraphProto, NodeProto, StringPair, TensorProto, ValueInfoProto } from './schema.ts'
import { EXTERNAL } from './side-files.ts'
import { codeOf, type Tensor } from './tensor.ts'

/** A protobuf message must stay below 2 GiB; what is left is for everything but the weights. */
const MAX_WEIGHTS = 2 ** 31 - 2 ** 24

/**
 * The graph as the bytes of an ONNX model, which `InferenceSession.create` takes as they are.
 *
 * @throws GraphError where the weights do not fit into one protobuf message (2 GiB)
 */
export function writeGraph(graph: Graph): Uint8Array {
  const size = [...graph.initializers.values()].reduce((all, { bytes }) => all + bytes.length, 0)
  if (size > MAX_WEIGHTS) {
    throw new GraphError(`${size} bytes of weights do not fit into one model file: save them to a side file`)
  }
  return encode(graph, writeTensor)
}

/** Saves the graph at `path`, its larger weights in a side file of the given name beside it. */
export async function saveGraph(graph: Graph, path: string, sideFile: string): Promise<void> {
  const places = new Map<Tensor, StringPair[]>()
  const file = await open(join(dirname(path), basename(sideFile)), 'w')
  try {
    let offset = 0
    for (const tensor of graph.initializers.values()) {
      // Shapes and the like stay inside, where whoever reads the model alone finds them.
      if (tensor.bytes.length < 1024 || places.has(tensor)) continue
      await file.write(tensor.bytes, 0, tensor.bytes.length, offset)
      const entries = { location: basename(sideFile), offset, length: tensor.bytes.length }
      places.set(
        tensor,
        Object.entries(entries).map(([key, value]) => ({ key, value: String(value) })),
      )
      // Whole memory pages, so that a runtime can map them.
      offset += Math.ceil(tensor.bytes.length / 4096) * 4096
    }
  } finally {
    await file.close()
  }
  await writeFile(
    path,
    encode(graph, (tensor, name) => {
      const externalData = places.get(tensor)
      if (!externalData) return writeTensor(tensor, name)
      return { ...header(tensor, name), externalData, dataLocation: EXTERNAL }
    }),
  )
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
