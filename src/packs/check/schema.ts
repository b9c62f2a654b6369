import { z } from 'zod'

const neuron = z.object({
  unit: z.int(),
  name: z.string(),
  word: z.string(),
  rank: z.number(),
  passed: z.boolean(),
})

/** check.json: what a pack was shown to do on this machine. */
export const checkSchema = z.object({
  pack: z.string(),
  title: z.string(),
  source: z.string(),
  /** sha256 of the picture model. */
  model: z.string(),
  at: z.iso.datetime(),
  baseline: z.object({ probeSet: z.string(), pictures: z.int(), silentUnits: z.int() }),
  /** Absent if nobody published words for the model. */
  words: z
    .object({ pairs: z.int(), share: z.number(), chance: z.number(), passed: z.boolean() })
    .exactOptional(),
  neurons: z.array(neuron).exactOptional(),
  /** The embedding against the sum of what each unit adds; absent without an attention pool. */
  pool: z.object({ pictures: z.int(), difference: z.number(), passed: z.boolean() }).exactOptional(),
  passed: z.boolean(),
})
export type Check = z.infer<typeof checkSchema>
