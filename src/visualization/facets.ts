import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readPackFile } from '../clip/pack.ts'

export const facetsFile = 'facets.json'

const numbers = z.array(z.number())

/** Means over pictures, for each channel: of its spatial mean, and of the spatial mean of its square. */
const usualSchema = z.strictObject({ mean: numbers, squareMean: numbers })

/** facets.json: statistics of a pack's inner layers, and linear probes that tell kinds of pictures apart there. */
const facetsSchema = z.strictObject({
  /** The pictures that it was measured on. */
  probeSet: z.string(),
  pictures: z.int().positive(),
  /** Names of the model's tensors. */
  layers: z.array(z.string()),
  /** Over all pictures, for each layer; with standard deviations. */
  usual: z.array(usualSchema.extend({ std: numbers, squareStd: numbers })),
  facets: z.array(
    z.strictObject({
      name: z.string(),
      pictures: z.int().positive(),
      /** For each layer a unit vector over its channels: a linear probe of this kind against the rest. */
      weights: z.array(numbers),
      /** ROC AUC for each layer, on pictures that the probe was not fitted on. */
      heldOut: numbers,
      /** Over this kind of pictures, for each layer. */
      usual: z.array(usualSchema),
    }),
  ),
})
export type Facets = z.infer<typeof facetsSchema>

/** @returns undefined for a pack without facets. @throws UserError 'bad-pack' if the file is wrong. */
export const readFacets = async (folder: string): Promise<Facets | undefined> =>
  existsSync(join(folder, facetsFile)) ? readPackFile(folder, facetsFile, facetsSchema) : undefined
