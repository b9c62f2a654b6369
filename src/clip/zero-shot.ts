import type { PackFacts } from './pack-schema.ts'
import { unitRows } from './session.ts'

/** How well each label fits a picture. */
export interface LabelFit {
  /** Softmax over all the labels with the pack's logit scale, 0 to 1. */
  readonly probability: number
  /** Cosine of picture and label, -1 to 1. */
  readonly similarity: number
}

/**
 * One embedding for each label, L2-normalised: the mean of its embeddings over the pack's prompts (CLIP's prompt
 * ensembling).
 */
export async function embedLabels(
  encoder: { encodeTexts(texts: readonly string[]): Promise<Float32Array[]> },
  { prompts, dimensions }: PackFacts,
  labels: readonly string[],
): Promise<Float32Array[]> {
  const sums = new Float32Array(labels.length * dimensions)
  for (const prompt of prompts) {
    const encoded = await encoder.encodeTexts(labels.map((label) => prompt.replace('{}', () => label)))
    for (const [row, embedding] of encoded.entries()) {
      for (let i = 0; i < dimensions; i++) sums[row * dimensions + i]! += embedding[i]!
    }
  }
  return unitRows(sums, dimensions)
}

/** What each dimension adds to the similarity of two embeddings: picture[i] * text[i]. */
export const sharesOf = (picture: Float32Array, text: Float32Array): Float32Array =>
  picture.map((value, i) => value * text[i]!)

/** The sum of sharesOf, to the last bit, but in a loop: a picture is compared with thousands of labels. */
function similarityOf(picture: Float32Array, text: Float32Array): number {
  let sum = 0
  for (let i = 0; i < picture.length; i++) sum += Math.fround(picture[i]! * text[i]!)
  return sum
}

/** @param picture and texts L2-normalised */
export function fitLabels(
  picture: Float32Array,
  texts: readonly Float32Array[],
  logitScale: number,
): LabelFit[] {
  const similarities = texts.map((text) => similarityOf(picture, text))
  const highest = Math.max(...similarities)
  const weights = similarities.map((similarity) => Math.exp(logitScale * (similarity - highest)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return similarities.map((similarity, i) => ({ similarity, probability: weights[i]! / sum }))
}
