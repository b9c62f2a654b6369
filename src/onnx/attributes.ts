import { GraphError } from './error.ts'
import type { Attribute, Body } from './graph.ts'
import { type AttributeProto, fromInt64, type GraphProto, type TensorProto, toInt64 } from './schema.ts'
import type { Tensor } from './tensor.ts'

/** AttributeProto.AttributeType */
const codes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8 } as const

const utf8 = new TextDecoder()
const toUtf8 = new TextEncoder()
const text = (bytes: Uint8Array = new Uint8Array()): string => utf8.decode(Uint8Array.from(bytes))

/** @throws GraphError for kinds that no operator of interest has (types, sparse tensors, lists of tensors). */
export function readAttribute(
  proto: AttributeProto,
  read: { tensor(proto: TensorProto): Tensor; body(proto: GraphProto): Body },
  where: string,
): Attribute {
  switch (proto.type) {
    case codes.float:
      return { type: 'float', value: proto.f ?? 0 }
    case codes.int:
      return { type: 'int', value: fromInt64(proto.i ?? 0) }
    case codes.string:
      return { type: 'string', value: text(proto.s) }
    case codes.tensor:
      return { type: 'tensor', value: read.tensor(proto.t ?? {}) }
    case codes.graph:
      return { type: 'graph', value: read.body(proto.g ?? {}) }
    case codes.floats:
      return { type: 'floats', value: proto.floats ?? [] }
    case codes.ints:
      return { type: 'ints', value: (proto.ints ?? []).map(fromInt64) }
    case codes.strings:
      return { type: 'strings', value: (proto.strings ?? []).map(text) }
    default:
      throw new GraphError(
        `attribute "${proto.name}" of ${where} is of kind ${proto.type}, which is not supported`,
      )
  }
}

interface Writers {
  tensor(tensor: Tensor): TensorProto
  body(body: Body): GraphProto
}

export function writeAttribute(name: string, attribute: Attribute, write: Writers): AttributeProto {
  return { name, type: codes[attribute.type], ...content(attribute, write) }
}

function content({ type, value }: Attribute, write: Writers): Omit<AttributeProto, 'name' | 'type'> {
  switch (type) {
    case 'float':
      return { f: value }
    case 'int':
      return { i: toInt64(value) }
    case 'string':
      return { s: toUtf8.encode(value) }
    case 'tensor':
      return { t: write.tensor(value) }
    case 'graph':
      return { g: write.body(value) }
    case 'floats':
      return { floats: [...value] }
    case 'ints':
      return { ints: value.map(toInt64) }
    case 'strings':
      return { strings: value.map((line) => toUtf8.encode(line)) }
  }
}
