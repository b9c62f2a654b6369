import type { MapsWanted, UnitMaps } from '../neurons/heat-map.ts'
import type { EncodedPicture, PooledPicture } from '../clip/picture-encoder.ts'
import type { RawPicture } from '../pictures/picture.ts'
import type { EngineStatus, Provider, RunOptions, Visualization } from './engine.ts'
import type { VisualizationProgress, VisualizationRequest } from '../visualization/visualize.ts'

/** The model's results for one picture; the fields are those of Analysis. */
export interface ModelResult {
  readonly maps: UnitMaps
  readonly strengths: Float32Array
  readonly deviations: Float32Array
  readonly embedding: Float32Array
  /** What an explanation needs besides the embedding; only if it was asked for, on packs with an attention pool. */
  readonly evidence?: Evidence
  readonly modelMs: number
}

/** A picture for the model, and what we want to know about it. */
export interface EncodeJob {
  /** A square of the pack's own side. */
  readonly square: RawPicture
  readonly maps?: MapsWanted
  /** Whether its likeness to texts will be explained. */
  readonly evidence?: boolean
}

/** RN50x4's is 836 KB. */
export type Evidence = Pick<EncodedPicture, 'map' | 'attention'>

/** A picture whose likeness to texts is to be explained. */
export interface ExplainJob extends Pick<PooledPicture, 'embedding'> {
  readonly evidence?: Evidence
  /** L2-normalised; [texts, dimensions]. */
  readonly texts: Float32Array
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
  /** How many squares it takes at once without making any of them wait needlessly; it may change over time. */
  readonly atOnce: number
  /** Likewise for drawings. */
  readonly drawingsAtOnce: number
  status(): Pick<EngineStatus, 'provider' | 'reports'>
  /** Whether anything runs it now; it may reject instead of saying no. */
  ready(): Promise<boolean>
  encode(job: EncodeJob, options?: EncodeOptions): Promise<ModelResult & { readonly provider: Provider }>
  /**
   * What each unit adds to the likeness to each text; [texts, units]. Undefined on packs with another read-out behind
   * the units.
   */
  explain(job: ExplainJob, options?: EncodeOptions): Promise<Float32Array | undefined>
  /** Embeddings of texts in the pack's prompt, L2-normalised, one each. */
  embedWords(words: readonly string[], options?: EncodeOptions): Promise<Float32Array[]>
  visualize(request: VisualizationRequest, options?: DrawOptions): Promise<Visualization>
  /** Gives what is running this long to finish. */
  close(withinMs: number): Promise<void>
}
