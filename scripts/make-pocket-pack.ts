/**
 * Makes models/pocket from the folder that training left behind (image.onnx, text.onnx, tokenizer.json,
 * vocabulary.json, neurons.json, baseline.json, parity.json, model.json):
 *   npx tsx scripts/make-pocket-pack.ts FOLDER
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
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
import { sealPack } from './seal-pack.ts'

interface SourceUnit {
  unit: number
  name: string
  certainty: PackUnit['certainty']
  family: string | null
  pictures: { name: string; photo: boolean; z: number }[]
  words: { word: string; z: number }[]
}

interface SourceStatistics {
  mean: number[]
  std: number[]
  rms_from_zero: number[]
  max: number[]
  quantiles: Record<string, number[]>
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
  'baseline.json': {
    probe_set: string
    pictures: number
    spatial_mean_of_U: SourceStatistics
    spatial_mean_of_relu_U: SourceStatistics
    active_share: number[]
  }
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
  units: neurons.units.map(({ unit, name, certainty, family, words, pictures }): PackUnit => ({
    unit,
    name,
    namedBy: 'our probe set',
    certainty,
    ...(family && { family }),
    sensitive: isSensitiveUnit('pocket', unit, [name, family ?? '']),
    words: words.map(({ word, z }) => ({ word, sigma: z })),
    pictures: pictures.map(({ name, photo, z }) => ({
      label: name,
      kind: photo ? 'photo' : 'drawing',
      sigma: z,
    })),
  })),
})

const baseline = read('baseline.json')
const statistics = ({ mean, std, rms_from_zero: rms, max }: SourceStatistics) => ({ mean, std, rms, max })
const strength = baseline.spatial_mean_of_relu_U
write(packFiles.baseline, {
  probeSet: baseline.probe_set,
  pictures: baseline.pictures,
  before: statistics(baseline.spatial_mean_of_U),
  after: statistics(strength),
  activeShare: baseline.active_share,
  quantiles: Object.entries(strength.quantiles).map(([share, strength]) => ({
    share: Number(share),
    strength,
  })),
} satisfies Baseline)

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
  source: 'trained from scratch for neuron games',
  licence:
    'trained on drawings (Iconify sets, openclipart, Tux Paint stamps) and Tiny-ImageNet photographs: check their terms before distribution (MODEL_CARD.md)',
  architecture:
    'non-negative CLIP: ResNet trunk, one attention layer over a window of 5 by 3 places, 512 rectified units; text Transformer of 3 layers',
  picture: {
    side: model.input.side,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    resize: 'bicubic',
    crop: 'centre',
  },
  files: [],
  tap: { tensor: 'activations', channels: model.units, map: model.map },
  text: { tokens: 'longest-match', contextLength: read('tokenizer.json').T },
  // Together they do as well on drawings as the first alone, and better on photographs.
  prompts: [model.prompt, model.prompt_photo],
  logitScale: model.logit_scale,
  embedding: 'units',
  dimensions: model.units,
}
writeFileSync(join(folder, 'pack.json'), JSON.stringify(facts))
sealPack(folder, Object.values(packFiles))
