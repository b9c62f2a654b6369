import { z } from 'zod'
import { readPackFile } from '../clip/pack.ts'

export const FACETS_FILE = 'facets.json'

const numbers = z.array(z.number())

/** facets.json: what is usual in a pack's inner layers, and what sets kinds of pictures apart there. */
const facetsSchema = z.strictObject({
  /** Of which pictures. */
  probeSet: z.string(),
  pictures: z.int().positive(),
  layers: z.array(
    z.strictObject({
      tensor: z.string(),
      /** Over the pictures, of each channel's mean over the places and of the mean of its square. */
      mean: numbers,
      std: numbers,
      squareMean: numbers,
      squareStd: numbers,
    }),
  ),
  facets: z.array(
    z.strictObject({
      name: z.string(),
      /** One number a channel for each layer, of length 1 together: a linear probe of this kind against the rest. */
      weights: z.array(numbers),
      /** Of pictures that the probes were not fitted on, area under the curve for each layer. */
      heldOut: numbers,
    }),
  ),
})
export type Facets = z.infer<typeof facetsSchema>
export type Facet = Facets['facets'][number]

/** @throws UserError 'bad-pack' where the file is missing or wrong. */
export const readFacets = (folder: string): Promise<Facets> => readPackFile(folder, FACETS_FILE, facetsSchema)
