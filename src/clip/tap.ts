import type { Graph, Node } from '../onnx/index.ts'
import { badPack } from './pack.ts'

interface Tap {
  readonly tensor?: string
  readonly channels: number
}

/**
 * The tensor whose channels are the units: the named one, or else, found by structure, the sum before the last
 * Relu one of whose terms has this many channels. In CLIP's ResNets that is the last residual sum, whose Relu feeds the
 * attention pool.
 */
export function findTap(graph: Graph, { tensor, channels }: Tap): string | undefined {
  const makers = new Map<string, Node>()
  for (const node of graph.nodes) for (const output of node.outputs) makers.set(output, node)
  if (tensor !== undefined) return makers.has(tensor) ? tensor : undefined

  const hasChannels = (name: string) =>
    makers.get(name)?.inputs.some((input) => graph.initializers.get(input)?.dims[0] === channels)
  const relu = graph.nodes.findLast(({ op, inputs }) => {
    const sum = op === 'Relu' ? makers.get(inputs[0]!) : undefined
    return sum?.op === 'Add' && sum.inputs.some(hasChannels)
  })
  return relu?.inputs[0]
}

/** As findTap. @throws UserError 'bad-pack' that names `file` if there is no such tensor */
export function mustFindTap(graph: Graph, tap: Tap, file: string): string {
  const name = findTap(graph, tap)
  if (name !== undefined) return name
  const wanted =
    tap.tensor === undefined ? `residual sum of ${tap.channels} channels` : `tensor "${tap.tensor}"`
  throw badPack(`${file} has no ${wanted} to tap: correct "tap" in pack.json.`)
}
