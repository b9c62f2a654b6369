import { Tensor } from 'onnxruntime-node'
import { type Graph, emptyGraph, GraphBuilder, ints, tensor } from '../../src/onnx/index.ts'

/** Depth and width of a CLIP image encoder. */
export interface ResNetShape {
  /** Channels after the stem; layers have this times 4, 8, 16, 32. */
  readonly width: number
  /** Bottlenecks in each layer. */
  readonly layers: readonly number[]
}

export const rn50: ResNetShape = { width: 64, layers: [3, 4, 6, 3] }
export const rn50x4: ResNetShape = { width: 80, layers: [4, 6, 10, 6] }

/**
 * The trunk of a CLIP ResNet as exporters write it, batch norm folded: three convolutions, then bottlenecks
 * that average before they step down (`ModifiedResNet` in openai/CLIP, MIT). Ends with the last residual sum,
 * `activations`. Weights are random, of a size that keeps activations near 1; the same seed gives the same.
 */
export function clipResNet(
  { width, layers }: ResNetShape,
  image: readonly number[],
  opset = 17,
  seed = 1,
): Graph {
  const g = new GraphBuilder(emptyGraph(opset))
  const random = normals(seed)
  const conv = (x: string, out: number, kernel: number, stride = 1, gain = Math.SQRT2): string => {
    const into = g.fact(x).shape[1]!
    const fanIn = into * kernel * kernel
    const weights = Float32Array.from({ length: out * fanIn }, () => (random() * gain) / Math.sqrt(fanIn))
    const bias = Float32Array.from({ length: out }, () => random() * 0.1)
    return g.op(
      'Conv',
      [
        x,
        g.constant(tensor('float32', [out, into, kernel, kernel], weights)),
        g.constant(tensor('float32', [out], bias)),
      ],
      {
        kernel_shape: ints([kernel, kernel]),
        strides: ints([stride, stride]),
        pads: ints(Array.from({ length: 4 }, () => (kernel - 1) / 2)),
      },
    )
  }
  const relu = (x: string): string => g.op('Relu', [x])
  const pool = (x: string): string =>
    g.op('AveragePool', [x], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) })

  let x = g.input('image', 'float32', image)
  x = relu(conv(x, width / 2, 3, 2))
  x = relu(conv(x, width / 2, 3))
  x = pool(relu(conv(x, width, 3)))
  for (const [layer, blocks] of layers.entries()) {
    const planes = width * 2 ** layer
    for (let block = 0; block < blocks; block++) {
      const down = layer > 0 && block === 0
      const last = layer === layers.length - 1 && block === blocks - 1
      let inner = relu(conv(x, planes, 1))
      inner = relu(conv(inner, planes, 3))
      if (down) inner = pool(inner)
      inner = conv(inner, planes * 4, 1, 1, 0.5)
      const aside = block === 0 ? conv(down ? pool(x) : x, planes * 4, 1, 1, 1) : x
      const sum = g.op('Add', [inner, aside], {}, last ? 'activations' : undefined)
      x = last ? sum : relu(sum)
    }
  }
  return g.build(['activations'])
}

/** Normally distributed values for all inputs of a graph whose shapes are known. */
export function randomFeeds({ inputs }: Pick<Graph, 'inputs'>): Record<string, Tensor> {
  const random = normals(1)
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const sizes = shape as number[]
      const values = Float32Array.from({ length: sizes.reduce((all, size) => all * size, 1) }, random)
      return [name, new Tensor('float32', values, sizes)]
    }),
  )
}

/** Normally distributed numbers from mulberry32, by Box and Muller's method. */
export function normals(seed: number): () => number {
  let state = seed
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}
