/** A larger difference between two checks is a jump: clocks that are synchronised are corrected by seconds. */
const jumpMs = 10 * 60_000
/** A jump that persists for this many checks is believed: the computer slept, or somebody set its clock. */
const looksToBelieve = 3

/** Tells whether the wall clock can be believed, by comparing it with a monotonic one. */
export class SteadyClock {
  #offset: number | undefined
  #doubted = { offset: 0, looks: 0 }

  /**
   * @param shown the wall clock, in milliseconds since 1970
   * @param elapsed the monotonic clock, in milliseconds
   * @returns false while the wall clock is far from where it should be
   */
  believes(shown: number, elapsed: number): boolean {
    const offset = shown - elapsed
    if (this.#offset === undefined || Math.abs(offset - this.#offset) < jumpMs) {
      this.#offset = offset
      this.#doubted.looks = 0
      return true
    }
    const holds = this.#doubted.looks > 0 && Math.abs(offset - this.#doubted.offset) < jumpMs
    this.#doubted = { offset, looks: holds ? this.#doubted.looks + 1 : 1 }
    if (this.#doubted.looks < looksToBelieve) return false
    this.#offset = offset
    this.#doubted.looks = 0
    return true
  }
}
