import type { MapsWanted, UnitMaps } from '../neurons/heat-map.ts'
import type { RawPicture } from '../pictures/picture.ts'
import type { EngineStatus, Provider, RunOptions, Visualization } from './engine.ts'
import type { VisualizationProgress, VisualizationRequest } from '../visualization/visualize.ts'

/** What the model made of one picture; the fields are those of Analysis. */
export interface ModelResult {
  readonly maps: UnitMaps
  readonly strengths: Float32Array
  readonly deviations: Float32Array
  readonly embedding: Float32Array
  /** What each unit adds to the likeness to each text that was to be explained; [texts, units]. */
  readonly shares?: Float32Array
  readonly modelMs: number
}

/** A picture for the model, and what is wanted of it. */
export interface EncodeJob {
  /** Of the pack's own side. */
  readonly square: RawPicture
  readonly maps?: MapsWanted
  /** Embeddings of the texts to explain, L2-normalised; [texts, dimensions]. */
  readonly explain?: Float32Array
}

export type EncodeOptions = Pick<RunOptions, 'signal' | 'alone'>
export type DrawOptions = Pick<RunOptions, 'signal' | 'priority'> & {
  readonly onProgress?: (progress: VisualizationProgress) => void
}

/**
 * Where a pack's models run: on threads of this process, on workers behind a queue, or on a model server. The engine
 * has decoded and lined up what comes here. Every call rejects with UserError 'busy' while nothing serves, and
 * 'cancelled' when its signal aborts.
 */
export interface Model {
  /** Squares that it takes at once without making any of them wait needlessly. */
  readonly atOnce: number
  /** Drawings that it takes at once. */
  readonly drawingsAtOnce: number
  status(): Pick<EngineStatus, 'provider' | 'reports'>
  /** Whether anything runs it now; it may reject instead of telling that nothing does. */
  ready(): Promise<boolean>
  encode(job: EncodeJob, options?: EncodeOptions): Promise<ModelResult & { readonly provider: Provider }>
  /** Embeddings of texts in the pack's prompt, L2-normalised, one each. */
  embedWords(words: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>
  visualize(request: VisualizationRequest, options?: DrawOptions): Promise<Visualization>
  /** Lets what runs finish for this long. */
  close(withinMs: number): Promise<void>
}
