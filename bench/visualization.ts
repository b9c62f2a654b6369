/**
 * Visualisation: what a step costs beside its runs of the model, and how long a picture takes. One thread.
 * `npm run bench visualization`
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPack, type Pack } from '../src/clip/pack.ts'
import { packFiles } from '../src/clip/pack-schema.ts'
import { writeGraph } from '../src/onnx/index.ts'
import { projectRoot } from '../src/root.ts'
import { objectiveOf, style } from '../src/visualization/style.ts'
import { createRenderer } from '../src/visualization/render.ts'
import { createVisualizer } from '../src/visualization/visualize.ts'
import { clipResNet, rn50x4 } from '../test/onnx/clip-resnet.ts'
import { median, ms, print } from './report.ts'

const cpu = { provider: 'cpu', threads: 1 } as const
const pocket = await openPack(join(projectRoot, 'models', 'pocket'))
const spider = [{ unit: 58, weight: 1 }]

/** A pack around a trunk of RN50x4's shape with random weights; only what rendering reads is true. */
async function largePack(folder: string, side: number): Promise<Pack> {
  const channels = 2560
  await writeFile(join(folder, packFiles.image), writeGraph(clipResNet(rn50x4, [1, 3, side, side])))
  const { after, ...baseline } = pocket.baseline
  return {
    ...pocket,
    folder,
    facts: {
      ...pocket.facts,
      picture: { ...pocket.facts.picture, side },
      tap: { tensor: 'activations', channels, map: [side / 32, side / 32] },
    },
    baseline: { ...baseline, after: { ...after, rms: Array.from({ length: channels }, () => 1) } },
  }
}

const stepCount = 6

async function shareOf(pack: Pack, size: number, rounds: number) {
  const renderer = createRenderer(pack, {}, { ...cpu, style: { ...style, views: 1 } })
  const render = (steps: number) => renderer.render(objectiveOf(spider), { steps, size, seed: 1 })
  await render(1)
  const shares: number[] = []
  const models: number[] = []
  for (let round = 0; round < rounds; round++) {
    await render(stepCount)
    const { model, rest } = renderer.timing
    shares.push(rest / model)
    models.push(model / stepCount)
  }
  await renderer.close()
  return { share: median(shares), modelMs: median(models) }
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const lines: [string, string, string?][] = []
const folder = await mkdtemp(join(tmpdir(), 'bench-'))
for (const side of [288, 224]) {
  const { share, modelMs } = await shareOf(await largePack(folder, side), side, 3)
  const what = `our share of a step, RN50x4's shape, ${side} px, beside ${ms(modelMs)} forward and backward`
  lines.push([what, percent(share), 'below 15 %'])
}
await rm(folder, { recursive: true })
const small = await shareOf(pocket, 128, 20)
lines.push([`the same, pocket, 128 px, beside ${ms(small.modelMs)}`, percent(small.share)])

const visualizer = await createVisualizer(pocket, cpu)
const seconds = async (steps: number, facet?: string) => {
  const made = await visualizer.visualize({ direction: spider, steps, ...(facet && { facet }) })
  return `${made.seconds.toFixed(1)} s`
}
await seconds(1)
await seconds(1, 'drawing')
lines.push(['a pocket unit, 128 px, 512 steps of two views', await seconds(512), 'below 15 s'])
lines.push(["the gallery's 192 steps for an agreed unit", await seconds(192), 'below 5 s'])
lines.push(["the gallery's 128 steps with a facet", await seconds(128, 'drawing'), 'below 5 s'])
await visualizer.close()
print('Visualisation', lines)
