import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectRoot } from '../root.ts'

/** The BPE merges of all of OpenAI's CLIPs (openai/CLIP, MIT), one a line. */
const mergesFile = join(projectRoot, 'assets', 'clip-merges.txt.gz')
const startToken = '<|startoftext|>'
const endToken = '<|endoftext|>'

/** The printable characters that stand for bytes, in GPT-2's order. */
function byteCharacters(): string[] {
  const printable = [...range(0x21, 0x7e), ...range(0xa1, 0xac), ...range(0xae, 0xff)]
  const others = [...range(0, 255)].filter((byte) => !printable.includes(byte))
  return [...printable, ...others.map((_, n) => 256 + n)].map((code) => String.fromCodePoint(code))
}

const special = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
})

function* range(from: number, to: number): Generator<number> {
  for (let n = from; n <= to; n++) yield n
}

/** An export's own tokenizer.json; for an export without one, OpenAI's tokenizer in Hugging Face's format. */
export async function tokenizerOf(path: string | undefined): Promise<string> {
  if (path !== undefined) return readFile(path, 'utf8')
  const merges = gunzipSync(await readFile(mergesFile))
    .toString('utf8')
    .trimEnd()
    .split('\n')
  const characters = byteCharacters()
  const pieces = [
    ...characters,
    ...characters.map((character) => `${character}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    startToken,
    endToken,
  ]
  const vocabulary = Object.fromEntries(pieces.map((piece, id) => [piece, id]))
  return JSON.stringify(
    tokenizerJson(
      vocabulary,
      merges.map((merge) => merge.split(' ')),
    ),
  )
}

/** OpenAI's tokenizer as a tokenizer.json. */
function tokenizerJson(vocab: Record<string, number>, merges: readonly string[][]) {
  const [start, end] = [vocab[startToken]!, vocab[endToken]!]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [special(start, startToken), special(end, endToken)],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: {
            Regex:
              "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
          },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [endToken, end],
      cls: [startToken, start],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: endToken,
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
    },
  }
}
