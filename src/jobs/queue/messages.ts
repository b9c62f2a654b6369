import { Packr } from 'msgpackr'
import type { RawPicture } from '../../pictures/picture.ts'
import type { PackedError } from '../../errors.ts'
import type { Visualization } from '../engine.ts'
import type { VisualizationProgress, VisualizationRequest } from '../../visualization/visualize.ts'
import type { Explained, ModelResult } from '../model.ts'
import type { Provider } from '../engine.ts'

/** Changes with every change of a message below, so that two versions side by side never read each other's. */
export const PROTOCOL = 1

/** What a bot asks of a worker, and what it gets. Travels beside the job, never in its JSON. */
export interface Exchanges {
  readonly encode: {
    readonly ask: { square: RawPicture; alone: boolean }
    readonly answer: ModelResult & { provider: Provider }
  }
  readonly embedWords: { readonly ask: { words: readonly string[] }; readonly answer: Float32Array[] }
  readonly explain: {
    readonly ask: { picture: Explained; texts: readonly Float32Array[] }
    readonly answer: Float32Array[]
  }
  readonly visualize: { readonly ask: VisualizationRequest; readonly answer: Visualization }
}

export type Kind = keyof Exchanges
export type Ask<K extends Kind> = Exchanges[K]['ask']
export type Answer<K extends Kind> = Exchanges[K]['answer']

/** An answer, or the sentence that the person should read instead. */
export type Outcome<K extends Kind> = { readonly answer: Answer<K> } | { readonly refused: PackedError }

export type Progress = VisualizationProgress

// MessagePack keeps the type of every array of numbers, and its bytes as they are.
const packr = new Packr({ moreTypes: true, useRecords: false })

export const pack = (value: unknown): Buffer => packr.pack(value)
export const unpack = (bytes: Uint8Array): unknown => packr.unpack(bytes)
