import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { packFiles } from '../clip/pack-schema.ts'
import { badPack, type Pack } from '../clip/pack.ts'
import { type EncoderOptions, loadSession } from '../clip/session.ts'
import { findTap } from '../clip/tap.ts'
import { readGraph, writeGraph } from '../onnx/index.ts'
import type { Facets } from './facets.ts'
import { withFloatPictures } from './float-pictures.ts'
import { scoreName, scoreGraph } from './score-graph.ts'

/** The inputs of scoreGraph besides the image. */
export type Weights = Readonly<Record<string, Tensor>>

export interface ScorerOptions extends EncoderOptions {
  /** Views of one picture that are scored together. */
  readonly views: number
  readonly facets: Facets | undefined
  readonly faceted: boolean
}

/** A pack's model with its gradient, loaded. */
export interface Scorer {
  readonly views: number
  /**
   * @param images normalised as the pack wants them, [views, 3, side, side]
   * @returns the score of the units, the inner layers' usualness and facets, and its gradient towards the images
   */
  score(images: Float32Array, weights: Weights): Promise<{ score: number; gradient: Float32Array }>
  /** The units' maps before the ReLU of the first of the images, [channels, height, width]. */
  map(images: Float32Array, weights: Weights): Promise<Float32Array>
  close(): Promise<void>
}

/** @throws UserError 'bad-pack' if the model cannot be differentiated from its units back to its pictures. */
export async function openScorer(pack: Pack, options: ScorerOptions): Promise<Scorer> {
  const { views, facets, faceted, ...encoder } = options
  const file = join(pack.folder, packFiles.image)
  const model = withFloatPictures(await readGraph(file), pack.facts.picture)
  const { side } = pack.facts.picture
  const {
    channels,
    map: [height, width],
  } = pack.facts.tap
  const tap = findTap(model, pack.facts.tap)
  const image = model.inputs[0]
  if (tap === undefined) throw badPack(`${file} has no layer of units: correct "tap" in pack.json.`)
  if (image?.type !== 'float32')
    throw badPack(
      `${file} takes pictures as ${image?.type}: units can be visualised if they are float32 or uint8.`,
    )
  const layers = facets?.layers ?? []
  const graph = scoreGraph(model, { image: image.name, tap, views, side, layers, faceted })
  const session = await loadSession(file, writeGraph(graph), encoder)
  const run = async (images: Float32Array, weights: Weights, outputs: readonly string[]) =>
    session.run({ ...weights, [image.name]: new Tensor('float32', images, [views, 3, side, side]) }, outputs)
  const gradientName = `d_${image.name}`
  return {
    views,
    async score(images, weights) {
      const out = await run(images, weights, [scoreName, gradientName])
      return {
        score: (out[scoreName]!.data as Float32Array)[0]!,
        gradient: out[gradientName]!.data as Float32Array,
      }
    },
    async map(images, weights) {
      const out = await run(images, weights, [tap])
      return (out[tap]!.data as Float32Array).slice(0, channels * height * width)
    },
    close: () => session.release(),
  }
}
