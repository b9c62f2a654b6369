import type { Pack } from '../clip/pack.ts'
import { preprocess } from '../clip/preprocess.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { squareOf } from '../pictures/square.ts'
import { createAdam } from './adam.ts'
import { type Objective, scale } from './objective.ts'
import type { Param } from './param.ts'
import { addPictureTerms } from './picture-terms.ts'
import type { Prior } from './prior.ts'
import type { Random } from './random.ts'
import type { Scorer, Weights } from './scorer.ts'
import type { Style } from './style.ts'
import { randomView, View } from './transform.ts'

interface RenderingParts {
  readonly pack: Pack
  readonly style: Style
  readonly prior: Prior | undefined
  readonly objective: Objective
  readonly weights: Weights
  readonly scorer: Scorer
  readonly param: Param
  readonly random: Random
  /** The picture stays near it, as far as the objective demands. */
  readonly sketch: RawPicture | undefined
  /** Side of the picture that is optimised, in pixels; a prior dictates its own. */
  readonly canvas: number
  /** Side of the finished picture. */
  readonly size: number
  readonly steps: number
}

/** One picture being made. */
export class Rendering {
  /** Time spent in runs of the model so far. */
  modelMs = 0
  readonly #parts: RenderingParts
  readonly #adam: ReturnType<typeof createAdam>
  /** All views as the model takes them, [views, 3, side, side]. */
  readonly #images: Float32Array
  readonly #towards: Float32Array
  /** [3, canvas, canvas], 0 to 1 */
  readonly #sketch: Float32Array | undefined
  /** [3, canvas, canvas] */
  #pixels: Float32Array

  constructor(parts: RenderingParts, pixels: Float32Array) {
    const { pack, param, scorer, canvas, sketch } = parts
    this.#parts = parts
    this.#pixels = pixels
    this.#adam = createAdam(param.spectrum)
    this.#images = new Float32Array(scorer.views * 3 * pack.facts.picture.side ** 2)
    this.#towards = new Float32Array(3 * canvas * canvas)
    this.#sketch = sketch && toFloats(squareOf(sketch, canvas))
  }

  /** @returns makes the picture as it is after this step */
  async step(n: number): Promise<() => RawPicture> {
    const { pack, style, prior, objective, weights, scorer, param, random, canvas, steps } = this.#parts
    const { picture } = pack.facts
    const views = Array.from(
      { length: scorer.views },
      () => new View(randomView(random, style.transforms, canvas, picture.side), canvas, picture.side),
    )
    const [, last] = style.noise
    const first = prior ? style.noise[0] : last
    const sigma = first * (last / first) ** (n / steps)
    const noisy = this.#pixels.map((value) => value + sigma * random.normal())
    // The gradient bypasses the denoiser (straight-through): what it removes is not rewarded.
    const seen = prior ? await prior.denoise(noisy, sigma) : noisy
    const of = (all: Float32Array, view: number) => {
      const length = all.length / scorer.views
      return all.subarray(view * length, (view + 1) * length)
    }
    for (const [i, view] of views.entries()) view.look(seen, of(this.#images, i), style.background, picture)
    const { gradient } = await this.#timed(() => scorer.score(this.#images, weights))
    this.#towards.fill(0)
    for (const [i, view] of views.entries()) view.backward(of(gradient, i), this.#towards, picture.std)
    addPictureTerms(scale(Math.min(1, (2 * n) / steps), objective), {
      picture: this.#pixels,
      size: canvas,
      gradient: this.#towards,
      clean: prior && seen,
      sketch: this.#sketch,
    })
    this.#adam.step(await param.backward(this.#towards), style.rate * (1 - (0.9 * n) / steps))
    this.#pixels = await param.picture()
    const current = prior ? seen : this.#pixels
    return () => this.#asPicture(current)
  }

  /** The picture, and the units' maps for it before their ReLU: [channels, height, width]. */
  async finish(): Promise<{ picture: RawPicture; map: Float32Array }> {
    const { pack, style, prior, weights, scorer } = this.#parts
    const picture = this.#asPicture(prior ? await prior.denoise(this.#pixels, style.noise[1]) : this.#pixels)
    const square = preprocess(squareOf(picture, pack.facts.picture.side), pack.facts.picture)
    for (let i = 0; i < scorer.views; i++) this.#images.set(square, i * square.length)
    return { picture, map: await this.#timed(() => scorer.map(this.#images, weights)) }
  }

  #asPicture(values: Float32Array): RawPicture {
    const { canvas, size } = this.#parts
    return squareOf(toPicture(values, canvas), size)
  }

  async #timed<T>(run: () => Promise<T>): Promise<T> {
    const before = performance.now()
    const result = await run()
    this.modelMs += performance.now() - before
    return result
  }
}

/** 8-bit RGB of [3, size, size] between 0 and 1. */
function toPicture(values: Float32Array, size: number): RawPicture {
  const pixels = size * size
  const data = new Uint8Array(3 * pixels)
  for (let i = 0; i < pixels; i++) {
    for (let channel = 0; channel < 3; channel++)
      data[3 * i + channel] = Math.round(255 * Math.min(1, Math.max(0, values[channel * pixels + i]!)))
  }
  return { width: size, height: size, data }
}

/** [3, height, width] between 0 and 1 of 8-bit RGB. */
function toFloats({ width, height, data }: RawPicture): Float32Array {
  const pixels = width * height
  return Float32Array.from(
    { length: 3 * pixels },
    (_, i) => data[3 * (i % pixels) + Math.floor(i / pixels)]! / 255,
  )
}
