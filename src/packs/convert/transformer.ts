import { type Graph, GraphError, ints, tensor, valuesOf } from '../../onnx/index.ts'
import type { Node } from '../../onnx/index.ts'
import { names } from './pool.ts'
import type { Structure } from './structure.ts'

/** A transformer's hidden layer whose units are tapped. */
export interface HiddenLayer {
  readonly tensor: string
  /** Counted from 1. */
  readonly block: number
  readonly blocks: number
}

const quickGeluFactor = 1.702

/** The input of each QuickGELU, in order: the hidden units of the blocks' MLPs. */
function hiddenLayers(structure: Structure): string[] {
  const { graph } = structure
  const constant = (name: string): number | undefined => {
    const value = graph.initializers.get(name)
    return value && value.bytes.length <= 8 ? valuesOf(value)[0] : undefined
  }
  return graph.nodes.flatMap(({ op, inputs }) => {
    if (op !== 'Sigmoid') return []
    const scaled = structure.makerOf(inputs[0]!)
    const data = scaled?.inputs.find((input) => structure.isData(input))
    const factor = scaled?.inputs.map(constant).find((value) => value !== undefined)
    return scaled?.op === 'Mul' && data !== undefined && Math.abs((factor ?? 0) - quickGeluFactor) < 1e-3
      ? [data]
      : []
  })
}

/**
 * The last hidden layer with all tokens: some exports reduce the last block to the class token.
 * @param dimsOf sizes for one picture
 * @throws GraphError if there is none
 */
export function findHiddenLayer(
  structure: Structure,
  dimsOf: (name: string) => readonly number[],
): HiddenLayer {
  const layers = hiddenLayers(structure)
  const at = layers.findLastIndex((name) => {
    const dims = dimsOf(name)
    return dims.length === 3 && Math.max(dims[0]!, dims[1]!) > 4
  })
  if (at < 0)
    throw new GraphError(
      'it has neither a residual sum before an attention pool nor hidden units over places',
    )
  return { tensor: layers[at]!, block: at + 1, blocks: layers.length }
}

/**
 * Adds outputs: the hidden units as maps [n,units,side,side], without the class token, and each unit's mean over the map
 * before and after a ReLU. `batchAxis` is that of the hidden layer, [n,places + 1,units] or [places + 1,n,units].
 */
export function withHiddenMaps(
  graph: Graph,
  { tensor: layer }: HiddenLayer,
  { batchAxis, units, side }: { readonly batchAxis: number; readonly units: number; readonly side: number },
): Graph {
  const nodes: Node[] = []
  const initializers = new Map(graph.initializers)
  const add = (
    op: string,
    inputs: readonly string[],
    attributes: Node['attributes'],
    name: string,
  ): string => {
    nodes.push({ op, domain: '', name, inputs, outputs: [name], attributes })
    return name
  }
  const constant = (name: string, values: readonly number[]): string => {
    initializers.set(name, tensor('int64', [values.length], values))
    return name
  }
  const cut = add(
    'Slice',
    [layer, constant('tap/from', [1]), constant('tap/to', [2 ** 31]), constant('tap/axis', [1 - batchAxis])],
    {},
    'tap/places',
  )
  const order = batchAxis === 0 ? [0, 2, 1] : [1, 2, 0]
  const turned = add('Transpose', [cut], { perm: ints(order) }, 'tap/units')
  const map = add('Reshape', [turned, constant('tap/map', [-1, units, side, side])], {}, 'activations')
  const flat = constant('tap/flat', [-1, units])
  const fired = add('Relu', [map], {}, 'tap/fired')
  add('Reshape', [add('GlobalAveragePool', [map], {}, 'tap/mean'), flat], {}, names.before)
  add('Reshape', [add('GlobalAveragePool', [fired], {}, 'tap/mean_fired'), flat], {}, names.after)
  const float = 'float32' as const
  return {
    ...graph,
    nodes: [...graph.nodes, ...nodes],
    initializers,
    outputs: [
      ...graph.outputs,
      { name: map, type: float, shape: ['batch', units, side, side] },
      { name: names.before, type: float, shape: ['batch', units] },
      { name: names.after, type: float, shape: ['batch', units] },
    ],
  }
}
