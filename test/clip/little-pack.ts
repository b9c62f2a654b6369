import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEncoder } from '../../src/clip/encoder.ts'
import { type Baseline, type PackFacts, packFiles } from '../../src/clip/pack-schema.ts'
import { openPack } from '../../src/clip/pack.ts'
import { type Graph, GraphBuilder, emptyGraph, int, ints, tensor, writeGraph } from '../../src/onnx/index.ts'
import { sealPack } from '../../src/clip/seal.ts'
import { clipResNet, normals } from '../onnx/clip-resnet.ts'

export const littleSide = 64
export const channels = 128
export const dimensions = 32
const channelMean = [0.48, 0.46, 0.41] as const
const channelStd = [0.27, 0.26, 0.28] as const

/** The three forms in which OpenAI's models were exported (docs of the packs: read them, never assume). */
export type ExportForm = 'open batch' | 'batch of 1' | 'uint8 pixels'

/** A tokenizer.json in Hugging Face's form with a vocabulary of a few merges, ends of words marked as CLIP marks them. */
export function littleTokenizer(): { model: { vocab: Record<string, number> } } {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.split('')
  const merges = ['c a', 'ca t</w>', 'd o', 'do g</w>', 'p h', 'ph o', 't o</w>', 'pho to</w>']
  const pieces = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...merges.map((m) => m.replace(' ', '')),
  ]
  const vocab: Record<string, number> = {}
  for (const piece of [...pieces, '<|startoftext|>', '<|endoftext|>'])
    vocab[piece] = Object.keys(vocab).length
  const ends = ['<|startoftext|>', '<|endoftext|>'] as const
  const [start, end] = ends.map((content) => vocab[content]!)
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: ends.map((content) => ({
      id: vocab[content],
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: true,
      special: true,
    })),
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
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [ends[1], end],
      cls: [ends[0], start],
      trim_offsets: false,
      add_prefix_space: false,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<|endoftext|>',
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      fuse_unk: false,
      vocab,
      merges,
    },
  } as { model: { vocab: Record<string, number> } }
}

/** A small CLIP ResNet: trunk, last Relu, and a read-out in place of the attention pool; no tap among its outputs. */
function pictureModel(form: ExportForm): Graph {
  const trunk = clipResNet({ width: 4, layers: [1, 1, 1, 1] }, [1, 3, littleSide, littleSide])
  const g = new GraphBuilder(trunk)
  const random = normals(7)
  const weights = Float32Array.from({ length: channels * dimensions }, () => random())
  const pooled = g.op('ReduceMean', [g.op('Relu', ['activations'])], { axes: ints([2, 3]), keepdims: int(0) })
  g.op(
    'MatMul',
    [pooled, g.constant(tensor('float32', [channels, dimensions], weights))],
    {},
    'image_embedding',
  )
  const graph = g.build(['image_embedding'])
  if (form === 'batch of 1') return graph
  if (form === 'open batch') {
    return {
      ...graph,
      inputs: [{ name: 'image', type: 'float32', shape: ['batch', 3, littleSide, littleSide] }],
      outputs: [{ name: 'image_embedding', type: 'float32', shape: ['batch', dimensions] }],
      values: new Map(),
    }
  }
  // The newest exports take pixels as they are: (v / 255 - mean) / std is in the graph.
  const fold = new GraphBuilder(emptyGraph(17))
  const pixels = fold.input('pixels', 'uint8', [1, littleSide, littleSide, 3])
  const perChannel = (values: number[]) => fold.constant(tensor('float32', [1, 3, 1, 1], values))
  const planes = fold.op('Transpose', [fold.op('Cast', [pixels], { to: int(1) })], {
    perm: ints([0, 3, 1, 2]),
  })
  const scaled = fold.op('Mul', [planes, perChannel(channelStd.map((std) => 1 / 255 / std))])
  fold.op('Sub', [scaled, perChannel(channelMean.map((mean, i) => mean / channelStd[i]!))], {}, 'image')
  const front = fold.build(['image'])
  const renamed = new Map([...front.initializers].map(([name, value]) => [`front ${name}`, value]))
  return {
    ...graph,
    inputs: front.inputs,
    nodes: [
      ...front.nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map((name) => (front.initializers.has(name) ? `front ${name}` : name)),
      })),
      ...graph.nodes,
    ],
    initializers: new Map([...graph.initializers, ...renamed]),
  }
}

/** Tokens int32 [1 or N, 77] to the mean of their embeddings. */
function textModel(form: ExportForm, tokens: number): Graph {
  const g = new GraphBuilder(emptyGraph(17))
  const random = normals(3)
  const table = Float32Array.from({ length: tokens * dimensions }, () => random())
  const text = g.input('text', 'int32', [1, 77])
  const rows = g.op('Gather', [g.constant(tensor('float32', [tokens, dimensions], table)), text])
  g.op('ReduceMean', [rows], { axes: ints([1]), keepdims: int(0) }, 'text_embedding')
  const graph = g.build(['text_embedding'])
  if (form !== 'open batch') return graph
  return {
    ...graph,
    inputs: [{ name: 'text', type: 'int32', shape: ['batch', 77] }],
    outputs: [{ name: 'text_embedding', type: 'float32', shape: ['batch', dimensions] }],
    values: new Map(),
  }
}

/** Writes a pack whose models have the form of OpenAI's exports, with random weights. */
export async function writeLittlePack(
  folder: string,
  form: ExportForm,
  facts: Partial<PackFacts> = {},
): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), content instanceof Uint8Array ? content : JSON.stringify(content))
  const tokenizer = littleTokenizer()
  const perUnit = Array<number>(channels).fill(1)
  const statistics = { mean: perUnit, std: perUnit, rms: perUnit, max: perUnit }
  write(packFiles.image, writeGraph(pictureModel(form)))
  write(packFiles.text, writeGraph(textModel(form, Object.keys(tokenizer.model.vocab).length)))
  write(packFiles.tokens, tokenizer)
  write(packFiles.vocabulary, [{ text: 'cat', kind: 'noun' }])
  write(packFiles.catalogue, { units: [] })
  write(packFiles.baseline, {
    probeSet: 'none',
    pictures: 1,
    before: statistics,
    after: statistics,
    activeShare: perUnit,
    histogram: { edges: [0, 1], counts: Array.from({ length: channels }, () => [1]) },
  } satisfies Baseline)
  const selfTest = {
    rgb: Buffer.alloc(3 * littleSide * littleSide, 99).toString('base64'),
    text: 'cat photo',
  }
  write(packFiles.selfTest, { ...selfTest, embedding: [], textEmbedding: [] })
  write('pack.json', {
    format: 1,
    id: 'little',
    title: 'Little CLIP',
    source: 'random weights',
    licence: 'MIT',
    architecture: 'CLIP ResNet',
    picture: {
      side: littleSide,
      mean: [...channelMean],
      std: [...channelStd],
      resize: 'bicubic',
      crop: 'centre',
    },
    files: [],
    tap: { channels: channels, map: [2, 2] },
    text: { tokens: 'clip-bpe', contextLength: 77 },
    prompts: ['a photo of a {}'],
    logitScale: 100,
    embedding: 'read-out',
    dimensions: dimensions,
    ...facts,
  } satisfies PackFacts)
  await sealPack(folder, Object.values(packFiles))

  const encoder = await createEncoder(await openPack(folder), { provider: 'cpu', threads: 1 })
  const data = Buffer.from(selfTest.rgb, 'base64')
  const [picture] = await encoder.encodePictures([{ width: littleSide, height: littleSide, data }])
  const [text] = await encoder.encodeTexts([selfTest.text])
  write(packFiles.selfTest, { ...selfTest, embedding: [...picture!.embedding], textEmbedding: [...text!] })
  await sealPack(folder, [packFiles.selfTest])
  await encoder.close()
}
