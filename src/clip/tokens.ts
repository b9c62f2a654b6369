import { Tokenizer } from '@huggingface/tokenizers'
import { z } from 'zod'
import { packFiles, type PackFacts } from './pack-schema.ts'
import { readPackFile } from './pack.ts'

/** A text's token ids without padding, at least one and at most `contextLength`. */
export type Tokenize = (text: string) => number[]

const longestMatchSchema = z.object({ vocabulary: z.array(z.string()).min(2) })
const bpeSchema = z.looseObject({ model: z.looseObject({ type: z.literal('BPE') }) })

/** The id that stands for a text without any token. */
const nothing = 1

/**
 * The pocket model's word pieces: every run of [a-z0-9$] gets "_" in front and is cut from the left into the longest
 * pieces of the vocabulary. A first piece has at least one letter after the "_"; what matches nothing is skipped.
 */
export function longestMatch(vocabulary: readonly string[], contextLength: number): Tokenize {
  const ids = new Map(vocabulary.map((piece, id) => [piece, id]))
  const longest = Math.max(...vocabulary.map((piece) => piece.length))
  return (text) => {
    const tokens: number[] = []
    for (const [run] of text.toLowerCase().matchAll(/[a-z0-9$]+/g)) {
      const word = `_${run}`
      for (let at = 0; at < word.length && tokens.length < contextLength;) {
        const least = at === 0 ? 2 : 1
        let length = Math.min(longest, word.length - at)
        while (length > least && !ids.has(word.slice(at, at + length))) length--
        const id = ids.get(word.slice(at, at + length))
        if (id !== undefined) tokens.push(id)
        at += length
      }
    }
    return tokens.length ? tokens : [nothing]
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const ligatures = /[Ĳĳŉ\u01C4-\u01CC\u01F1-\u01F3\uFB00-\uFB06]/gu
const fullWidth = /[\u3000\uFF01-\uFFEE]/gu

/**
 * What openai/CLIP's simple_tokenizer does to a text first (`ftfy.fix_text`, `html.unescape`), as far as people type
 * such things. A tokenizer.json doesn't say, and without it "don’t" would be another word than "don't".
 */
const cleaned = (text: string): string =>
  text
    .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name]!)
    .replace(/[\u02BC\u2018-\u201B]/gu, "'")
    .replace(/[\u201C-\u201F]/gu, '"')
    .replace(ligatures, (character) => character.normalize('NFKD'))
    .replace(fullWidth, (character) => character.normalize('NFKC'))

/** CLIP's byte-pair encoding in Hugging Face's format; a text that is cut keeps its end-of-text token. */
export function clipBpe(tokenizer: object, contextLength: number): Tokenize {
  const bpe = new Tokenizer(tokenizer, {})
  return (text) => {
    const { ids } = bpe.encode(cleaned(text))
    return ids.length <= contextLength ? ids : [...ids.slice(0, contextLength - 1), ids.at(-1)!]
  }
}

/** @throws UserError 'bad-pack' if tokenizer.json is not of the kind that pack.json names. */
export async function openTokens(
  folder: string,
  { tokens, contextLength }: PackFacts['text'],
): Promise<Tokenize> {
  if (tokens === 'clip-bpe')
    return clipBpe(await readPackFile(folder, packFiles.tokens, bpeSchema), contextLength)
  const { vocabulary } = await readPackFile(folder, packFiles.tokens, longestMatchSchema)
  return longestMatch(vocabulary, contextLength)
}
