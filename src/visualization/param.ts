import { Tensor } from 'onnxruntime-node'
import { loadSession } from '../clip/session.ts'
import { emptyGraph, type Graph, gradient, GraphBuilder, tensor, writeGraph } from '../onnx/index.ts'
import type { Random } from './random.ts'

const OPSET = 17
/** lucid's: how colours of photographs go together (ImageNet), the square root of their covariance. */
const COLOURS = [
  [0.26, 0.09, 0.02],
  [0.27, 0, -0.05],
  [0.27, -0.09, 0.03],
] as const
/** lucid's. */
const SPECTRUM_SD = 0.01

const logit = (value: number): number => Math.log(value / (1 - value))

/** How often the n-th function of the basis swings over the picture: 0, 1, -1, 2, -2 ... in the order of n. */
const swings = (n: number): number => (n % 2 ? (n + 1) / 2 : -n / 2)

/**
 * Hartley's basis, cos + sin: the Fourier basis of real pictures, one real number each (Bracewell 1983).
 * @returns [size, count], columns of length sqrt(size)
 */
function hartley(size: number, count: number): Float32Array {
  const basis = new Float32Array(size * count)
  for (let x = 0; x < size; x++) {
    for (let n = 0; n < count; n++) {
      const angle = (2 * Math.PI * swings(n) * (x + 0.5)) / size
      basis[x * count + n] = Math.cos(angle) + Math.sin(angle)
    }
  }
  return basis
}

/** lucid's 1 / max(frequency, 1 / size), here in waves along the side and with a power, [finest, finest]. */
function scales(finest: number, fineness: number): Float32Array {
  const scale = new Float32Array(finest * finest)
  for (let v = 0; v < finest; v++) {
    for (let u = 0; u < finest; u++) {
      const swing = Math.hypot(swings(v), swings(u))
      scale[v * finest + u] = 1 / Math.max(swing, 1) ** fineness
    }
  }
  return scale
}

/** 1 in the middle, falling smoothly to 0 over the margin at each edge, so that the picture stands on its ground. */
function frame(size: number, margin: number): Float32Array {
  const along = Array.from({ length: size }, (_, x) => {
    const inwards = Math.min(x + 0.5, size - x - 0.5) / (margin * size)
    return inwards < 1 ? (1 - Math.cos(Math.PI * inwards)) / 2 : 1
  })
  return Float32Array.from({ length: size * size }, (_, i) => along[Math.floor(i / size)]! * along[i % size]!)
}

function rootOfColours(): number[] {
  const norms = [0, 1, 2].map((column) => Math.hypot(...COLOURS.map((row) => row[column]!)))
  return COLOURS.flat().map((value) => value / Math.max(...norms))
}

/**
 * spectrum [3, finest, finest] -> picture [3, size, size] between 0 and 1: scaled, brought into pixels by two
 * matrix products, colours correlated as in photographs, sigmoid (lucid's fft image, Olah et al. 2017), with a
 * frame on top.
 */
export function pictureGraph({ size, finest, fineness, ground, margin }: PictureShape): Graph {
  const g = new GraphBuilder(emptyGraph(OPSET))
  const spectrum = g.input('spectrum', 'float32', [3, finest, finest])
  const basis = hartley(size, finest)
  const down = g.constant(tensor('float32', [size, finest], basis))
  const transposed = g.op('Transpose', [down], { perm: { type: 'ints', value: [1, 0] } })
  const scaled = g.op('Mul', [
    spectrum,
    g.constant(tensor('float32', [finest, finest], scales(finest, fineness))),
  ])
  const planes = g.op('MatMul', [g.op('MatMul', [down, scaled]), transposed])
  const flat = g.op('Reshape', [planes, g.ints([3, size * size])])
  const coloured = g.op('MatMul', [g.constant(tensor('float32', [3, 3], rootOfColours())), flat])
  const shaped = g.op('Reshape', [coloured, g.ints([3, size, size])])
  const framed = g.op('Mul', [shaped, g.constant(tensor('float32', [size, size], frame(size, margin)))])
  g.op('Sigmoid', [g.op('Add', [framed, g.scalar(logit(ground), 'float32')])], {}, 'picture')
  return g.build(['picture'])
}

/** A picture as the numbers that are optimised. */
export interface Param {
  readonly spectrum: Float32Array
  /** [3, size, size], 0 to 1. */
  picture(): Promise<Float32Array>
  /** From the gradient towards the picture to that towards the spectrum. */
  back(towardsPicture: Float32Array): Promise<Float32Array>
}

/** A way from spectra to pictures of one size, loaded. */
export interface ParamMaker {
  start(random: Random): Param
  close(): Promise<void>
}

interface PictureShape {
  readonly size: number
  readonly finest: number
  readonly fineness: number
  readonly ground: number
  readonly margin: number
}

/** On the CPU always: it is small beside the model, and the same pictures start in the same way everywhere. */
export async function openParam(shape: PictureShape, threads: number): Promise<ParamMaker> {
  const { size, finest } = shape
  const graph = pictureGraph(shape)
  const backward = gradient(graph, { of: 'picture', withRespectTo: 'spectrum' })
  const [there, back] = await Promise.all(
    [graph, backward].map((part) =>
      loadSession('the picture', writeGraph(part), { provider: 'cpu', threads }),
    ),
  )
  return {
    start(random) {
      const spectrum = Float32Array.from({ length: 3 * finest * finest }, () => SPECTRUM_SD * random.normal())
      const feed = new Tensor('float32', spectrum, [3, finest, finest])
      return {
        spectrum,
        async picture() {
          return (await there!.run({ spectrum: feed }))['picture']!.data as Float32Array
        },
        async back(towardsPicture) {
          const d_picture = new Tensor('float32', towardsPicture, [3, size, size])
          return (await back!.run({ spectrum: feed, d_picture }))['d_spectrum']!.data as Float32Array
        },
      }
    },
    async close() {
      await Promise.all([there!.release(), back!.release()])
    },
  }
}
