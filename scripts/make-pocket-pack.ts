/**
 * Makes models/pocket from the folder that training left behind (image.onnx, text.onnx, tokenizer.json,
 * vocabulary.json, neurons.json, parity.json, model.json), and measures it:
 *   npx tsx scripts/make-pocket-pack.ts FOLDER
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import {
  type PackFacts,
  packFiles,
  type PackUnit,
  type Baseline,
  type SelfTest,
} from '../src/clip/pack-schema.ts'
import { isSensitiveUnit } from '../src/neurons/sensitive.ts'
import { projectRoot } from '../src/root.ts'
import { measurePack } from '../src/packs/measure/measure.ts'
import { sealPack } from '../src/clip/seal.ts'

interface SourceUnit {
  unit: number
  name: string
  certainty: PackUnit['certainty']
  family: string | null
}

interface Source {
  'model.json': {
    input: { side: number }
    units: number
    map: [number, number]
    prompt: string
    prompt_photo: string
    logit_scale: number
  }
  'neurons.json': { note: string; units: SourceUnit[] }
  'parity.json': {
    images: { rgb: string; embedding: number[] }[]
    texts: { text: string; embedding: number[] }[]
  }
  'tokenizer.json': { T: number }
}

const [from] = process.argv.slice(2)
if (!from) throw new Error('Name the folder: npx tsx scripts/make-pocket-pack.ts FOLDER')
const folder = join(projectRoot, 'models', 'pocket')
const read = <K extends keyof Source>(name: K) =>
  JSON.parse(readFileSync(join(from, name), 'utf8')) as Source[K]
const write = (name: string, value: unknown) =>
  writeFileSync(join(folder, name), `${JSON.stringify(value)}\n`)

for (const name of [packFiles.image, packFiles.text, packFiles.tokens, packFiles.vocabulary]) {
  copyFileSync(join(from, name), join(folder, name))
}

const neurons = read('neurons.json')
write(packFiles.catalogue, {
  note: neurons.note,
  units: neurons.units.map(({ unit, name, certainty, family }): PackUnit => ({
    unit,
    name,
    namedBy: 'our probe set',
    certainty,
    ...(family && { family }),
    sensitive: isSensitiveUnit('pocket', unit, [name, family ?? '']),
  })),
})

const unitLength = (vector: number[]) => {
  const length = Math.hypot(...vector)
  return vector.map((value) => Number((value / length).toFixed(6)))
}
const { images, texts } = read('parity.json')
write(packFiles.selfTest, {
  rgb: images[0]!.rgb,
  embedding: unitLength(images[0]!.embedding),
  text: texts[0]!.text,
  textEmbedding: unitLength(texts[0]!.embedding),
} satisfies SelfTest)

const model = read('model.json')
const facts: PackFacts = {
  format: 1,
  id: 'pocket',
  title: 'Pocket CLIP',
  summary:
    "a small CLIP trained at home, not OpenAI's: it knows drawings, emoji, written words and some 1,500 kinds of photographs; street scenes, small writing and handwriting are beyond it.",
  summaries: {
    de: 'ein kleines, zu Hause trainiertes CLIP, nicht das von OpenAI: Es kennt Zeichnungen, Emoji, geschriebene Wörter und rund 1.500 Arten von Fotos; Straßenszenen, kleine Schrift und Handschrift überfordern es.',
  },
  source: 'trained for neuron games, with the trunk of MobileNet v2 (google-coral/test_data, Apache-2.0)',
  licence:
    'trained on drawings (Iconify sets, openclipart, Tux Paint stamps) and photographs (Tiny-ImageNet, ImageNet by way of MobileNet v2, 38 public collections): check their terms before distribution (MODEL_CARD.md)',
  architecture:
    'non-negative CLIP: ResNet trunk with one attention layer over a window of 5 by 3 places at 112 px, MobileNet v2 at 160 px, 1,024 rectified units that read both; two text Transformers of 3 layers, one for each half of the units',
  picture: {
    side: model.input.side,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    resize: 'bicubic',
    crop: 'centre',
  },
  files: [],
  tap: {
    tensor: 'activations',
    channels: model.units,
    map: model.map,
    means: { before: 'before', after: 'embedding' },
  },
  text: { tokens: 'longest-match', contextLength: read('tokenizer.json').T },
  // Together they do as well on drawings as the first alone, and better on photographs.
  prompts: [model.prompt, model.prompt_photo],
  logitScale: model.logit_scale,
  embedding: 'units',
  dimensions: model.units,
}
writeFileSync(join(folder, 'pack.json'), JSON.stringify(facts))
// Nothing is known about the units yet, but it is enough to open the pack and measure it.
const nothing = Array<number>(model.units).fill(1)
const statistics = { mean: nothing, std: nothing, rms: nothing, max: nothing }
write(packFiles.baseline, {
  probeSet: 'not measured yet',
  pictures: 1,
  before: statistics,
  after: statistics,
  activeShare: nothing,
  histogram: { edges: [0, 1], counts: nothing.map(() => [1]) },
} satisfies Baseline)
await sealPack(folder, Object.values(packFiles))
await measurePack(folder, { threads: availableParallelism(), onProgress: () => {} })
