import { writeFile } from 'node:fs/promises'
import { SingleBar } from 'cli-progress'
import sharp from 'sharp'
import { UserError } from '../../errors.ts'
import type { Engine, VisualizationRequest } from '../../jobs/engine.ts'
import type { Catalogue, Unit } from '../../neurons/catalogue.ts'
import { percentileOf } from '../../neurons/strength.ts'
import type { TerminalStreams } from './responder.ts'

/** As commander hands them over. */
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
  throw new UserError('bad-option', `--${name} must be a whole number, not "${text}".`)
}

function find(catalogue: Catalogue, typed: string): Pick<Unit, 'unit'> & Partial<Unit> {
  // Whoever runs the tool sees their own model: nothing is kept back.
  const [found] = catalogue.search(typed, { sensitive: true, limit: 1 })
  if (/^#?\d+$/.test(typed)) {
    const number = Number(typed.replace('#', ''))
    return found?.unit === number ? found : { unit: number }
  }
  if (found) return found
  throw new UserError('bad-option', `No unit is called "${typed}"; give a number or a name.`)
}

/** `neuron-games visualize UNIT`: draws what a unit looks for and says how strongly the picture fires it. */
export async function visualizeUnit(
  typed: string,
  flags: VisualizeFlags,
  { engine, catalogue }: Services,
  { streams, signal }: { readonly streams: TerminalStreams; readonly signal: AbortSignal },
): Promise<void> {
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
  const bar = new SingleBar({
    format: '{bar} {value}/{total} steps, {eta_formatted} left',
    stream: streams.errors,
    hideCursor: true,
  })
  let begun = false
  const made = await engine
    .visualize(request, {
      signal,
      onProgress({ step, steps }) {
        if (!begun) bar.start(steps, 0)
        begun = true
        bar.update(step)
      },
    })
    .finally(() => bar.stop())
  const { picture, steps, seconds, activation, sigma } = made
  const percentile = percentileOf(catalogue.baseline, unit.unit, sigma)
  if (flags.out !== undefined) {
    const { width, height, data } = picture
    const image = sharp(data, { raw: { width, height, channels: 3 } })
    await (/\.webp$/i.test(flags.out) ? image.webp() : image.png())
      .toBuffer()
      .then((bytes) => writeFile(flags.out!, bytes))
      .catch((cause: unknown) => {
        throw new UserError('bad-option', `${flags.out} cannot be written.`, { cause })
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
  if (flags.out !== undefined) streams.output.write(`${flags.out}\n`)
}
