import { LRUCache } from 'lru-cache'

/** Computes one embedding for each word. */
type Embed = (words: readonly string[]) => Promise<Float32Array[]>

/** Word embeddings: computed in small parts, so that other jobs get their turn, and cached (least recently used). */
export class Texts {
  readonly #partSize: number
  readonly #known: LRUCache<string, Float32Array>
  readonly #kept = new Map<string, Float32Array>()

  /**
   * @param partSize words computed at a time
   * @param limit words remembered
   */
  constructor(partSize: number, limit: number) {
    this.#partSize = partSize
    this.#known = new LRUCache({ max: limit })
  }

  /** Never forgets these. */
  keep(words: readonly string[], embeddings: readonly Float32Array[]): void {
    for (const [i, word] of words.entries()) this.#kept.set(word, embeddings[i]!)
  }

  /** @param compute embeds one part */
  async embed(words: readonly string[], compute: Embed): Promise<Float32Array[]> {
    const found = new Map<string, Float32Array>()
    const missing: string[] = []
    for (const word of new Set(words)) {
      const embedding = this.#kept.get(word) ?? this.#known.get(word)
      if (embedding) found.set(word, embedding)
      else missing.push(word)
    }
    for (let at = 0; at < missing.length; at += this.#partSize) {
      const part = missing.slice(at, at + this.#partSize)
      const embeddings = await compute(part)
      for (const [i, word] of part.entries()) found.set(word, embeddings[i]!)
    }
    for (const [word, embedding] of found) if (!this.#kept.has(word)) this.#known.set(word, embedding)
    return words.map((word) => found.get(word)!)
  }
}
