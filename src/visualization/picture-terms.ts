import type { Objective } from './objective.ts'

/** Keeps the length of a step off zero, where it has no gradient. */
const SOFT = 1e-4

/**
 * The terms of an objective that look at the picture itself.
 * @param picture [3, size, size], 0 to 1
 * @param clean the same picture as the pack's prior has it; without one 'unlikely' counts nothing
 * @param towards where their gradient is added, of the picture's shape
 * @returns their value
 */
export function addPictureTerms(
  objective: Objective,
  picture: Float32Array,
  size: number,
  towards: Float32Array,
  clean?: Float32Array,
): number {
  let value = 0
  for (const term of objective) {
    if (term.kind === 'contrast') value += addDistance(picture, () => term.level, term.weight, towards)
    if (term.kind === 'unlikely' && clean)
      value += addDistance(picture, (i) => clean[i]!, term.weight, towards)
    if (term.kind === 'variation') value += addVariation(picture, size, term.weight, towards)
  }
  return value
}

/** weight * mean((picture - from)^2) */
function addDistance(
  picture: Float32Array,
  from: (i: number) => number,
  weight: number,
  towards: Float32Array,
): number {
  const share = weight / picture.length
  let squares = 0
  for (let i = 0; i < picture.length; i++) {
    const difference = picture[i]! - from(i)
    squares += difference * difference
    towards[i]! += 2 * share * difference
  }
  return share * squares
}

function addVariation(picture: Float32Array, size: number, weight: number, towards: Float32Array): number {
  const pixels = size * size
  const share = weight / pixels
  let lengths = 0
  for (let y = 0; y < size; y++) {
    const down = y + 1 < size ? size : 0
    for (let x = 0; x < size; x++) {
      const at = y * size + x
      const right = x + 1 < size ? 1 : 0
      let squares = SOFT
      for (let i = at; i < picture.length; i += pixels) {
        squares += (picture[i + right]! - picture[i]!) ** 2 + (picture[i + down]! - picture[i]!) ** 2
      }
      const length = Math.sqrt(squares)
      lengths += length
      const per = share / length
      for (let i = at; i < picture.length; i += pixels) {
        const toRight = (picture[i + right]! - picture[i]!) * per
        const toDown = (picture[i + down]! - picture[i]!) * per
        towards[i + right]! += toRight
        towards[i + down]! += toDown
        towards[i]! -= toRight + toDown
      }
    }
  }
  return share * lengths
}
