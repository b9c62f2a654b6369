import type { MapsWanted, UnitMaps } from '../neurons/heat-map.ts'
import type { PictureFacts, RawPicture } from '../pictures/picture.ts'
import type { WaitOptions } from '../threads/line.ts'
import type { VisualizationProgress, VisualizationRequest, Visualized } from '../visualization/visualize.ts'

/** Execution providers of ONNX Runtime that the project serves with. */
export type LocalProvider = 'cpu' | 'cuda' | 'webgpu'

/** What runs the model: an execution provider here, or a model server. */
export type Provider = LocalProvider | 'server'

/** 'auto' takes the fastest that works here; the others force one. */
export type ProviderSetting = LocalProvider | 'auto'

export interface ProviderReport {
  readonly provider: Provider
  readonly serves: boolean
  /** One sentence: "serves", "not installed", "slower than the CPU (41 ms against 3 ms)". */
  readonly reason: string
}

/** An encoded file as it was uploaded, or pixels that the product made itself. */
export type PictureInput = Uint8Array | RawPicture

/** People who wait come before what is computed ahead for a schedule, and that before what only fills idle time. */
export type Priority = 'person' | 'schedule' | 'idle'

export interface RunOptions extends Pick<WaitOptions, 'signal' | 'requester' | 'onPlace'> {
  /** For a drawing on workers that many share: who waits for it. 'person' if left out. */
  readonly priority?: Priority
  /** Run by itself and not in a batch: the same bytes then always give the same numbers. For scores. */
  readonly alone?: boolean
  /** Units whose maps the result should include; none if left out. */
  readonly maps?: MapsWanted
}

export interface ClassifyOptions extends RunOptions {
  /** Picks, from the scores, the labels for which each unit's share is wanted. */
  readonly explain?: (scores: readonly LabelScore[]) => readonly string[]
}

export interface Analysis {
  readonly facts: PictureFacts
  /** The whole picture, long side at most 720 px, for drawing on. */
  readonly preview: RawPicture
  /** For the units that were asked for. */
  readonly maps: UnitMaps
  /** Strength of each unit in sigma from zero: mean(ReLU(map)) / rms_from_zero. Never negative. */
  readonly strengths: Float32Array
  /** (mean(map) - baseline mean) / baseline std before the ReLU: far below zero means inhibited. */
  readonly deviations: Float32Array
  /** The picture's embedding, L2-normalised. */
  readonly embedding: Float32Array
  readonly provider: Provider
  /** The model's own run, its share of a batch, in milliseconds. */
  readonly modelMs: number
}

export interface LabelScore {
  readonly label: string
  /** Softmax over the given labels with the pack's logit scale, 0 to 1. */
  readonly probability: number
  /** Cosine of picture and label, -1 to 1. */
  readonly similarity: number
}

export interface Classification extends Analysis {
  /** In the order in which the labels were given. */
  readonly scores: readonly LabelScore[]
  /**
   * Row l holds each unit's share of the similarity of the l-th label to explain; [labels, units]. Where the pack's
   * embedding is its units they add up to it exactly; behind an attention pool, together with what its places and
   * biases add to any picture. Absent if none was asked for, and on packs with another read-out behind the units.
   */
  readonly shares?: readonly Float32Array[]
}

export interface Visualization extends Visualized {
  readonly provider: Provider
}

export interface EngineStatus {
  readonly provider: Provider
  /** Why the other providers do not serve, or that they were not tried. */
  readonly reports: readonly ProviderReport[]
  readonly waiting: number
  readonly running: number
}

/**
 * All compute behind the commands, off the event loop: in-process worker threads, or workers over a queue.
 * Every call rejects with UserError 'bad-picture' for a picture that cannot be read, 'busy' when the queue is
 * full, 'cancelled' when its signal aborts.
 */
export interface Engine {
  analyse(picture: PictureInput, options?: RunOptions): Promise<Analysis>
  /** @param labels 1 to 5,000 labels, put into the pack's prompt. */
  classify(
    picture: PictureInput,
    labels: readonly string[],
    options?: ClassifyOptions,
  ): Promise<Classification>
  /** Embeds labels ahead of time, so that the first to classify with this very list doesn't wait for them. */
  loadLabels(labels: readonly string[], options?: RunOptions): Promise<void>
  /** At lower priority than pictures that people wait for. */
  visualize(
    request: VisualizationRequest,
    options?: RunOptions & { readonly onProgress?: (progress: VisualizationProgress) => void },
  ): Promise<Visualization>
  status(): EngineStatus
  /** Whether a picture would be answered now: the workers or the model server are asked, if it is they who answer. */
  ready(): Promise<boolean>
  close(): Promise<void>
}
