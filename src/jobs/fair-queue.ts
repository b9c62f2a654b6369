/**
 * A waiting line in which requesters take turns: each turn serves one item of one requester, who then goes to
 * the end of the round; items of one requester keep their order. So a newcomer waits for at most one item of
 * everybody else, however many one of them brought.
 */
export class FairQueue<T> {
  /** In the order of their turns. A requester without items is not in here. */
  readonly #lines = new Map<string, T[]>()
  #size = 0

  get size(): number {
    return this.#size
  }

  push(requester: string, item: T): void {
    const line = this.#lines.get(requester)
    if (line) line.push(item)
    else this.#lines.set(requester, [item])
    this.#size++
  }

  /** Takes the next item; undefined where nothing waits. */
  shift(): T | undefined {
    for (const [requester, line] of this.#lines) {
      const item = line.shift()
      this.#lines.delete(requester)
      if (line.length > 0) this.#lines.set(requester, line)
      this.#size--
      return item
    }
    return undefined
  }

  /** Takes an item out of the line; false where it does not wait. */
  remove(item: T): boolean {
    for (const [requester, line] of this.#lines) {
      const at = line.indexOf(item)
      if (at < 0) continue
      line.splice(at, 1)
      if (line.length === 0) this.#lines.delete(requester)
      this.#size--
      return true
    }
    return false
  }

  /** All that waits, in the order in which it would be served if nobody else came. */
  *[Symbol.iterator](): Generator<T> {
    const lines = [...this.#lines.values()]
    const longest = Math.max(0, ...lines.map((line) => line.length))
    for (let round = 0; round < longest; round++) {
      for (const line of lines) if (round < line.length) yield line[round]!
    }
  }
}
