import {
  bindShapes,
  extractSubgraph,
  gradient,
  type Graph,
  GraphBuilder,
  int,
  ints,
  tensor,
} from '../onnx/index.ts'
import type { Facets } from './facets.ts'

type Layer = Facets['layers'][number]

export interface ScoreFacts {
  /** The model's input, float32 [N,3,side,side]. */
  readonly image: string
  /** The tensor whose channels are the units. */
  readonly tap: string
  readonly views: number
  readonly side: number
  /** Inner layers with what is usual in them; none for a pack on which that was not measured. */
  readonly layers: readonly Layer[]
  /** Whether a facet's share is counted, which takes a second way back. */
  readonly faceted: boolean
}

/** The name of the input with a facet's weights for the n-th layer. */
export const facetInput = (n: number): string => `facet_${n}`

const whole = { keepdims: int(0) }
const overPlaces = { axes: ints([2, 3]), keepdims: int(1) }
/** A channel that never fires would divide by zero. */
const SMALLEST_STD = 1e-3

/**
 * The model as far as the tap with a score s on top, and the score's gradient towards the image: log(1 + strength),
 * so that the strongest units cannot outgrow what else a picture is asked for. Beside the image it takes
 * - `strength` [1,C,H,W], the weight of ReLU(map) at each place,
 * - `reach`, the same for the map itself, without which a silent unit has no gradient,
 * - `unusual` [], the weight of how far the inner layers are from what is usual in them: the mean over channels
 *   of z^2 of the channel's mean and of its mean square (after DeepInversion, Yin et al. 2020, with a probe
 *   set's statistics in place of batch normalisation's),
 * - faceted, for each layer `facet_n` [1,c,1,1]: sum(facet * act * ReLU(d s / d act)) is added, where that
 *   gradient counts as a constant (clip-facts section 3, after Goh et al. 2021).
 *
 * Outputs: `d_<image>` and the tap. All is the mean over the views.
 */
export function scoreGraph(model: Graph, facts: ScoreFacts): Graph {
  const { image, tap, views, side, layers, faceted } = facts
  const trunk = bindShapes(extractSubgraph(model, { outputs: [tap] }), { [image]: [views, 3, side, side] })
  const g = new GraphBuilder(trunk)
  const map = g.fact(tap).shape.slice(1)
  const weighed = (values: string, weights: string) =>
    g.op('Mul', [values, g.input(weights, 'float32', [1, ...map])])
  const both = g.op('Add', [weighed(g.op('Relu', [tap]), 'strength'), weighed(tap, 'reach')])
  const perView = g.scalar(1 / views, 'float32')
  const plain = logarithm(g, g.op('Mul', [g.op('ReduceSum', [both], whole), perView]))
  const total = layers.length > 0 ? g.op('Add', [plain, unusual(g, layers, perView)]) : plain
  const keep = [tap]
  if (!faceted) return gradient(g.build([total, ...keep]), { of: total, withRespectTo: image, keep })

  const tensors = layers.map((layer) => layer.tensor)
  const inner = gradient(g.build([total, ...keep]), {
    of: plain,
    withRespectTo: tensors,
    keep: [total, ...keep],
  })
  const f = new GraphBuilder(inner)
  const shares = tensors.map((layer, n) => {
    const weights = f.input(facetInput(n), 'float32', [1, f.fact(layer).shape[1]!, 1, 1])
    const useful = f.op('Mul', [f.op('Relu', [`d_${layer}`]), layer])
    return f.op('ReduceSum', [f.op('Mul', [useful, weights])], whole)
  })
  const score = shares.reduce((sum, share) => f.op('Add', [sum, share]), total)
  return gradient(f.build([score, ...keep]), {
    of: score,
    withRespectTo: image,
    keep,
    constant: tensors.map((layer) => `d_${layer}`),
  })
}

/** log(1 + x) above zero, and x itself below. */
function logarithm(g: GraphBuilder, x: string): string {
  const above = g.op('Log', [g.op('Add', [g.op('Relu', [x]), g.scalar(1, 'float32')])])
  return g.op('Sub', [above, g.op('Relu', [g.op('Neg', [x])])])
}

function unusual(g: GraphBuilder, layers: readonly Layer[], perView: string): string {
  const squared = (values: string, mean: readonly number[], std: readonly number[]): string => {
    const shape = [1, mean.length, 1, 1]
    const inverse = std.map((s) => (s > SMALLEST_STD ? 1 / s : 0))
    const off = g.op('Sub', [values, g.constant(tensor('float32', shape, mean))])
    const z = g.op('Mul', [off, g.constant(tensor('float32', shape, inverse))])
    const sum = g.op('ReduceSum', [g.op('Mul', [z, z])], whole)
    return g.op('Mul', [sum, g.scalar(1 / (2 * layers.length * mean.length), 'float32')])
  }
  const parts = layers.flatMap(({ tensor: layer, mean, std, squareMean, squareStd }) => [
    squared(g.op('ReduceMean', [layer], overPlaces), mean, std),
    squared(g.op('ReduceMean', [g.op('Mul', [layer, layer])], overPlaces), squareMean, squareStd),
  ])
  const all = parts.reduce((sum, part) => g.op('Add', [sum, part]))
  const weight = g.op('Mul', [g.input('unusual', 'float32', []), perView])
  return g.op('Mul', [all, weight])
}
