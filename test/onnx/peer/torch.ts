import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Debian's Python, which has PyTorch if python3-torch is installed. */
export const python = '/usr/bin/python3'

export const torch = spawnSync(python, ['-c', 'import torch']).status === 0

/** What a title says if there is no PyTorch to compare with. */
export const orSkipped = torch ? '' : ` (skipped: ${python} has no torch)`

export const script = (name: string): string => join(import.meta.dirname, name)

/** Raw float32. A copy, because a file's buffer need not begin at a multiple of four. */
export const floatsIn = (path: string): Float32Array =>
  new Float32Array(Uint8Array.from(readFileSync(path)).buffer)

/** The largest difference as a part of the largest value; infinite if the lengths differ. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity
  let [difference, largest] = [0, 0]
  for (let n = 0; n < a.length; n++) {
    difference = Math.max(difference, Math.abs(a[n]! - b[n]!))
    largest = Math.max(largest, Math.abs(b[n]!))
  }
  return difference / largest
}
