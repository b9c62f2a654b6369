import { button, buttons, fields, heading, note, picture } from '../../src/chat/elements.ts'
import sharp from 'sharp'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Picture } from '../../src/chat/reply.ts'
import { counted, inSigma } from '../../src/chat/words.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { seedOf } from '../../src/games/seed.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import type { VisualizationProgress } from '../../src/visualization/visualize.ts'
import { percentileOf } from '../../src/neurons/strength.ts'
import { neuronActions } from './actions.ts'
import { type ShownUnit, unitName } from './look-up.ts'

const seeds = 1_000_000
const budgetMs = 30_000
/** Pixels of the picture that people see; the model's own is smaller. */
const side = 512

/** For programs. */
export interface VisualizedData {
  readonly model: string
  readonly unit: number
  readonly seed: number
  readonly steps: number
  readonly seconds: number
  readonly activation: number
  readonly sigma: number
  /** Share of the reference pictures that fire it less, 0 to 100. */
  readonly percentile: number
}

/** Draws what a unit looks for from another seed, and shows the picture growing. */
export async function visualizeAfresh(context: Context<VisualizedData>, unit: ShownUnit): Promise<void> {
  const { engine, catalogue, log, newId } = context.services
  const name = unitName(unit)
  const text = `Drawing what ${name} looks for`
  const seed = seedOf(newId()) % seeds
  const grow = async ({ step, steps, picture }: VisualizationProgress) =>
    context.progress({
      text,
      fraction: step / steps,
      picture: await shown(
        picture,
        `A picture that grows: what ${name} looks for, after ${step} of ${steps} steps.`,
      ),
    })
  context.progress({ text })
  const made = await engine.visualize(
    { direction: [{ unit: unit.unit, weight: 1 }], seed, budgetMs },
    {
      ...waiting(context, text),
      onProgress: (progress) =>
        void grow(progress).catch((error: unknown) =>
          log.warn({ err: error }, 'a growing picture could not be shown'),
        ),
    },
  )
  const { steps, seconds, activation, sigma } = made
  const percentile = percentileOf(catalogue.baseline, unit.unit, sigma)
  const whose = unit.named ? ` · ${unit.named.certainty}, ${unit.named.namedBy}` : ''
  await context.reply({
    elements: [
      heading(`What ${plain(name)} looks for`),
      picture(
        await shown(
          made.picture,
          `A picture that the bot computed: it fires unit ${unit.unit}, "${name}", at ${inSigma(sigma)}.`,
        ),
      ),
      fields([
        { name: 'Fires it', value: `${inSigma(sigma)} (activation ${activation.toPrecision(3)})` },
        {
          name: 'More than',
          value: exceeded(percentile, catalogue.baseline.pictures),
        },
      ]),
      note(
        `${plain(`${catalogue.modelTitle}, unit ${unit.unit}${whose}`)} · ${steps} steps in ${seconds.toFixed(1)} s from seed ${seed}`,
      ),
      buttons([
        button(neuronActions.id('visualize', unit.unit), 'Another one', { style: 'primary' }),
        button(neuronActions.id('page', unit.unit), `About ${name}`),
      ]),
    ],
    data: { model: catalogue.modelId, unit: unit.unit, seed, steps, seconds, activation, sigma, percentile },
  })
}

/** Never rounded up to all of them. */
function exceeded(percentile: number, pictures: number): string {
  const all = counted(pictures, 'reference picture')
  return percentile === 100 ? `all ${all}` : `${Math.floor(percentile * 100) / 100} % of ${all}`
}

async function shown({ width, height, data }: RawPicture, alt: string): Promise<Picture> {
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(side, side, { kernel: 'cubic' })
    .jpeg({ quality: 90 })
    .toBuffer()
  return { bytes, mimeType: 'image/jpeg', name: 'visualisation.jpeg', alt }
}
