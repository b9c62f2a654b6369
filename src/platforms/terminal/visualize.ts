import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import type { RawPicture } from '../../pictures/picture.ts'
import { sharpOf } from '../../pictures/raw.ts'
import { mustBeWritable } from './writable.ts'
import { ownerError } from '../../errors.ts'
import type { Engine } from '../../jobs/engine.ts'
import type { VisualizationRequest } from '../../visualization/visualize.ts'
import type { Catalogue, Unit } from '../../neurons/catalogue.ts'
import { percentileOf } from '../../neurons/strength.ts'
import { graphicsOf, GrowingPicture } from './pictures.ts'
import { Progress } from './progress.ts'
import type { TerminalStreams } from './responder.ts'

/** As commander passes them. */
export interface VisualizeFlags {
  readonly facet?: string
  readonly steps?: string
  readonly size?: string
  readonly seed?: string
  readonly out?: string
  readonly json?: boolean
}

interface Services {
  readonly engine: Engine
  readonly catalogue: Catalogue
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw ownerError('bad-option', `--${name} must be a whole number, not "${text}".`)
}

function find(catalogue: Catalogue, typed: string): Pick<Unit, 'unit'> & Partial<Unit> {
  // Whoever runs the tool sees their own model: nothing is kept back.
  const [found] = catalogue.search(typed, { sensitive: true, limit: 1 })
  if (/^#?\d+$/.test(typed)) {
    const number = Number(typed.replace('#', ''))
    return found?.unit === number ? found : { unit: number }
  }
  if (found) return found
  throw ownerError('bad-option', `No unit is called "${typed}"; give a number or a name.`)
}

/** `neuron-games visualize UNIT`: draws what a unit looks for and says how strongly the picture fires it. */
export async function visualizeUnit(
  typed: string,
  flags: VisualizeFlags,
  { engine, catalogue }: Services,
  { streams, signal }: { readonly streams: TerminalStreams; readonly signal: AbortSignal },
): Promise<void> {
  await mustBeWritable(flags.out)
  const unit = find(catalogue, typed)
  const numbers = {
    steps: wholeNumber('steps', flags.steps),
    size: wholeNumber('size', flags.size),
    seed: wholeNumber('seed', flags.seed),
  }
  const request: VisualizationRequest = {
    direction: [{ unit: unit.unit, weight: 1 }],
    ...(flags.facet !== undefined && { facet: flags.facet }),
    ...(numbers.steps !== undefined && { steps: numbers.steps }),
    ...(numbers.size !== undefined && { size: numbers.size }),
    ...(numbers.seed !== undefined && { seed: numbers.seed }),
  }
  const graphics = flags.json ? undefined : graphicsOf(streams.output)
  const growing = graphics && new GrowingPicture((text) => streams.errors.write(text), graphics)
  const progress = new Progress(streams.errors, false)
  const made = await engine
    .visualize(request, {
      signal,
      onProgress({ step, steps, picture }) {
        growing?.begin()
        progress.steps(step, steps)
        growing?.step(() => encoded(picture, 'png'))
      },
    })
    .finally(() => progress.stop())
  const { picture, steps, seconds, activation, sigma } = made
  await growing?.show(() => encoded(picture, 'png'))
  const percentile = percentileOf(catalogue.baseline, unit.unit, sigma)
  const file = flags.out ?? (flags.json ? undefined : freeName(unit, flags.facet))
  if (file !== undefined) {
    const bytes = await encoded(picture, /\.webp$/i.test(file) ? 'webp' : 'png')
    await writeFile(file, bytes).catch((cause: unknown) => {
      throw ownerError('bad-option', `${file} can't be written.`, { cause })
    })
  }
  if (flags.json) {
    streams.output.write(
      `${JSON.stringify({ unit: unit.unit, steps, seconds, activation, sigma, percentile })}\n`,
    )
    return
  }
  const name = unit.name === undefined ? `Unit ${unit.unit}` : `Unit ${unit.unit}, ${unit.name}`
  streams.output.write(
    `${name}: ${sigma.toFixed(1)} sigma, stronger than ${percentile.toFixed(1)} % of the probe pictures, after ${steps} steps in ${seconds.toFixed(1)} s\n`,
  )
  streams.output.write(`Saved as ${file}\n`)
}

const encoded = (picture: RawPicture, format: 'png' | 'webp'): Promise<Uint8Array> =>
  sharpOf(picture).toFormat(format).toBuffer()

/** "neuron-12-spider.png", with a number at the end if that file already exists. */
function freeName({ unit, name = '' }: Pick<Unit, 'unit'> & Partial<Unit>, facet = ''): string {
  const words = [name, facet].map((text) => text.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, ''))
  const stem = ['neuron', unit, ...words.filter(Boolean)].join('-')
  let file = `${stem}.png`
  for (let number = 2; existsSync(file); number++) file = `${stem}-${number}.png`
  return file
}
