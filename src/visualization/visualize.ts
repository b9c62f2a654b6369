import sharp from 'sharp'
import type { Pack } from '../clip/pack.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { rawOf } from '../pictures/raw.ts'
import type { EncoderOptions } from '../clip/session.ts'
import { UserError } from '../errors.ts'
import type { Key } from '../language.ts'
import { readFacets } from './facets.ts'
import { objectiveOf, style } from './style.ts'
import { openPrior } from './prior.ts'
import { createRenderer, type RenderOptions } from './render.ts'

export const defaults = { steps: 256, size: 128, seed: 1 } as const
export const limits = { steps: [1, 2048], size: [32, 512] } as const

/** Least time between two reports of progress. */
const shownEveryMs = 250

/** How a unit should be drawn. */
export interface VisualizationRequest {
  /** One unit, or a weighted direction over units (for portraits). */
  readonly direction: readonly { readonly unit: number; readonly weight: number }[]
  readonly facet?: string
  /** An SVG drawing, square, that the picture grows from and stays near. */
  readonly sketch?: string
  /** Optimisation steps, 1 to 2048. */
  readonly steps?: number
  /** Canvas side in pixels. */
  readonly size?: number
  readonly seed?: number
  /** Stops after this long, with the picture as far as it got. */
  readonly budgetMs?: number
}

export interface VisualizationProgress {
  readonly step: number
  readonly steps: number
  readonly picture: RawPicture
}

export interface Visualized {
  readonly picture: RawPicture
  readonly steps: number
  readonly seconds: number
  /** mean(ReLU(map)) of the finished picture, seen without jitter; of a direction, the weighted sum. */
  readonly activation: number
  /** The same in sigma. */
  readonly sigma: number
}

export interface VisualizeOptions extends Pick<RenderOptions, 'signal' | 'beforeStep'> {
  /** Called several times a second, and with the finished picture. */
  readonly onProgress?: (progress: VisualizationProgress) => void
}

export interface Visualizer {
  /** Names of the pack's facets. */
  readonly facets: readonly string[]
  /** @throws UserError 'bad-option' for a unit, facet or number out of range, 'cancelled' when the signal aborts */
  visualize(request: VisualizationRequest, options?: VisualizeOptions): Promise<Visualized>
  close(): Promise<void>
}

function within(key: Key, value: number, [low, high]: readonly [number, number]): number {
  if (Number.isInteger(value) && value >= low && value <= high) return value
  throw new UserError('bad-option', 'neuron.visualize.notWhole', { values: { what: { key }, low, high } })
}

/** Draws what a pack's units look for, in the project's own style, on this thread. */
export async function createVisualizer(pack: Pack, options: EncoderOptions): Promise<Visualizer> {
  const facets = await readFacets(pack.folder)
  const prior = await openPrior(pack, options)
  const renderer = createRenderer(pack, { facets, prior }, { ...options, style })
  const { channels, map: shape } = pack.facts.tap
  const places = shape[0] * shape[1]
  const { rms } = pack.baseline.after

  return {
    facets: facets?.facets.map(({ name }) => name) ?? [],
    async visualize(request, { onProgress, ...passed } = {}) {
      const steps = within('neuron.visualize.steps', request.steps ?? defaults.steps, limits.steps)
      const size = within('neuron.visualize.size', request.size ?? defaults.size, limits.size)
      for (const { unit } of request.direction) {
        within('neuron.visualize.aUnit', unit, [0, channels - 1])
        if (!(rms[unit]! > 0))
          throw new UserError('bad-option', 'neuron.visualize.silent', { values: { unit } })
      }
      const sketch = request.sketch === undefined ? undefined : await rasterised(request.sketch, size)
      let shown = performance.now()
      const onStep = (step: number, picture: () => RawPicture) => {
        if (!onProgress || step === steps || performance.now() - shown < shownEveryMs) return
        shown = performance.now()
        onProgress({ step, steps, picture: picture() })
      }
      const { map, ...rendered } = await renderer.render(
        objectiveOf(request.direction, { facet: request.facet, sketched: sketch !== undefined }),
        {
          steps,
          size,
          seed: request.seed ?? defaults.seed,
          onStep,
          ...(sketch && { sketch }),
          ...(request.budgetMs !== undefined && { budgetMs: request.budgetMs }),
          ...passed,
        },
      )
      onProgress?.({ step: rendered.steps, steps, picture: rendered.picture })
      let [activation, sigma] = [0, 0]
      for (const { unit, weight } of request.direction) {
        let sum = 0
        for (const value of map.subarray(unit * places, (unit + 1) * places)) sum += Math.max(0, value)
        activation += (weight * sum) / places
        sigma += (weight * sum) / places / rms[unit]!
      }
      return { ...rendered, activation, sigma }
    },
    async close() {
      await renderer.close()
      await prior?.close()
    },
  }
}

/** An SVG drawing as a square of pixels. */
const rasterised = (svg: string, size: number): Promise<RawPicture> =>
  rawOf(sharp(Buffer.from(svg)).resize(size, size, { fit: 'fill' }))
