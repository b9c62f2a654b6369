import type { Objective } from './objective.ts'

/** Keeps the square root away from zero, where it has no gradient. */
const softening = 1e-4

/** A picture and the gradient with respect to it, both [3, size, size]. */
interface PictureState {
  /** 0 to 1. */
  readonly picture: Float32Array
  readonly size: number
  /** The terms' gradient is added to it. */
  readonly gradient: Float32Array
  /** The picture as the pack's prior denoised it; without one, 'unlikely' counts for nothing. */
  readonly clean?: Float32Array | undefined
  /** What the picture grows from; without one, 'unlikeSketch' counts for nothing. */
  readonly sketch?: Float32Array | undefined
}

/** Evaluates the terms of an objective that depend only on the picture, not on the model. @returns their value */
export function addPictureTerms(
  objective: Objective,
  { picture, size, gradient, clean, sketch }: PictureState,
): number {
  let value = 0
  for (const term of objective) {
    if (term.kind === 'contrast') value += addDistance(picture, () => term.level, term.weight, gradient)
    if (term.kind === 'unlikely' && clean)
      value += addDistance(picture, (i) => clean[i]!, term.weight, gradient)
    if (term.kind === 'unlikeSketch' && sketch)
      value += addDistance(picture, (i) => sketch[i]!, term.weight, gradient)
    if (term.kind === 'variation') value += addVariation(picture, size, term.weight, gradient)
  }
  return value
}

/** weight * mean((picture - from)^2) */
function addDistance(
  picture: Float32Array,
  from: (i: number) => number,
  weight: number,
  gradient: Float32Array,
): number {
  const share = weight / picture.length
  let squares = 0
  for (let i = 0; i < picture.length; i++) {
    const difference = picture[i]! - from(i)
    squares += difference * difference
    gradient[i]! += 2 * share * difference
  }
  return share * squares
}

function addVariation(picture: Float32Array, size: number, weight: number, gradient: Float32Array): number {
  const pixels = size * size
  const share = weight / pixels
  let lengths = 0
  for (let y = 0; y < size; y++) {
    const down = y + 1 < size ? size : 0
    for (let x = 0; x < size; x++) {
      const at = y * size + x
      const right = x + 1 < size ? 1 : 0
      let squares = softening
      for (let i = at; i < picture.length; i += pixels) {
        squares += (picture[i + right]! - picture[i]!) ** 2 + (picture[i + down]! - picture[i]!) ** 2
      }
      const length = Math.sqrt(squares)
      lengths += length
      const per = share / length
      for (let i = at; i < picture.length; i += pixels) {
        const toRight = (picture[i + right]! - picture[i]!) * per
        const toDown = (picture[i + down]! - picture[i]!) * per
        gradient[i + right]! += toRight
        gradient[i + down]! += toDown
        gradient[i]! -= toRight + toDown
      }
    }
  }
  return share * lengths
}
