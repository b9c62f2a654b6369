/** The largest difference relative to the largest number; infinite for different lengths. */
export function compare(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Infinity
  let [difference, largest] = [0, 0]
  for (let n = 0; n < ours.length; n++) {
    // Written so that a NaN is not taken for agreement.
    const off = Math.abs(ours[n]! - theirs[n]!)
    difference = off <= difference ? difference : off
    largest = Math.max(largest, Math.abs(theirs[n]!))
  }
  return difference / largest
}
