import type { ActivationMap } from '../clip/picture-encoder.ts'
import type { RawPicture } from '../pictures/picture.ts'
import type { EngineStatus, Provider, RunOptions, Visualization } from './engine.ts'
import type { VisualizationProgress, VisualizationRequest } from '../visualization/visualize.ts'

/** What the model made of one picture; the fields are those of Analysis. */
export interface ModelResult {
  readonly map: ActivationMap
  readonly strengths: Float32Array
  readonly deviations: Float32Array
  readonly embedding: Float32Array
  readonly attention?: Float32Array
  readonly modelMs: number
}

/** What of a result its reasons are computed from. */
export type Explained = Pick<ModelResult, 'map' | 'attention' | 'embedding'>

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
  /** @param square of the pack's own side */
  encode(square: RawPicture, options?: EncodeOptions): Promise<ModelResult & { readonly provider: Provider }>
  /** What each unit adds to a picture's likeness to each text, behind an attention pool. */
  explain(
    picture: Explained,
    texts: readonly Float32Array[],
    options?: EncodeOptions,
  ): Promise<Float32Array[]>
  /** Embeddings of texts in the pack's prompt, L2-normalised, one each. */
  embedWords(words: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>
  visualize(request: VisualizationRequest, options?: DrawOptions): Promise<Visualization>
  /** Lets what runs finish for this long. */
  close(withinMs: number): Promise<void>
}
