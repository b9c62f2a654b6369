import { bindShapes, extractSubgraph, gradient, type Graph, GraphBuilder, int } from '../onnx/index.ts'

export interface ScoreFacts {
  /** The model's input, float32 [N,3,side,side]. */
  readonly image: string
  /** The tensor whose channels are the units. */
  readonly tap: string
  readonly views: number
  readonly side: number
  /** Inner layers, after their ReLU; none for a pack without facets. */
  readonly layers: readonly string[]
  /** Whether a facet's term is included, which takes a second backward pass. */
  readonly faceted: boolean
}

/** Names of the inputs for the n-th layer, each [1,c,1,1]. */
export const layerInputs = (n: number) => ({
  /** z-score of a channel's mean: what is subtracted, and what the rest is multiplied by, 1 / standard deviation. */
  mean: `mean_${n}`,
  inverse: `inverse_${n}`,
  /** The same for the mean of its square. */
  squareMean: `square_mean_${n}`,
  squareInverse: `square_inverse_${n}`,
  facet: `facet_${n}`,
})

/** Name of the output that holds the score: a scalar, the mean over the views. */
export const scoreName = 'score'

const whole = { keepdims: int(0) }

/**
 * The model up to the tap with a score s on top, and the gradient of s towards the image. The score is log(1 + strength),
 * so that the strongest units cannot drown out the other terms. Inputs besides the image:
 * - `strength` [1,C,H,W], the weight of ReLU(map) at each position,
 * - `reach`, the same for the map before its ReLU, without which a silent unit has no gradient,
 * - `unusual` [], the weight of the inner layers' distance from usual: the mean over channels of z^2 of the channel's
 *   mean and of its mean square, with further inputs for mean and 1 / standard deviation (after DeepInversion, Yin et
 *   al. 2020, with a probe set's statistics in place of batch normalisation's),
 * - if faceted, for each layer `facet_n` [1,c,1,1]: sum(facet * act * ReLU(d s / d act)) is added, where the gradient
 *   counts as a constant (faceted feature visualisation, Goh et al. 2021).
 *
 * Outputs: `d_<image>`, `score` and the tap.
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
  const units = logarithm(g, g.op('Mul', [g.op('ReduceSum', [both], whole), perView]))
  const total = layers.length > 0 ? g.op('Add', [units, unusual(g, layers, perView)]) : units
  const keep = [scoreName, tap]
  if (!faceted) {
    g.op('Identity', [total], {}, scoreName)
    return gradient(g.build(keep), { of: scoreName, withRespectTo: image, keep })
  }

  const inner = gradient(g.build([units, total, tap]), {
    of: units,
    withRespectTo: layers,
    keep: [total, tap],
  })
  const f = new GraphBuilder(inner)
  const shares = layers.map((layer, n) => {
    const weights = f.input(layerInputs(n).facet, 'float32', [1, f.fact(layer).shape[1]!, 1, 1])
    const useful = f.op('Mul', [f.op('Relu', [`d_${layer}`]), layer])
    return f.op('ReduceSum', [f.op('Mul', [useful, weights])], whole)
  })
  const all = shares.reduce((sum, share) => f.op('Add', [sum, share]), total)
  f.op('Identity', [all], {}, scoreName)
  return gradient(f.build(keep), {
    of: scoreName,
    withRespectTo: image,
    keep,
    constant: layers.map((layer) => `d_${layer}`),
  })
}

/** log(1 + x) above zero, x below. */
function logarithm(g: GraphBuilder, x: string): string {
  const above = g.op('Log', [g.op('Add', [g.op('Relu', [x]), g.scalar(1, 'float32')])])
  return g.op('Sub', [above, g.op('Relu', [g.op('Neg', [x])])])
}

function unusual(g: GraphBuilder, layers: readonly string[], perView: string): string {
  const parts = layers.flatMap((layer, n) => {
    const channels = g.fact(layer).shape[1]!
    const input = (name: string) => g.input(name, 'float32', [1, channels, 1, 1])
    const share = g.scalar(1 / (2 * layers.length * channels), 'float32')
    const zSquared = (values: string, mean: string, inverse: string): string => {
      const off = g.op('Sub', [g.op('GlobalAveragePool', [values]), input(mean)])
      const z = g.op('Mul', [off, input(inverse)])
      return g.op('Mul', [g.op('ReduceSum', [g.op('Mul', [z, z])], whole), share])
    }
    const names = layerInputs(n)
    return [
      zSquared(layer, names.mean, names.inverse),
      zSquared(g.op('Mul', [layer, layer]), names.squareMean, names.squareInverse),
    ]
  })
  const all = parts.reduce((sum, part) => g.op('Add', [sum, part]))
  return g.op('Mul', [all, g.op('Mul', [g.input('unusual', 'float32', []), perView])])
}
