interface Entry<Item, Result> {
  readonly item: Item
  readonly alone: boolean
  resolve(result: Result): void
  reject(reason: unknown): void
}

/** Runs a few batches at a time; items that come in the meantime form the next batch. */
export class Batcher<Item, Result> {
  readonly #run: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>
  readonly #most: number
  readonly #atOnce: number
  #waiting: Entry<Item, Result>[] = []
  #running = 0

  /**
   * @param run runs a batch and never rejects: each item has its own outcome
   * @param most items in one batch
   * @param atOnce batches that run at the same time
   */
  constructor(
    run: (items: readonly Item[]) => Promise<readonly PromiseSettledResult<Result>[]>,
    most: number,
    atOnce = 1,
  ) {
    this.#run = run
    this.#most = most
    this.#atOnce = atOnce
  }

  /** @param alone whether it gets a batch of its own */
  add(item: Item, alone: boolean): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, alone, resolve, reject })
      void this.#work()
    })
  }

  async #work(): Promise<void> {
    if (this.#running >= this.#atOnce) return
    this.#running++
    while (this.#waiting.length > 0) {
      const batch = this.#take()
      const results = await this.#run(batch.map(({ item }) => item))
      for (const [i, result] of results.entries()) {
        if (result.status === 'fulfilled') batch[i]!.resolve(result.value)
        else batch[i]!.reject(result.reason)
      }
    }
    this.#running--
  }

  /** The first item, and unless it wants to be alone, all others that don't, up to the most. */
  #take(): Entry<Item, Result>[] {
    const first = this.#waiting[0]!
    const batch = first.alone ? [first] : this.#waiting.filter(({ alone }) => !alone).slice(0, this.#most)
    this.#waiting = this.#waiting.filter((entry) => !batch.includes(entry))
    return batch
  }
}
