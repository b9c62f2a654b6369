import { Packr } from 'msgpackr'
import type { PackedError } from '../../errors.ts'
import type { Visualization } from '../engine.ts'
import type { VisualizationProgress, VisualizationRequest } from '../../visualization/visualize.ts'
import type { EncodeJob, ExplainJob, ModelResult } from '../model.ts'
import type { Provider } from '../engine.ts'

/** Increase it with every change to a message below, so that two versions never read each other's. */
export const protocolVersion = 4

/** What a bot asks a worker, and what it gets back. Stored under keys of their own, not in the job's JSON. */
export interface Exchanges {
  readonly encode: {
    readonly ask: EncodeJob & { readonly alone: boolean }
    readonly answer: ModelResult & { provider: Provider }
  }
  readonly explain: { readonly ask: ExplainJob; readonly answer: Float32Array | undefined }
  readonly embedWords: { readonly ask: { words: readonly string[] }; readonly answer: Float32Array[] }
  readonly visualize: { readonly ask: VisualizationRequest; readonly answer: Visualization }
}

export type Kind = keyof Exchanges
export type Ask<K extends Kind> = Exchanges[K]['ask']
export type Answer<K extends Kind> = Exchanges[K]['answer']

/** An answer, or the sentence that the person sees instead. */
export type Outcome<K extends Kind> = { readonly answer: Answer<K> } | { readonly refused: PackedError }

export type Progress = VisualizationProgress

// MessagePack preserves typed arrays, byte for byte.
const packr = new Packr({ moreTypes: true, useRecords: false })

export const pack = (value: unknown): Buffer => packr.pack(value)
export const unpack = (bytes: Uint8Array): unknown => packr.unpack(bytes)
