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
import { openParam, type ParamMaker } from './param.ts'
import { addPictureTerms } from './picture-terms.ts'
import type { Prior } from './prior.ts'
import { createRandom } from './random.ts'
import { openScorer, type Scorer } from './scorer.ts'
import { randomView, type TransformRange, View } from './transform.ts'
import { weightsOf } from './weights.ts'

/** How pictures are made; what they are made for is the objective's. */
export interface Manner {
  /** Adam's learning rate at the beginning; it falls to a tenth in a straight line. */
  readonly rate: number
  readonly views: number
  readonly transforms: TransformRange
  /**
   * Standard deviation of the noise on what is looked at, of colours between 0 and 1, above 0: it falls from the first
   * to the second, so that the whole is settled before its parts. Where no prior takes it off again it is always the second.
   */
  readonly noise: readonly [first: number, last: number]
  /** Of the picture at the start and of what lies around it, above 0 (black) and below 1 (white). */
  readonly ground: number
  /** Over which the picture fades into its ground at each edge, in shares of the side; above 0. */
  readonly margin: number
  /** How many waves of the Fourier basis there are along a side at most: half as many swings. */
  readonly finest: number
  /** How fast finer waves grow less: lucid's 1 / frequency is 1. */
  readonly fineness: number
}

export interface RenderOptions {
  readonly steps: number
  /** Canvas side in pixels. */
  readonly size: number
  readonly seed: number
  /** Stop after this long with what is there. */
  readonly budgetMs?: number
  readonly signal?: AbortSignal
  /** Awaited before each step; where it is not given, a turn of the event loop, in which an abort can arrive. */
  readonly beforeStep?: () => Promise<unknown>
  /** Called after every step; `picture` makes the picture as it is then. */
  readonly onStep?: (step: number, picture: () => RawPicture) => void
}

export interface Rendered {
  readonly picture: RawPicture
  /** Taken, fewer than asked for where the time ran out. */
  readonly steps: number
  readonly seconds: number
  /** The units' maps before their ReLU for the finished picture as the pack sees it, [channels, height, width]. */
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
 * Makes pictures of what a pack's units look for, on this thread: a run of the model blocks it.
 * The same objective, options and seed give the same picture, bit for bit with the same provider and threads.
 */
export function createRenderer(
  pack: Pack,
  { facets, prior }: { readonly facets?: Facets | undefined; readonly prior?: Prior | undefined },
  options: EncoderOptions & { readonly manner: Manner },
): Renderer {
  const { manner, ...encoder } = options
  const { side } = pack.facts.picture
  const perView = 3 * side * side
  const params = new Map<number, Promise<ParamMaker>>()
  const scorers = new Map<boolean, Promise<Scorer>>()
  const paramOf = (size: number) => {
    const finest = Math.min(size, side, manner.finest)
    const open = params.get(size) ?? openParam({ ...manner, size, finest }, encoder.threads)
    params.set(size, open)
    return open
  }
  const scorerOf = (faceted: boolean) => {
    const open =
      scorers.get(faceted) ?? openScorer(pack, { ...encoder, views: manner.views, facets, faceted })
    scorers.set(faceted, open)
    return open
  }
  const timing = { model: 0, rest: 0 }
  /** A run of the model. */
  async function timed<T>(run: () => Promise<T>): Promise<T> {
    const before = performance.now()
    const result = await run()
    timing.model += performance.now() - before
    return result
  }

  async function render(objective: Objective, given: RenderOptions): Promise<Rendered> {
    const { steps, size, seed, budgetMs = Infinity, signal, onStep, beforeStep = setImmediate } = given
    const weights = weightsOf(pack, facets, objective)
    const canvas = prior?.side ?? size
    const [first, last] = prior ? manner.noise : [manner.noise[1], manner.noise[1]]
    const [param, scorer] = await Promise.all([
      paramOf(canvas),
      scorerOf(objective.some(({ kind }) => kind === 'facet')),
    ])
    const began = performance.now()
    timing.model = 0
    const random = createRandom(seed)
    const own = param.start(random)
    const adam = createAdam(own.spectrum)
    const images = new Float32Array(scorer.views * perView)
    const towards = new Float32Array(3 * canvas * canvas)
    let pixels = await own.picture()
    let step = 0
    while (step < steps && performance.now() - began < budgetMs) {
      await beforeStep()
      if (signal?.aborted) throw new UserError('cancelled', 'This was cancelled before it was finished.')
      const views = Array.from(
        { length: scorer.views },
        () => new View(randomView(random, manner.transforms, canvas, side), canvas, side),
      )
      const sigma = first * (last / first) ** (step / steps)
      const noisy = pixels.map((value) => value + sigma * random.normal())
      // The gradient goes past the denoiser, as if it were not there: what it takes off is not rewarded.
      const seen = prior ? await prior.denoise(noisy, sigma) : noisy
      for (const [n, view] of views.entries()) {
        view.look(seen, images.subarray(n * perView, (n + 1) * perView), manner.ground, pack.facts.picture)
      }
      const { gradient } = await timed(() => scorer.score(images, weights))
      towards.fill(0)
      for (const [n, view] of views.entries()) {
        view.back(gradient.subarray(n * perView, (n + 1) * perView), towards, pack.facts.picture.std)
      }
      addPictureTerms(
        scale(Math.min(1, (2 * step) / steps), objective),
        pixels,
        canvas,
        towards,
        prior && seen,
      )
      adam.step(await own.back(towards), manner.rate * (1 - (0.9 * step) / steps))
      pixels = await own.picture()
      step++
      const now = prior ? seen : pixels
      onStep?.(step, () => squareOf(toPicture(now, canvas), size))
    }
    const finished = prior ? await prior.denoise(pixels, last) : pixels
    const picture = squareOf(toPicture(finished, canvas), size)
    const square = preprocess(squareOf(picture, side), pack.facts.picture)
    for (let n = 0; n < scorer.views; n++) images.set(square, n * perView)
    const map = await timed(() => scorer.map(images, weights))
    const ms = performance.now() - began
    timing.rest = ms - timing.model
    return { picture, steps: step, seconds: ms / 1000, map }
  }

  return {
    render,
    timing,
    async close() {
      const all = await Promise.all([...params.values(), ...scorers.values()])
      await Promise.all(all.map((one) => one.close()))
    },
  }
}
