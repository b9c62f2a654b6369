import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ownerError } from '../errors.ts'

const colour = z.tuple([z.number(), z.number(), z.number()])

/** open_clip's preprocess_cfg.json. */
const schema = z.looseObject({
  size: z.union([z.int(), z.tuple([z.int(), z.int()])]),
  mean: colour,
  std: colour,
  interpolation: z.string().exactOptional(),
  resize_mode: z.string().exactOptional(),
})

export interface Preprocessing {
  /** If undefined, the model's input must tell. */
  readonly side?: number
  readonly mean: [number, number, number]
  readonly std: [number, number, number]
}

/** OpenAI's preprocessing. */
const usual: Preprocessing = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
}

/** @throws UserError 'bad-pack' for preprocessing that we don't support: squashed, not square, not bicubic. */
export async function readPreprocessing(path: string | undefined): Promise<Preprocessing> {
  if (path === undefined) return usual
  const refuse = (why: string): never => {
    throw ownerError('bad-pack', `${path} ${why}.`)
  }
  const { data, error } = schema.safeParse(JSON.parse(await readFile(path, 'utf8').catch(() => '{}')))
  if (error) return refuse(`is wrong at ${error.issues[0]!.path.join('.')}: ${error.issues[0]!.message}`)
  const [height, width] = typeof data.size === 'number' ? [data.size, data.size] : data.size
  if (height !== width) refuse(`wants pictures of ${width} by ${height} px, but only squares are supported`)
  if ((data.resize_mode ?? 'shortest') !== 'shortest')
    refuse(`wants the resize mode "${data.resize_mode}", which is not supported`)
  if ((data.interpolation ?? 'bicubic') !== 'bicubic')
    refuse(`wants ${data.interpolation} resizing, which is not supported`)
  return { side: height, mean: data.mean, std: data.std }
}
