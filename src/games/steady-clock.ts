/** More than this between two looks is a jump: clocks that are kept in step are corrected by seconds. */
const jumpMs = 10 * 60_000
/** A jump that holds for so many looks is the truth: the computer slept, or somebody set its clock. */
const looksToBelieve = 3

/** Tells whether a clock can be believed, by comparing it with a stopwatch that nobody sets. */
export class SteadyClock {
  #offset: number | undefined
  #doubted = { offset: 0, looks: 0 }

  /**
   * @param shown what the clock shows, in milliseconds since 1970
   * @param elapsed the stopwatch, in milliseconds
   * @returns false while the clock stands far from where it should
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
