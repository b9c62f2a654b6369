import { open, stat } from 'node:fs/promises'
import { isAbsolute, join, normalize, sep } from 'node:path'
import { GraphError } from './error.ts'
import type { GraphProto, TensorProto } from './schema.ts'
import type { FileRange } from './tensor.ts'

/** TensorProto.DataLocation */
export const externalLocation = 1

/**
 * Loads weights from side files into the message. A side file must be in the model's own folder or below it: its name
 * comes from the model, so it must not reach anything else on the machine.
 *
 * @param folder of the model; undefined for a model that came as bytes
 * @param leaveFrom weights of this many bytes or more stay in their files; the message then says where
 */
export async function loadSideFiles(
  graph: GraphProto,
  folder: string | undefined,
  leaveFrom: number,
): Promise<void> {
  for (const tensor of tensorsOf(graph)) {
    if (tensor.dataLocation !== externalLocation) continue
    const range = await rangeOf(tensor, folder)
    if (range.length >= leaveFrom) tensor.range = range
    else tensor.rawData = await readPart(range, tensor.name)
    tensor.dataLocation = 0
    tensor.externalData = []
  }
}

/** The paths of a message's side files, relative to the model's folder. */
export function locationsIn(graph: GraphProto): string[] {
  const locations = [...tensorsOf(graph)]
    .filter(({ dataLocation }) => dataLocation === externalLocation)
    .map((tensor) => entriesOf(tensor).location ?? '')
  return [...new Set(locations)]
}

function entriesOf(tensor: TensorProto): { location?: string; offset?: string; length?: string } {
  return Object.fromEntries((tensor.externalData ?? []).map(({ key, value }) => [key, value]))
}

async function rangeOf(tensor: TensorProto, folder: string | undefined): Promise<FileRange> {
  const { location, offset, length } = entriesOf(tensor)
  const { name } = tensor
  if (folder === undefined)
    throw new GraphError(
      `the weights "${name}" are in a side file ("${location}"): read the model by its path`,
    )
  const path = insideOf(folder, location ?? '')
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new GraphError(`the side file "${path}" with the weights "${name}" cannot be opened`, { cause })
  })
  const from = Number(offset ?? 0)
  const range = { path, offset: from, length: length ? Number(length) : Math.max(size - from, 0) }
  if (from + range.length > size)
    throw new GraphError(`the side file "${path}" ends before the weights "${name}" do`)
  return range
}

/** @throws GraphError for a path that leads out of the folder */
export function insideOf(folder: string, location: string): string {
  const inside = normalize(location)
  if (!location || isAbsolute(inside) || inside.split(sep)[0] === '..')
    throw new GraphError(`its weights point outside the model's folder ("${location}")`)
  return join(folder, inside)
}

async function readPart({ path, offset, length }: FileRange, name: string | undefined): Promise<Uint8Array> {
  const file = await open(path).catch((cause: unknown) => {
    throw new GraphError(`the side file "${path}" with the weights "${name}" cannot be opened`, { cause })
  })
  try {
    return (await file.read(new Uint8Array(length), 0, length, offset)).buffer
  } finally {
    await file.close()
  }
}

/** Every constant of a graph, including those of graphs inside its nodes. */
function* tensorsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer ?? []
  for (const attribute of (graph.node ?? []).flatMap((node) => node.attribute ?? [])) {
    if (attribute.t) yield attribute.t
    yield* attribute.tensors ?? []
    for (const inner of [attribute.g ?? [], attribute.graphs ?? []].flat()) yield* tensorsOf(inner)
  }
}
