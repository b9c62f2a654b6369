import { createHash } from 'node:crypto'
import { serialize } from 'node:v8'
import { LRUCache } from 'lru-cache'
import type { CardDrawer } from '../../src/cards/draw.ts'
import type { Analysis, Classification, Engine, Visualization } from '../../src/jobs/engine.ts'
import type { VisualizationProgress } from '../../src/visualization/visualize.ts'

/*
 * Questions that always get the same answer are computed once for all tests of a process: what commands do with the
 * answer does not depend on that, and test/jobs asks the engine itself.
 */

const keyOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(serialize(parts)).digest('hex')

/** Remembers what `compute` came up with, but no failures. */
class Memory<T> {
  readonly #known = new LRUCache<string, Promise<T>>({ max: 100 })

  get(key: string, compute: () => Promise<T>): Promise<T> {
    const found = this.#known.get(key) ?? compute()
    this.#known.set(key, found)
    found.catch(() => this.#known.delete(key))
    return found
  }
}

export function rememberingCards(cards: CardDrawer): CardDrawer {
  const drawn = new Memory<unknown>()
  return {
    draw: (name, data) =>
      drawn.get(keyOf(name, data), () => cards.draw(name, data)) as ReturnType<
        typeof cards.draw<typeof name>
      >,
    for() {
      return this
    },
  }
}

export function remembering(engine: Engine): Engine {
  const analysed = new Memory<Analysis>()
  const classified = new Memory<Classification>()
  const drawn = new Memory<{ result: Visualization; progress: readonly VisualizationProgress[] }>()
  return {
    analyse: (picture, options = {}) =>
      analysed.get(keyOf(picture, options.maps, options.alone), () => engine.analyse(picture, options)),
    async classify(picture, labels, { explain, ...options } = {}) {
      const key = [picture, labels, options.maps, options.alone]
      const plain = () => classified.get(keyOf(key), () => engine.classify(picture, labels, options))
      if (!explain) return plain()
      const explained = explain((await plain()).scores)
      return classified.get(keyOf(key, explained), () =>
        engine.classify(picture, labels, { ...options, explain: () => explained }),
      )
    },
    loadLabels: (...given) => engine.loadLabels(...given),
    async visualize(request, { onProgress, ...options } = {}) {
      const { result, progress } = await drawn.get(keyOf(request), async () => {
        const shown: VisualizationProgress[] = []
        const result = await engine.visualize(request, { ...options, onProgress: (one) => shown.push(one) })
        return { result, progress: shown }
      })
      for (const one of progress) onProgress?.(one)
      return result
    },
    status: () => engine.status(),
    ready: () => engine.ready(),
    close: () => engine.close(),
  }
}

/** What is done with a drawing does not depend on its hundreds of steps; test/visualization tests those. */
export const sketching = (engine: Engine): Engine => ({
  analyse: (...given) => engine.analyse(...given),
  classify: (...given) => engine.classify(...given),
  loadLabels: (...given) => engine.loadLabels(...given),
  visualize: (request, options) => engine.visualize({ ...request, steps: 8 }, options),
  status: () => engine.status(),
  ready: () => engine.ready(),
  close: () => engine.close(),
})
