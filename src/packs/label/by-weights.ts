import { join } from 'node:path'
import { reasonsFile } from '../../clip/pack-schema.ts'
import type { PackModels } from '../../clip/pack.ts'
import { readGraph, valuesOf } from '../../onnx/index.ts'
import { centred, type Matrix, product, rowOf } from './product.ts'

/** A text that a unit points to, and how closely. */
export interface WeightName {
  readonly text: string
  /** Between the unit's direction and the text, each centred; -1 to 1. */
  readonly cosine: number
  /** z-score among the unit's cosines with all texts. */
  readonly deviations: number
}

/**
 * Names from the weights alone: compares each unit's direction through the pool, summed over the heads, with the
 * embeddings of texts (after Bu & Gandelsman 2025, arXiv 2509.19943). Exact for a CLIP ResNet except for how the heads
 * distribute their attention, which depends on the picture.
 *
 * @param embeddings of the texts, [texts, dimensions]
 * @returns by unit; undefined for a pack without an attention pool
 */
export async function namesByWeights(
  { folder, facts }: PackModels,
  texts: readonly string[],
  embeddings: Matrix,
): Promise<WeightName[] | undefined> {
  if (facts.embedding !== 'pool') return undefined
  const directions = await directionsOf(join(folder, reasonsFile))
  const cosines = await product(centred(directions), centred(embeddings), true)
  return Array.from({ length: directions.rows }, (_, unit) => {
    const row = rowOf(cosines, unit)
    let best = 0
    let sum = 0
    let squares = 0
    for (const [n, value] of row.entries()) {
      if (value > row[best]!) best = n
      sum += value
      squares += value ** 2
    }
    const mean = sum / row.length
    const deviation = Math.sqrt(squares / row.length - mean ** 2)
    return { text: texts[best]!, cosine: row[best]!, deviations: (row[best]! - mean) / deviation }
  })
}

/** [units, dimensions]: for each unit the sum over heads of its row of value times output. */
async function directionsOf(path: string): Promise<Matrix> {
  const { initializers } = await readGraph(path)
  const [value, output] = ['pool/value', 'pool/output'].map((name) => initializers.get(name)!)
  const [heads = 0, units = 0, size = 0] = value!.dims
  const byHead = valuesOf(value!)
  const values = new Float32Array(heads * units * size)
  for (let head = 0; head < heads; head++)
    for (let unit = 0; unit < units; unit++)
      for (let n = 0; n < size; n++)
        values[unit * heads * size + head * size + n] = byHead[(head * units + unit) * size + n]!
  const [rows = 0, columns = 0] = output!.dims
  const projection = { rows, columns, values: Float32Array.from(valuesOf(output!)) }
  return product({ rows: units, columns: heads * size, values }, projection, false)
}
