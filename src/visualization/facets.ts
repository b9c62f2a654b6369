import { z } from 'zod'
import { readPackFile } from '../clip/pack.ts'

export const FACETS_FILE = 'facets.json'

const numbers = z.array(z.number())

/** Over pictures, of each channel's mean over the places, and of the mean of its square. */
const usualSchema = z.strictObject({ mean: numbers, squareMean: numbers })

/** facets.json: what is usual in a pack's inner layers, and what sets kinds of pictures apart there. */
const facetsSchema = z.strictObject({
  /** Of which pictures. */
  probeSet: z.string(),
  pictures: z.int().positive(),
  /** Tensors of the model. */
  layers: z.array(z.string()),
  /** Over all pictures, for each layer, with the standard deviations. */
  usual: z.array(usualSchema.extend({ std: numbers, squareStd: numbers })),
  facets: z.array(
    z.strictObject({
      name: z.string(),
      pictures: z.int().positive(),
      /** One number a channel for each layer, of length 1: a linear probe of this kind against the rest. */
      weights: z.array(numbers),
      /** Area under the curve for each layer, on pictures that the probe was not fitted on. */
      heldOut: numbers,
      /** Over this kind of pictures. */
      usual: z.array(usualSchema),
    }),
  ),
})
export type Facets = z.infer<typeof facetsSchema>

/** @throws UserError 'bad-pack' where the file is missing or wrong. */
export const readFacets = (folder: string): Promise<Facets> => readPackFile(folder, FACETS_FILE, facetsSchema)
