import { Tensor } from 'onnxruntime-node'
import { loadSession } from '../clip/session.ts'
import { emptyGraph, type Graph, gradient, GraphBuilder, tensor, writeGraph } from '../onnx/index.ts'
import type { Random } from './random.ts'

const opset = 17
/** lucid's: the square root of the covariance of colours in photographs (ImageNet). */
const colourMatrix = [
  [0.26, 0.09, 0.02],
  [0.27, 0, -0.05],
  [0.27, -0.09, 0.03],
] as const
/** lucid's standard deviation of the initial spectrum. */
const spectrumSd = 0.01

const logit = (value: number): number => Math.log(value / (1 - value))

/** Frequency of the n-th basis function in cycles per side: 0, 1, -1, 2, -2 ... */
const frequencyOf = (n: number): number => (n % 2 ? (n + 1) / 2 : -n / 2)

/**
 * The Hartley basis, cos + sin: a Fourier basis for real pictures with one real coefficient each (Bracewell 1983).
 * @returns [size, count], columns of length sqrt(size)
 */
function hartley(size: number, count: number): Float32Array {
  const basis = new Float32Array(size * count)
  for (let x = 0; x < size; x++) {
    for (let n = 0; n < count; n++) {
      const angle = (2 * Math.PI * frequencyOf(n) * (x + 0.5)) / size
      basis[x * count + n] = Math.cos(angle) + Math.sin(angle)
    }
  }
  return basis
}

/** lucid's 1 / max(frequency, 1 / size), here with the frequency in cycles per side, and to a power. [basisSize, basisSize] */
function spectrumScale(basisSize: number, decayPower: number): Float32Array {
  const scale = new Float32Array(basisSize * basisSize)
  for (let v = 0; v < basisSize; v++) {
    for (let u = 0; u < basisSize; u++) {
      const frequency = Math.hypot(frequencyOf(v), frequencyOf(u))
      scale[v * basisSize + u] = 1 / Math.max(frequency, 1) ** decayPower
    }
  }
  return scale
}

/** 1 in the middle, falling smoothly to 0 over the margin at each edge: the picture fades into its background. */
function frame(size: number, margin: number): Float32Array {
  const along = Array.from({ length: size }, (_, x) => {
    const inwards = Math.min(x + 0.5, size - x - 0.5) / (margin * size)
    return inwards < 1 ? (1 - Math.cos(Math.PI * inwards)) / 2 : 1
  })
  return Float32Array.from({ length: size * size }, (_, i) => along[Math.floor(i / size)]! * along[i % size]!)
}

/** `colourMatrix`, scaled so that its longest column has length 1. */
function colourTransform(): number[] {
  const norms = [0, 1, 2].map((column) => Math.hypot(...colourMatrix.map((row) => row[column]!)))
  return colourMatrix.flat().map((value) => value / Math.max(...norms))
}

/**
 * spectrum [3, basisSize, basisSize] -> picture [3, size, size] between 0 and 1: scaled, transformed to
 * pixels by two matrix products, colours correlated as in photographs, framed, sigmoid (lucid's fft_image, Olah et al.
 * 2017).
 */
export function pictureGraph({ size, basisSize, decayPower, background, margin }: PictureShape): Graph {
  const g = new GraphBuilder(emptyGraph(opset))
  const spectrum = g.input('spectrum', 'float32', [3, basisSize, basisSize])
  const basis = hartley(size, basisSize)
  const down = g.constant(tensor('float32', [size, basisSize], basis))
  const transposed = g.op('Transpose', [down], { perm: { type: 'ints', value: [1, 0] } })
  const scaled = g.op('Mul', [
    spectrum,
    g.constant(tensor('float32', [basisSize, basisSize], spectrumScale(basisSize, decayPower))),
  ])
  const planes = g.op('MatMul', [g.op('MatMul', [down, scaled]), transposed])
  const flat = g.op('Reshape', [planes, g.ints([3, size * size])])
  const coloured = g.op('MatMul', [g.constant(tensor('float32', [3, 3], colourTransform())), flat])
  const shaped = g.op('Reshape', [coloured, g.ints([3, size, size])])
  const framed = g.op('Mul', [shaped, g.constant(tensor('float32', [size, size], frame(size, margin)))])
  g.op('Sigmoid', [g.op('Add', [framed, g.scalar(logit(background), 'float32')])], {}, 'picture')
  return g.build(['picture'])
}

/** A picture, parameterised by the numbers that are optimised. */
export interface Param {
  readonly spectrum: Float32Array
  /** [3, size, size], 0 to 1. */
  picture(): Promise<Float32Array>
  /** Backward pass: turns the gradient for the picture into that for the spectrum. */
  backward(towardsPicture: Float32Array): Promise<Float32Array>
}

/** The parameterisation of pictures of one size, loaded. */
export interface ParamMaker {
  start(random: Random): Param
  close(): Promise<void>
}

interface PictureShape {
  readonly size: number
  readonly basisSize: number
  readonly decayPower: number
  readonly background: number
  readonly margin: number
}

/** Always on the CPU: it is small next to the model, and so the same seed starts the same picture everywhere. */
export async function openParam(shape: PictureShape, threads: number): Promise<ParamMaker> {
  const { size, basisSize } = shape
  const graph = pictureGraph(shape)
  const gradientGraph = gradient(graph, { of: 'picture', withRespectTo: 'spectrum' })
  const [forward, backward] = await Promise.all(
    [graph, gradientGraph].map((part) =>
      loadSession('the picture', writeGraph(part), { provider: 'cpu', threads }),
    ),
  )
  return {
    start(random) {
      const spectrum = Float32Array.from(
        { length: 3 * basisSize * basisSize },
        () => spectrumSd * random.normal(),
      )
      const feed = new Tensor('float32', spectrum, [3, basisSize, basisSize])
      return {
        spectrum,
        async picture() {
          return (await forward!.run({ spectrum: feed }))['picture']!.data as Float32Array
        },
        async backward(towardsPicture) {
          const d_picture = new Tensor('float32', towardsPicture, [3, size, size])
          return (await backward!.run({ spectrum: feed, d_picture }))['d_spectrum']!.data as Float32Array
        },
      }
    },
    async close() {
      await Promise.all([forward!.release(), backward!.release()])
    },
  }
}
