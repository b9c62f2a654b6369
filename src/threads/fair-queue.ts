/**
 * A waiting line in which those who wait take turns, on every level of their paths: communities among each other, and
 * the people of a community among each other. Whoever was served goes to the end of the round; items of one path keep
 * their order. So a newcomer waits for at most one item of everybody else, however many one of them brought.
 */
export class FairQueue<T> {
  readonly #own: T[] = []
  /** In the order of their turns. A branch without items is not in here. */
  readonly #branches = new Map<string, FairQueue<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param path who brings it, most general part first: ['community', 'person'] */
  push([first, ...rest]: readonly string[], item: T): void {
    this.#size++
    if (first === undefined) {
      this.#own.push(item)
      return
    }
    const branch = this.#branches.get(first) ?? new FairQueue<T>()
    branch.push(rest, item)
    this.#branches.set(first, branch)
  }

  /** Takes the next item; undefined if nothing waits. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined
    this.#size--
    if (this.#own.length > 0) return this.#own.shift()
    const [[name, branch]] = this.#branches as unknown as [[string, FairQueue<T>]]
    const item = branch.shift()
    this.#branches.delete(name)
    if (branch.size > 0) this.#branches.set(name, branch)
    return item
  }

  /** Takes an item out of the line; false if it does not wait. */
  remove(item: T): boolean {
    if (!this.#remove(item)) return false
    this.#size--
    return true
  }

  #remove(item: T): boolean {
    const at = this.#own.indexOf(item)
    if (at >= 0) return this.#own.splice(at, 1).length > 0
    for (const [name, branch] of this.#branches) {
      if (!branch.remove(item)) continue
      if (branch.size === 0) this.#branches.delete(name)
      return true
    }
    return false
  }

  /** What waits under a path. */
  of([first, ...rest]: readonly string[]): Iterable<T> {
    return first === undefined ? this : (this.#branches.get(first)?.of(rest) ?? [])
  }

  /** All that waits, in the order in which it would be served if nobody else came. */
  *[Symbol.iterator](): Generator<T> {
    yield* this.#own
    let round = [...this.#branches.values()].map((branch) => branch[Symbol.iterator]())
    while (round.length > 0) {
      const still: Generator<T>[] = []
      for (const items of round) {
        const next = items.next()
        if (next.done) continue
        yield next.value
        still.push(items)
      }
      round = still
    }
  }
}
