import { button, buttons, fields, heading, note, picture } from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Picture } from '../../src/chat/reply.ts'
import { inSigma } from '../../src/chat/words.ts'
import { waiting } from '../../src/chat/waiting.ts'
import type { Translate } from '../../src/language.ts'
import { seedOf } from '../../src/games/seed.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { sharpOf } from '../../src/pictures/raw.ts'
import type { VisualizationProgress } from '../../src/visualization/visualize.ts'
import { howNamed } from '../../src/neurons/how-named.ts'
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
  const { t } = context
  const { engine, catalogue, log, newId } = context.services
  const name = unitName(unit, t)
  const text = t('neuron.visualize.drawing', { name })
  const seed = seedOf(newId()) % seeds
  const grow = async ({ step, steps, picture }: VisualizationProgress) =>
    context.progress({
      text,
      fraction: step / steps,
      picture: await shown(picture, t('neuron.visualize.growing', { name, step, steps })),
    })
  context.progress({ text })
  // One after another: of two made at once, the older one could arrive last.
  let growing: Promise<void> = Promise.resolve()
  const made = await engine.visualize(
    { direction: [{ unit: unit.unit, weight: 1 }], seed, budgetMs },
    {
      ...waiting(context, text),
      onProgress: (progress) => {
        growing = growing
          .then(() => grow(progress))
          .catch((error: unknown) => log.warn({ err: error }, 'a growing picture could not be shown'))
      },
    },
  )
  await growing
  const { steps, seconds, activation, sigma } = made
  const percentile = percentileOf(catalogue.baseline, unit.unit, sigma)
  const strength = inSigma(sigma, false, t)
  const named = unit.named ? howNamed(unit.named, t) : t('neuron.nobodyNamed')
  await context.reply({
    elements: [
      heading(t('neuron.visualize.title', { name: plain(name) })),
      picture(await shown(made.picture, t('neuron.visualize.alt', { unit: unit.unit, name, strength }))),
      fields([
        {
          name: t('neuron.visualize.fires'),
          value: t('neuron.visualize.strength', { strength, activation }),
        },
        {
          name: t('neuron.visualize.more'),
          value: exceeded(percentile, catalogue.baseline.pictures, t),
        },
      ]),
      note(
        t('neuron.visualize.made', {
          model: plain(catalogue.modelTitle),
          unit: unit.unit,
          named: plain(named),
          steps,
          seconds,
          seed,
        }),
      ),
      buttons([
        button(neuronActions.id('visualize', unit.unit), t('neuron.visualize.another'), { style: 'primary' }),
        button(neuronActions.id('page', unit.unit), t('neuron.about', { name })),
      ]),
    ],
    data: { model: catalogue.modelId, unit: unit.unit, seed, steps, seconds, activation, sigma, percentile },
  })
}

/** Never rounded up to all of them. */
const exceeded = (percentile: number, count: number, t: Translate): string =>
  percentile === 100
    ? t('neuron.visualize.all', { count })
    : t('neuron.visualize.share', { count, share: Math.floor(percentile * 100) / 100 })

async function shown(picture: RawPicture, alt: string): Promise<Picture> {
  const bytes = await sharpOf(picture)
    .resize(side, side, { kernel: 'cubic' })
    .jpeg({ quality: 90 })
    .toBuffer()
  return { bytes, mimeType: 'image/jpeg', name: 'visualisation.jpeg', alt }
}
