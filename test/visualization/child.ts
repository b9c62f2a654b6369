/**
 * Run by render.test.ts in a process of its own: what one provider makes in ten steps of the paper's objective at the
 * paper's rate, as JSON.
 */
import type { EncoderOptions } from '../../src/clip/session.ts'
import { greyness, sum, unit } from '../../src/visualization/objective.ts'
import { createRenderer } from '../../src/visualization/render.ts'
import { facets, pack, spider, still } from './pocket.ts'

const provider = process.argv[2] as EncoderOptions['provider']
/** CLIP-featurevis's rate. */
const manner = { ...still, rate: 0.02 }
const renderer = createRenderer(pack, { facets }, { provider, threads: 1, manner })
const objective = sum(unit(spider), greyness())
const { picture, map } = await renderer.render(objective, { steps: 10, size: 64, seed: 1 })
process.stdout.write(JSON.stringify({ picture: [...picture.data], map: [...map] }))
await renderer.close()
