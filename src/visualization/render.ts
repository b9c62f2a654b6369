import { setImmediate } from 'node:timers/promises'
import type { Pack } from '../clip/pack.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { preprocess } from '../clip/preprocess.ts'
import { squareOf } from '../pictures/square.ts'
import type { EncoderOptions } from '../clip/session.ts'
import { UserError } from '../errors.ts'
import { createAdam } from './adam.ts'
import type { Facets } from './facets.ts'
import { type Objective, scale } from './objective.ts'
import { openParam, type Param, type ParamMaker } from './param.ts'
import { addPictureTerms } from './picture-terms.ts'
import type { Prior } from './prior.ts'
import { createRandom, type Random } from './random.ts'
import { openScorer, type Scorer, type Weights } from './scorer.ts'
import { randomView, type TransformRange, View } from './transform.ts'
import { weightsOf } from './weights.ts'

/** How pictures are made; what they should show is the objective. */
export interface Style {
  /** Adam's initial learning rate; it falls linearly to a tenth. */
  readonly rate: number
  /** Transformed views of the picture that the model sees in each step. */
  readonly views: number
  readonly transforms: TransformRange
  /**
   * Standard deviation of the noise on the picture that the model sees; colours are 0 to 1. Falls geometrically from
   * the first to the last, both above 0, so that the composition settles before the details. Without a prior, which
   * takes the noise off again, it is always the last.
   */
  readonly noise: readonly [first: number, last: number]
  /** Brightness of the picture at the start and of what lies around it, between 0 (black) and 1 (white), exclusive. */
  readonly background: number
  /** Width of the fade into the background at each edge, in shares of the side; above 0. */
  readonly margin: number
  /** Functions of the Fourier basis along a side, at most; the highest frequency is half as many cycles. */
  readonly basisSize: number
  /** Amplitudes are scaled by 1 / frequency ** decayPower; lucid's is 1. */
  readonly decayPower: number
}

export interface RenderOptions {
  readonly steps: number
  /** Canvas side in pixels. */
  readonly size: number
  readonly seed: number
  /** Stops after this long; the picture is then as far as it got. */
  readonly budgetMs?: number
  readonly signal?: AbortSignal
  /** Awaited before each step; by default one turn of the event loop, in which an abort can arrive. */
  readonly beforeStep?: () => Promise<unknown>
  /** Called after every step; `picture()` makes the picture as it is at that moment. */
  readonly onStep?: (step: number, picture: () => RawPicture) => void
}

export interface Rendered {
  readonly picture: RawPicture
  /** Steps taken; fewer than asked for if the time ran out. */
  readonly steps: number
  readonly seconds: number
  /** The units' maps for the finished picture, before their ReLU: [channels, height, width]. */
  readonly map: Float32Array
}

/** Where the time of the last picture went, in milliseconds. */
export interface Timing {
  readonly model: number
  readonly rest: number
}

export interface Renderer {
  /** @throws UserError 'cancelled' when the signal aborts, 'bad-option' for an unknown facet. */
  render(objective: Objective, options: RenderOptions): Promise<Rendered>
  readonly timing: Timing
  close(): Promise<void>
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

/**
 * Makes pictures of what a pack's units look for, on this thread: a run of the model blocks it. The same objective,
 * options and seed give the same picture, bit for bit with the same provider and threads.
 */
export function createRenderer(
  pack: Pack,
  { facets, prior }: { readonly facets?: Facets | undefined; readonly prior?: Prior | undefined },
  options: EncoderOptions & { readonly style: Style },
): Renderer {
  const { style, ...encoder } = options
  const { side } = pack.facts.picture
  const params = new Map<number, Promise<ParamMaker>>()
  const scorers = new Map<boolean, Promise<Scorer>>()
  const paramOf = (size: number) => {
    const basisSize = Math.min(size, side, style.basisSize)
    const open = params.get(size) ?? openParam({ ...style, size, basisSize }, encoder.threads)
    params.set(size, open)
    return open
  }
  const scorerOf = (faceted: boolean) => {
    const open = scorers.get(faceted) ?? openScorer(pack, { ...encoder, views: style.views, facets, faceted })
    scorers.set(faceted, open)
    return open
  }
  const timing = { model: 0, rest: 0 }

  return {
    timing,
    async render(objective, given): Promise<Rendered> {
      const { steps, size, seed, budgetMs = Infinity, signal, onStep, beforeStep = setImmediate } = given
      const canvas = prior?.side ?? size
      const weights = weightsOf(pack, facets, objective)
      const [param, scorer] = await Promise.all([
        paramOf(canvas),
        scorerOf(objective.some(({ kind }) => kind === 'facet')),
      ])
      const began = performance.now()
      const random = createRandom(seed)
      const own = param.start(random)
      const parts = {
        pack,
        style,
        prior,
        objective,
        weights,
        scorer,
        param: own,
        random,
        canvas,
        size,
        steps,
      }
      const rendering = new Rendering(parts, await own.picture())
      let step = 0
      while (step < steps && performance.now() - began < budgetMs) {
        await beforeStep()
        if (signal?.aborted) throw new UserError('cancelled', 'This was cancelled before it was finished.')
        const current = await rendering.step(step++)
        onStep?.(step, current)
      }
      const finished = await rendering.finish()
      const ms = performance.now() - began
      timing.model = rendering.modelMs
      timing.rest = ms - timing.model
      return { ...finished, steps: step, seconds: ms / 1000 }
    },
    async close() {
      const all = await Promise.all([...params.values(), ...scorers.values()])
      await Promise.all(all.map((one) => one.close()))
    },
  }
}

interface RenderingParts {
  readonly pack: Pack
  readonly style: Style
  readonly prior: Prior | undefined
  readonly objective: Objective
  readonly weights: Weights
  readonly scorer: Scorer
  readonly param: Param
  readonly random: Random
  /** Side of what is optimised, in pixels; the prior fixes its own. */
  readonly canvas: number
  /** Side of what comes out. */
  readonly size: number
  readonly steps: number
}

/** One picture being made. */
class Rendering {
  /** Time spent in runs of the model so far. */
  modelMs = 0
  readonly #parts: RenderingParts
  readonly #adam: ReturnType<typeof createAdam>
  /** All views as the model takes them, [views, 3, side, side]. */
  readonly #images: Float32Array
  readonly #towards: Float32Array
  /** [3, canvas, canvas] */
  #pixels: Float32Array

  constructor(parts: RenderingParts, pixels: Float32Array) {
    const { pack, param, scorer, canvas } = parts
    this.#parts = parts
    this.#pixels = pixels
    this.#adam = createAdam(param.spectrum)
    this.#images = new Float32Array(scorer.views * 3 * pack.facts.picture.side ** 2)
    this.#towards = new Float32Array(3 * canvas * canvas)
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
    // The gradient bypasses the denoiser (straight-through): what it takes off is not rewarded.
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
    })
    this.#adam.step(await param.backward(this.#towards), style.rate * (1 - (0.9 * n) / steps))
    this.#pixels = await param.picture()
    const current = prior ? seen : this.#pixels
    return () => this.#asPicture(current)
  }

  /** The picture, and the units' maps for it. */
  async finish(): Promise<Pick<Rendered, 'picture' | 'map'>> {
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
