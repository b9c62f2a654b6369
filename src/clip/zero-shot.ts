import type { PackFacts } from './pack-schema.ts'
import { unitRows } from './session.ts'

/** How well labels fit a picture, in their order. */
export interface LabelFits {
  /** Softmax over all the labels with the pack's logit scale, 0 to 1. */
  readonly probabilities: Float64Array<ArrayBuffer>
  /** Cosine of picture and label, -1 to 1. */
  readonly similarities: Float64Array<ArrayBuffer>
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

/**
 * The sum of sharesOf: a picture is compared with thousands of labels. Four sums side by side take half the time, and
 * declared one by one instead of destructured less than half of that again (Node 20: 4.7 and 1.9 ms for 3,405 labels).
 */
function similarityOf(picture: Float32Array, text: Float32Array): number {
  const { length } = picture
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = 0
  for (; i + 3 < length; i += 4) {
    a += picture[i]! * text[i]!
    b += picture[i + 1]! * text[i + 1]!
    c += picture[i + 2]! * text[i + 2]!
    d += picture[i + 3]! * text[i + 3]!
  }
  for (; i < length; i++) a += picture[i]! * text[i]!
  return a + b + c + d
}

/** @param picture and texts L2-normalised */
export function fitLabels(
  picture: Float32Array,
  texts: readonly Float32Array[],
  logitScale: number,
): LabelFits {
  const similarities = Float64Array.from(texts, (text) => similarityOf(picture, text))
  const highest = similarities.reduce((most, similarity) => Math.max(most, similarity), -1)
  const weights = similarities.map((similarity) => Math.exp(logitScale * (similarity - highest)))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return { similarities, probabilities: weights.map((weight) => weight / sum) }
}
