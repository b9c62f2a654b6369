import type { Calibration, ReliabilityCurve } from '../src/clip/pack-schema.ts'
import { along } from '../src/neurons/trust.ts'
import { between } from './between.ts'

const marks = ['<!-- reliability: npm run calibrate -->', '<!-- /reliability -->'] as const
/** Where the drawn curves are read off, in percent: Mermaid spreads the points of a line evenly. */
const readAt = Array.from({ length: 21 }, (_, i) => 5 * i)

/** The curves that a pack has, and what each is of. */
export function curvesOf({ names, agreed, alone, units }: Calibration): [string, ReliabilityCurve][] {
  const all = {
    'first name, by its standing': names,
    'first name, if a unit that is shown has it too': agreed,
    'first name, if no unit that is shown has it': alone,
    'first unit, by its σ': units,
  }
  return Object.entries(all).flatMap(([what, curve]) => (curve ? [[what, curve]] : []))
}

/** A model card with the reliability curves drawn and described afresh. @throws Error if it has lost its marks */
export function withCurves(card: string, calibration: Calibration): string {
  const { measuredOn, names, agreed = names, alone = names } = calibration
  return between(card, 'MODEL_CARD.md', marks, [
    `Measured on ${measuredOn}. A name's standing is its share of the model's belief, with names that mean the same, times its lead over the next. Two lines: the`,
    'first name if one of the five units that are shown has that name too (upper), and if none has (lower).',
    '',
    '```mermaid',
    'xychart-beta',
    '  x-axis "standing of the first name, %" 0 --> 100',
    '  y-axis "right, %" 0 --> 100',
    line((share) => along(agreed, share)),
    line((share) => along(alone, share)),
    '```',
    '',
    '| answer | says: right (pictures) | mean error, on the other half |',
    '|---|---|---|',
    ...curvesOf(calibration).map(([what, { points, error }]) => {
      const says = (at: number) => (what.includes('σ') ? `${at.toFixed(0)} σ` : asPercent(at))
      const told = points.map(({ at, right, pictures }) => `${says(at)}: ${asPercent(right)} (${pictures})`)
      const before = error.before === undefined ? '' : `, uncalibrated ${asPercent(error.before)}`
      return `| ${what} | ${told.join('; ')} | ${asPercent(error.after)}${before} |`
    }),
  ])
}

const asPercent = (share: number): string => `${Number((100 * share).toFixed(1))} %`

const line = (of: (share: number) => number): string =>
  `  line [${readAt.map((at) => Math.round(100 * of(at / 100))).join(', ')}]`
