import { z } from 'zod'

/** The files of a pack beside pack.json; it may list more (weights in a side file). */
export const packFiles = {
  image: 'image.onnx',
  text: 'text.onnx',
  tokens: 'tokenizer.json',
  vocabulary: 'vocabulary.json',
  catalogue: 'neurons.json',
  baseline: 'baseline.json',
  selfTest: 'self-test.json',
} as const

/** Of packs with an attention pool: the graph that says what each unit adds to an answer (src/packs/convert/reasons.ts). */
export const reasonsFile = 'reasons.onnx'

const positive = z.int().positive()
const colour = z.tuple([z.number(), z.number(), z.number()])

/** The pack in this repository. */
export const embeddedId = 'pocket'

/** pack.json: everything that tells one CLIP from another. */
export const packSchema = z.strictObject({
  format: z.literal(1),
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string().min(1),
  /** What the model is, what it knows and what it doesn't, in one or two sentences for players. */
  summary: z.string().min(1).max(300).exactOptional(),
  /** The same in other languages, by the names of their files in assets/languages. */
  summaries: z.record(z.string(), z.string().min(1).max(300)).exactOptional(),
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
    /** If left out, the tap is found by structure: the Add in front of the last Relu of that many channels. */
    tensor: z.string().min(1).exactOptional(),
    channels: positive,
    /** Height and width. */
    map: z.tuple([positive, positive]),
    /** What the layer is, in words. */
    layer: z.string().min(1).exactOptional(),
    /** Outputs that hold each unit's mean over the positions of the map, before and after the ReLU. */
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
   * 'units': the embedding is the units' own strengths. 'pool': CLIP's attention pool lies between them; reasons.onnx
   * holds its parts. 'read-out': something else does.
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

/** baseline.json: statistics of each unit over the pictures of a probe set. Arrays are indexed by unit. */
export const baselineSchema = z.strictObject({
  probeSet: z.string().min(1),
  pictures: positive,
  /** Of mean(map), before the ReLU. */
  before: statistics,
  /** Of mean(ReLU(map)), the strength; `rms` is one sigma from zero. */
  after: statistics,
  /** Share of the pictures that fire the unit at all, 0 to 1. */
  activeShare: perUnit,
  /** How many pictures have a strength between two edges, in sigma from zero: counts are [units][edges - 1]. */
  histogram: z.strictObject({ edges: z.array(z.number()).min(2), counts: z.array(z.array(z.int())) }),
})
export type Baseline = z.infer<typeof baselineSchema>

/** Only packs that have been measured have this file. */
export const tuningFile = 'tuning.json'

const word = z.strictObject({ word: z.string(), sigma: z.number() })
/** `item` is an index into the probe set's items. */
const probePicture = z.strictObject({ label: z.string(), item: z.int().nonnegative(), sigma: z.number() })
const relative = z.strictObject({ unit: z.int().nonnegative(), correlation: z.number() })
const unitTuning = z.strictObject({
  /** What fires the unit most, strongest first: sigma from zero. A word's is the average over its renderings. */
  words: z.array(word),
  pictures: z.array(probePicture),
  /** What inhibits it, furthest below the mean first: negative, in sigma of the activations before the ReLU. */
  wordsAgainst: z.array(word),
  picturesAgainst: z.array(probePicture),
  /** Units whose activations before the ReLU correlate with this one's over the probe set, positively or negatively. */
  together: z.array(relative),
  against: z.array(relative),
})
export type UnitTuning = z.infer<typeof unitTuning>

/** tuning.json: what fires each unit, measured on the baseline's probe set and on the vocabulary, rendered as written words. */
export const tuningSchema = z.strictObject({
  /** How many words of the vocabulary were rendered. */
  words: positive,
  /** Indexed by unit. */
  units: z.array(unitTuning),
})
export type Tuning = z.infer<typeof tuningSchema>

/** Only packs whose answers were checked on held-out pictures have this file. */
export const calibrationFile = 'calibration.json'

const share = z.number().min(0).max(1)
const curve = z.strictObject({
  /** In rising order: what an answer goes by (a name's standing, or a strength in sigma), and how often that is right. */
  points: z.array(z.strictObject({ at: z.number(), right: share, pictures: positive })).min(1),
  /**
   * Expected calibration error, on pictures that the curve was not fitted on; `before` is that of the model's own
   * probabilities, for names.
   */
  error: z.strictObject({ before: share.exactOptional(), after: share }),
})
export type ReliabilityCurve = z.infer<typeof curve>

/** The kinds of pictures whose answers are counted separately. */
export const pictureKinds = ['drawings', 'photographs', 'written words'] as const

/** calibration.json: how often this pack is right. */
export const calibrationSchema = z.strictObject({
  measuredOn: z.string().min(1),
  /** For the likeliest name, by its standing among all names (`standingOf` in src/neurons/trust.ts). */
  names: curve,
  /** The same if a unit on show has that name too, and if none has: agreement says more than the standing. */
  agreed: curve.exactOptional(),
  alone: curve.exactOptional(),
  /** For the first unit on show, by its strength; absent for a pack whose units have no names. */
  units: curve.exactOptional(),
  /** How often the likeliest name is right, and how often one of the likeliest five (top-1 and top-5 accuracy). */
  kinds: z.array(
    z.strictObject({ kind: z.enum(pictureKinds), pictures: positive, right: share, amongFive: share }),
  ),
})
export type Calibration = z.infer<typeof calibrationSchema>

/** vocabulary.json: the labels that the model knows. */
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

/** self-test.json: a picture and a text with the embeddings that the encoders must give, L2-normalised. */
export const selfTestSchema = z.strictObject({
  /** 8-bit RGB of the model's own side, base64. */
  rgb: z.base64(),
  embedding: perUnit,
  text: z.string().min(1),
  textEmbedding: perUnit,
})
export type SelfTest = z.infer<typeof selfTestSchema>
