import { setImmediate } from 'node:timers/promises'
import type { Pack } from '../clip/pack.ts'
import type { EncoderOptions } from '../clip/session.ts'
import { UserError } from '../errors.ts'
import type { RawPicture } from '../pictures/picture.ts'
import type { Facets } from './facets.ts'
import type { Objective } from './objective.ts'
import { openParam } from './param.ts'
import type { Prior } from './prior.ts'
import { createRandom } from './random.ts'
import { Rendering } from './rendering.ts'
import { openScorer } from './scorer.ts'
import type { Style } from './style.ts'
import { weightsOf } from './weights.ts'

export interface RenderOptions {
  readonly steps: number
  /** Canvas side in pixels. */
  readonly size: number
  readonly seed: number
  /** What the picture grows from, if the objective has a term for it. */
  readonly sketch?: RawPicture
  /** Stops after this long, with the picture as far as it got. */
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
  const params = new OpenedOnce((size: number) => {
    const basisSize = Math.min(size, side, style.basisSize)
    return openParam({ ...style, size, basisSize }, encoder.threads)
  })
  const scorers = new OpenedOnce((faceted: boolean) =>
    openScorer(pack, { ...encoder, views: style.views, facets, faceted }),
  )
  const timing = { model: 0, rest: 0 }

  return {
    timing,
    async render(objective, given): Promise<Rendered> {
      const {
        steps,
        size,
        seed,
        budgetMs = Infinity,
        sketch,
        signal,
        onStep,
        beforeStep = setImmediate,
      } = given
      const canvas = prior?.side ?? size
      const weights = weightsOf(pack, facets, objective)
      const [param, scorer] = await Promise.all([
        params.get(canvas),
        scorers.get(objective.some(({ kind }) => kind === 'facet')),
      ])
      const began = performance.now()
      const random = createRandom(seed)
      const own = param.start(random)
      const about = { pack, style, prior, objective, weights, scorer }
      const rendering = new Rendering(
        { ...about, param: own, random, canvas, size, steps, sketch },
        await own.picture(),
      )
      let step = 0
      while (step < steps && performance.now() - began < budgetMs) {
        await beforeStep()
        if (signal?.aborted) throw new UserError('cancelled', 'chat.cancelled')
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
      await Promise.all([params.close(), scorers.close()])
    },
  }
}

/** Opens a part once for each key. */
class OpenedOnce<Key, Part extends { close(): Promise<void> }> {
  readonly #open: (key: Key) => Promise<Part>
  readonly #parts = new Map<Key, Promise<Part>>()

  constructor(open: (key: Key) => Promise<Part>) {
    this.#open = open
  }

  get(key: Key): Promise<Part> {
    const part = this.#parts.get(key) ?? this.#open(key)
    this.#parts.set(key, part)
    return part
  }

  async close(): Promise<void> {
    await Promise.all([...this.#parts.values()].map(async (part) => (await part).close()))
  }
}
