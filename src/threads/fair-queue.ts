/**
 * A round-robin queue on every level of a path: communities take turns, and so do the people within a community. Whoever
 * was served goes to the end of the round; items of one path keep their order. So a newcomer waits for at most one item of
 * each of the others, however many one of them has queued.
 */
export class FairQueue<T> {
  readonly #own: T[] = []
  /** In the order of their turns; never an empty branch. */
  readonly #branches = new Map<string, FairQueue<T>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  /** @param path whose item it is, the most general part first: ['community', 'person'] */
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

  /** Removes an item. @returns false if it was not waiting */
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

  /** The items that wait under a path. */
  of([first, ...rest]: readonly string[]): Iterable<T> {
    return first === undefined ? this : (this.#branches.get(first)?.of(rest) ?? [])
  }

  /** All items, in the order in which they will be served if nobody else comes. */
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
