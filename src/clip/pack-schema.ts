import { z } from 'zod'

/** What lies in a pack beside pack.json; a pack may list more files (weights in a side file). */
export const packFiles = {
  image: 'image.onnx',
  text: 'text.onnx',
  tokens: 'tokenizer.json',
  vocabulary: 'vocabulary.json',
  catalogue: 'neurons.json',
  baseline: 'baseline.json',
  selfTest: 'self-test.json',
} as const

/** Of packs with an attention pool: what each unit adds to an answer (src/packs/convert/reasons.ts). */
export const reasonsFile = 'reasons.onnx'

const positive = z.int().positive()
const colour = z.tuple([z.number(), z.number(), z.number()])

/** pack.json: everything that tells one CLIP from another. */
export const packSchema = z.strictObject({
  format: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  /** What it is, what it knows and what it doesn't, in one or two sentences for whoever plays with it. */
  summary: z.string().min(1).max(300).exactOptional(),
  source: z.string().min(1),
  licence: z.string().min(1),
  architecture: z.string().min(1),
  picture: z.strictObject({
    /** Side of the model's square in pixels. */
    side: positive,
    /** Of RGB between 0 and 1. */
    mean: colour,
    std: colour,
    /** PIL's antialiased bicubic on the short side, then the centre. */
    resize: z.literal('bicubic'),
    crop: z.literal('centre'),
  }),
  files: z.array(
    z.strictObject({
      path: z.string().regex(/^(?!\/)(?!.*\.\.)[\w./-]+$/, 'must be a path inside the pack'),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: positive,
    }),
  ),
  /** The layer whose channels are the units, before its last ReLU. */
  tap: z.strictObject({
    /** Left out, the tap is found by structure: the Add in front of the last Relu of that many channels. */
    tensor: z.string().min(1).exactOptional(),
    channels: positive,
    /** Height and width. */
    map: z.tuple([positive, positive]),
    /** What the layer is, in words. */
    layer: z.string().min(1).exactOptional(),
    /** Outputs that hold each unit's mean over the places, before and after the ReLU. */
    means: z.strictObject({ before: z.string().min(1), after: z.string().min(1) }).exactOptional(),
  }),
  text: z.strictObject({
    tokens: z.enum(['longest-match', 'clip-bpe']),
    contextLength: positive,
  }),
  /** Each with {} where the label goes; the embeddings of all of them are averaged. */
  prompts: z.array(z.string().includes('{}')).min(1),
  logitScale: z.number().positive(),
  /**
   * 'units': the embedding is the units' own strengths. 'pool': CLIP's attention pool stands between them, whose parts
   * are in reasons.onnx. 'read-out': something else does.
   */
  embedding: z.enum(['units', 'pool', 'read-out']),
  dimensions: positive,
})
export type PackFacts = z.infer<typeof packSchema>

/** neurons.json */
export const unitsSchema = z.strictObject({
  note: z.string().exactOptional(),
  units: z.array(
    z.strictObject({
      unit: z.int().nonnegative(),
      name: z.string().min(1),
      namedBy: z.string().min(1),
      certainty: z.enum(['published', 'agreed', 'likely', 'working', 'unsure']),
      family: z.string().exactOptional(),
      sensitive: z.boolean(),
    }),
  ),
})
export type PackUnit = z.infer<typeof unitsSchema>['units'][number]

const perUnit = z.array(z.number())
const statistics = z.strictObject({ mean: perUnit, std: perUnit, rms: perUnit, max: perUnit })

/** baseline.json: what is usual for each unit over the pictures of a probe set. Arrays are indexed by unit. */
export const baselineSchema = z.strictObject({
  probeSet: z.string().min(1),
  pictures: positive,
  /** Of mean(map), before the ReLU. */
  before: statistics,
  /** Of mean(ReLU(map)), the strength; `rms` is the sigma from zero. */
  after: statistics,
  /** Share of the pictures that fire the unit at all, 0 to 1. */
  activeShare: perUnit,
  /** Pictures whose strength lies between two edges, in sigma from zero: counts are [units][edges - 1]. */
  histogram: z.strictObject({ edges: z.array(z.number()).min(2), counts: z.array(z.array(z.int())) }),
})
export type Baseline = z.infer<typeof baselineSchema>

/** A pack that was measured has this file too. */
export const tuningFile = 'tuning.json'

const word = z.strictObject({ word: z.string(), sigma: z.number() })
/** `item` counts the probe set's items. */
const probePicture = z.strictObject({ label: z.string(), item: z.int().nonnegative(), sigma: z.number() })
const relative = z.strictObject({ unit: z.int().nonnegative(), correlation: z.number() })
const unitTuning = z.strictObject({
  /** What fires the unit most, strongest first: sigma from zero. Written words are averages over their renderings. */
  words: z.array(word),
  pictures: z.array(probePicture),
  /** What holds it back, furthest below the usual first: negative, in sigma of the activations before the ReLU. */
  wordsAgainst: z.array(word),
  picturesAgainst: z.array(probePicture),
  /** Units whose activations before the ReLU rise together with this one's over the probe set, or fall. */
  together: z.array(relative),
  against: z.array(relative),
})
export type UnitTuning = z.infer<typeof unitTuning>

/** tuning.json: what fires each unit, measured on the probe set of the baseline and on the vocabulary, drawn as words. */
export const tuningSchema = z.strictObject({
  /** How many words of the vocabulary were drawn. */
  words: positive,
  /** Indexed by unit. */
  units: z.array(unitTuning),
})
export type Tuning = z.infer<typeof tuningSchema>

/** A pack whose answers were checked against pictures that it had not seen has this file too. */
export const calibrationFile = 'calibration.json'

const share = z.number().min(0).max(1)
const curve = z.strictObject({
  /** Rising: what the model says (a probability, or a strength in sigma), and how often that is right. */
  points: z.array(z.strictObject({ at: z.number(), right: share, pictures: positive })).min(1),
  /**
   * How far the two are apart on average (expected calibration error), on pictures that the curve was not fitted on;
   * `before` for what the model says itself, where that is a probability.
   */
  error: z.strictObject({ before: share.exactOptional(), after: share }),
})
export type ReliabilityCurve = z.infer<typeof curve>

/** The kinds of pictures whose answers are counted by themselves. */
export const pictureKinds = ['drawings', 'photographs', 'written words'] as const

/** calibration.json: how often this pack is right. */
export const calibrationSchema = z.strictObject({
  measuredOn: z.string().min(1),
  /** Of the likeliest name, by its probability among all names. */
  names: curve,
  /** Of the unit that is shown first, by its strength; absent for a pack whose units have no names. */
  units: curve.exactOptional(),
  /** How often the likeliest name is right, and one of the likeliest five. */
  kinds: z.array(
    z.strictObject({ kind: z.enum(pictureKinds), pictures: positive, right: share, amongFive: share }),
  ),
})
export type Calibration = z.infer<typeof calibrationSchema>

/** vocabulary.json: labels that the model knows. */
export const vocabularySchema = z.array(
  z.strictObject({
    text: z.string().min(1),
    kind: z.string(),
    theme: z.string().exactOptional(),
    topics: z.array(z.string()).exactOptional(),
    short: z.string().exactOptional(),
    synonyms: z.array(z.string()).exactOptional(),
    words: z.array(z.string()).exactOptional(),
  }),
)
export type VocabularyEntry = z.infer<typeof vocabularySchema>[number]

/** self-test.json: a picture and a text with what the encoders must make of them, L2-normalised. */
export const selfTestSchema = z.strictObject({
  /** 8-bit RGB of the model's own size, base64. */
  rgb: z.base64(),
  embedding: perUnit,
  text: z.string().min(1),
  textEmbedding: perUnit,
})
export type SelfTest = z.infer<typeof selfTestSchema>
