import type { Encoder } from '../../clip/encoder.ts'
import { textsAtOnce } from '../../clip/text-encoder.ts'

export interface WordOptions {
  readonly signal?: AbortSignal
  /** How many of this many words were read. */
  readonly onWords?: (done: number, total: number) => void
}

/** An encoder of texts that can be stopped and says how far it is: thousands take a large model minutes. */
export const wordEncoder = (
  encoder: Pick<Encoder, 'encodeTexts'>,
  { signal, onWords = () => {} }: WordOptions,
): Pick<Encoder, 'encodeTexts'> => ({
  async encodeTexts(texts) {
    const rows: Float32Array[] = []
    for (let at = 0; at < texts.length; at += textsAtOnce) {
      signal?.throwIfAborted()
      rows.push(...(await encoder.encodeTexts(texts.slice(at, at + textsAtOnce))))
      onWords(rows.length, texts.length)
    }
    return rows
  },
})
