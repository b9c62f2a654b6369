/** Run by render.test.ts in a process of its own: what one provider makes of a unit in ten steps, as JSON. */
import type { EncoderOptions } from '../../src/clip/session.ts'
import { createVisualizer } from '../../src/visualization/visualize.ts'
import { pack, spider } from './pocket.ts'

const provider = process.argv[2] as EncoderOptions['provider']
const visualizer = await createVisualizer(pack, { provider, threads: 1 })
const wanted = { direction: [{ unit: spider, weight: 1 }], steps: 10 }
const { picture, sigma } = await visualizer.visualize(wanted)
process.stdout.write(JSON.stringify({ picture: [...picture.data], sigma }))
await visualizer.close()
