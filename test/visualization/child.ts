/** Run by test/endurance/webgpu.test.ts in a process of its own: what one provider makes in ten steps, as JSON of its bytes. */
import type { EncoderOptions } from '../../src/clip/session.ts'
import { greyness, sum, unit } from '../../src/visualization/objective.ts'
import { createRenderer } from '../../src/visualization/render.ts'
import { facets, pack, spider, still } from './pocket.ts'

const provider = process.argv[2] as EncoderOptions['provider']
/** Where a picture is flat all places of a layer pass a ReLU's edge in one step: noise as the product's parts them. */
const style = { ...still, noise: [0.1, 0.1] as const }
const renderer = createRenderer(pack, { facets }, { provider, threads: 1, style })
const objective = sum(unit(spider), greyness())
const { picture } = await renderer.render(objective, { steps: 10, size: 64, seed: 1 })
process.stdout.write(JSON.stringify([...picture.data]))
await renderer.close()
