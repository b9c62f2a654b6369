import { join } from 'node:path'
import { packFiles, reasonsFile, selfTestSchema } from './pack-schema.ts'
import { badPack, type PackModels, readPackFile } from './pack.ts'
import type { EncodedPicture, PictureEncoder } from './picture-encoder.ts'
import type { PoolReasons } from './reasons.ts'
import { unitRows } from './session.ts'
import type { TextEncoder } from './text-encoder.ts'

/** Other hardware may change a number of an embedding of length 1 by this much. */
const tolerance = 0.005
const runs = 5
/** Units' shares, positions and biases add up to the embedding, whose length is 1, but for rounding. */
const reasonsTolerance = 1e-4

interface Tested {
  readonly pictures: PictureEncoder
  readonly texts: TextEncoder
  /** Of a pack with an attention pool. */
  readonly reasons: PoolReasons | undefined
  /** What the models run on, for messages. */
  readonly provider: string
}

/**
 * Encodes the pack's self-test picture and text and compares.
 * @returns the median time of the picture encoder for one picture in milliseconds.
 * @throws UserError 'bad-pack' if a number is off, or the tapped layer is not the one that the embedding is made of.
 */
export async function selfTest(
  { folder, facts }: PackModels,
  { pictures, texts, reasons, provider }: Tested,
): Promise<{ readonly modelMs: number }> {
  const expected = await readPackFile(folder, packFiles.selfTest, selfTestSchema)
  const { side } = facts.picture
  const data = Buffer.from(expected.rgb, 'base64')
  if (data.length !== 3 * side * side)
    throw badPack(`The picture in ${join(folder, packFiles.selfTest)} is not ${side} by ${side} pixels.`)
  const check = (name: string, embedding: ArrayLike<number>, wanted: readonly number[]): void => {
    const difference = largestDifference(embedding, wanted)
    // Written so that a NaN fails too.
    if (difference <= tolerance) return
    throw badPack(
      `${join(folder, name)} fails its self-test on ${provider} (off by ${difference.toFixed(3)}): fetch the pack again or choose another provider.`,
    )
  }
  const times: number[] = []
  for (let i = 0; i < runs; i++) {
    const [encoded] = await pictures.encode([{ width: side, height: side, data }])
    check(packFiles.image, encoded!.embedding, expected.embedding)
    if (facts.embedding === 'units') checkUnits(folder, encoded!)
    if (i === 0 && reasons) await checkReasons(folder, reasons, encoded!)
    times.push(encoded!.modelMs)
  }
  const [embedding] = await texts.encode([expected.text])
  check(packFiles.text, embedding!, expected.textEmbedding)
  return { modelMs: times.sort((a, b) => a - b)[Math.floor(runs / 2)]! }
}

function checkUnits(folder: string, { means, embedding }: EncodedPicture): void {
  const [strengths] = unitRows(means.after, means.after.length)
  if (largestDifference(strengths!, embedding) <= tolerance) return
  throw badPack(
    `${join(folder, packFiles.image)} has other units than its embedding: correct "tap" or "embedding" in pack.json.`,
  )
}

async function checkReasons(
  folder: string,
  reasons: PoolReasons,
  { map, attention, embedding }: EncodedPicture,
): Promise<void> {
  // With the axes as texts, the similarities are the embedding itself.
  const axes = Array.from(embedding, (_, n) => Float32Array.from(embedding, (__, i) => (i === n ? 1 : 0)))
  const { shares, rest } = await reasons.explain(map, attention!, axes)
  const sums = shares.map((row, n) => row.reduce((sum, share) => sum + share, rest[n]!))
  if (largestDifference(sums, embedding) <= reasonsTolerance) return
  throw badPack(
    `The units in ${join(folder, reasonsFile)} do not add up to the embedding of ${packFiles.image}: fetch the pack again.`,
  )
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!))) : Infinity
