/** Run by render.test.ts in a process of its own: what one provider makes of a unit in ten steps, as JSON. */
import type { EncoderOptions } from '../../src/clip/session.ts'
import { portrait } from '../../src/visualization/portrait.ts'
import { createRenderer } from '../../src/visualization/render.ts'
import { facets, pack, spider, still } from './pocket.ts'

const provider = process.argv[2] as EncoderOptions['provider']
/** lucid's learning rate. */
const manner = { ...still, rate: 0.05 }
const renderer = createRenderer(pack, facets, { provider, threads: 1, manner })
const objective = portrait([{ unit: spider, weight: 1 }])
const { picture, map } = await renderer.render(objective, { steps: 10, size: 64, seed: 1 })
process.stdout.write(JSON.stringify({ picture: [...picture.data], map: [...map] }))
await renderer.close()
