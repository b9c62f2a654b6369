import { open } from 'node:fs/promises'
import { isAbsolute, join, normalize, sep } from 'node:path'
import { GraphError } from './error.ts'
import type { GraphProto, TensorProto } from './schema.ts'

/** TensorProto.DataLocation */
export const EXTERNAL = 1

/**
 * Brings weights that lie in side files into the message. A side file must lie in the model's own folder or
 * below it: its name comes out of the model, so it must not reach anything else on the machine.
 *
 * @param folder where the model lies; undefined for a model that came as bytes
 */
export async function loadSideFiles(graph: GraphProto, folder: string | undefined): Promise<void> {
  for (const tensor of tensorsOf(graph)) {
    if (tensor.dataLocation !== EXTERNAL) continue
    const { location, offset, length } = entriesOf(tensor)
    if (folder === undefined) {
      throw new GraphError(
        `the weights "${tensor.name}" lie in a side file ("${location}"): read the model by its path`,
      )
    }
    const path = normalize(location ?? '')
    if (!location || isAbsolute(path) || path.split(sep)[0] === '..') {
      throw new GraphError(`the weights "${tensor.name}" point outside the model's folder ("${location}")`)
    }
    tensor.rawData = await readPart(
      join(folder, path),
      Number(offset ?? 0),
      length && Number(length),
      tensor.name,
    )
    tensor.dataLocation = 0
    tensor.externalData = []
  }
}

function entriesOf(tensor: TensorProto): { location?: string; offset?: string; length?: string } {
  return Object.fromEntries((tensor.externalData ?? []).map(({ key, value }) => [key, value]))
}

async function readPart(
  path: string,
  offset: number,
  length: number | '' | undefined,
  name: string | undefined,
): Promise<Uint8Array> {
  const file = await open(path).catch((cause: unknown) => {
    throw new GraphError(`the side file "${path}" with the weights "${name}" cannot be opened`, { cause })
  })
  try {
    const wanted = length || (await file.stat()).size - offset
    const { bytesRead, buffer } = await file.read(new Uint8Array(Math.max(wanted, 0)), 0, wanted, offset)
    if (bytesRead < wanted)
      throw new GraphError(`the side file "${path}" ends before the weights "${name}" do`)
    return buffer
  } finally {
    await file.close()
  }
}

/** Every constant of a graph, those of graphs inside its nodes too. */
function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer ?? []
  for (const attribute of (graph.node ?? []).flatMap((node) => node.attribute ?? [])) {
    if (attribute.t) yield attribute.t
    yield* attribute.tensors ?? []
    for (const inner of [attribute.g ?? [], attribute.graphs ?? []].flat()) yield* tensorsOf(inner)
  }
}
