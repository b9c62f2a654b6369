import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Encoder } from '../../clip/encoder.ts'
import {
  type Baseline,
  baselineSchema,
  type Calibration,
  calibrationFile,
  packFiles,
  type PackUnit,
  type pictureKinds,
  type ReliabilityCurve,
  unitsSchema,
  type VocabularyEntry,
} from '../../clip/pack-schema.ts'
import { type Pack, type PackModels, readPackFile } from '../../clip/pack.ts'
import type { ProbeKind, ProbeSet } from '../../clip/probe-set.ts'
import { sealPack } from '../../clip/seal.ts'
import { embedLabels, fitLabels } from '../../clip/zero-shot.ts'
import { thingsOf } from '../../neurons/catalogue.ts'
import { guessesLast, oncePerName } from '../../neurons/firing.ts'
import type { KeptLabels } from '../../jobs/kept-labels.ts'
import { sameName } from '../../neurons/same-name.ts'
import { along, namesWeighed, standingOf, unitAgrees } from '../../neurons/trust.ts'
import { strengthsOf } from '../../neurons/strength.ts'
import { joinRows } from '../../threads/answer.ts'
import type { Encodings } from './activations.ts'
import { type Answered, calibrationError, reliabilityPoints } from './reliability.ts'
import { type WordOptions, wordEncoder } from './word-encoder.ts'

type Kind = (typeof pictureKinds)[number]

const kindOf: Record<ProbeKind, Kind> = {
  emoji: 'drawings',
  icon: 'drawings',
  photo: 'photographs',
  word: 'written words',
}
/** As many as /neurons shows. */
const unitsShown = 5

export interface CalibrationOptions extends WordOptions {
  /** Keeps the embeddings of the pack's labels for the bot, which would embed them all again: minutes for a large model. */
  readonly keptLabels?: (pack: Pick<Pack, 'facts' | 'vocabulary'>) => KeptLabels
}

/** The model and what it is measured on. */
interface Measuring {
  readonly model: PackModels
  readonly encoder: Encoder
  readonly probe: ProbeSet
  readonly vocabulary: readonly VocabularyEntry[]
  /** On the probe set's items. */
  readonly pictures: Encodings
}

interface Seen {
  readonly kind: Kind
  /** By the first name's standing, and by the model's own probability. */
  readonly name: Answered
  readonly uncalibrated: Answered
  /** Whether one of the five likeliest names is right. */
  readonly amongFive: boolean
  /** Whether a unit that is shown has that name too. */
  readonly agreed: boolean
  readonly unit: Answered | undefined
}

/** Fewer answers make no curve. */
const leastForCurve = 3

/**
 * Measures how often the pack is right, on the held-out pictures of the probe set, and writes calibration.json. The pack
 * must have its baseline, and names for its units.
 */
export async function writeCalibration(
  folder: string,
  measured: Measuring,
  { keptLabels, ...options }: CalibrationOptions = {},
): Promise<void> {
  const baseline = await readPackFile(folder, packFiles.baseline, baselineSchema)
  const units = existsSync(join(folder, packFiles.catalogue))
    ? (await readPackFile(folder, packFiles.catalogue, unitsSchema)).units
    : []
  const { model, encoder, vocabulary } = measured
  const embed = () => embedLabels(wordEncoder(encoder, options), model.facts, thingsOf(vocabulary))
  const kept = keptLabels?.({ facts: model.facts, vocabulary })
  const texts = kept ? await kept.rows(embed) : joinRows(await embed())
  const calibration = calibrationOf(measured, { baseline, units, texts })
  if (!calibration) return
  await writeFile(join(folder, calibrationFile), `${JSON.stringify(calibration)}\n`)
  await sealPack(folder, [calibrationFile])
}

/** @returns undefined for a probe set without a held-out picture that the model has a name for */
function calibrationOf(
  { model, probe, vocabulary, pictures }: Measuring,
  {
    baseline,
    units,
    texts,
  }: {
    readonly baseline: Baseline
    readonly units: readonly PackUnit[]
    /** Of the things in the vocabulary, row after row: [things, dimensions]. */
    readonly texts: Float32Array
  },
): Calibration | undefined {
  const labels = thingsOf(vocabulary)
  const known = new Set(labels)
  const items = probe.items.flatMap((item, at) =>
    item.heldOut && known.has(item.label) ? [{ ...item, at }] : [],
  )
  if (items.length === 0) return undefined
  const perKind = new Map<Kind, number>()
  for (const { kind } of items) perKind.set(kindOf[kind], (perKind.get(kindOf[kind]) ?? 0) + 1)
  const namedUnits = new Map(units.map((unit) => [unit.unit, unit]))
  const seen: Seen[] = []
  for (const { label, kind, at } of items) {
    const weight = 1 / perKind.get(kindOf[kind])!
    const { probabilities } = fitLabels(pictures.embeddings[at]!, texts, model.facts.logitScale)
    const best = labels
      .map((name, n) => ({ label: name, probability: probabilities[n]! }))
      .toSorted((a, b) => b.probability - a.probability)
      .slice(0, namesWeighed)
    const [first] = best as [(typeof best)[number]]
    const right = sameName(first.label, label)
    const amongFive = best.slice(0, 5).some((one) => sameName(one.label, label))
    const shown = unitsOf(strengthsOf({ after: pictures.after[at]! }, baseline), namedUnits)
    const [strongest] = shown
    const unit = strongest && {
      said: strongest.sigma,
      right: sameName(strongest.named.name, label),
      weight,
    }
    seen.push({
      kind: kindOf[kind],
      name: { said: standingOf(best), right, weight },
      uncalibrated: { said: first.probability, right, weight },
      amongFive,
      agreed: unitAgrees(first.label, shown),
      unit,
    })
  }
  const unitAnswers = seen.flatMap(({ unit }) => unit ?? [])
  const agreed = seen.filter((one) => one.agreed)
  const alone = seen.filter((one) => !one.agreed)
  const curvesAreTold = Math.min(agreed.length, alone.length) >= leastForCurve
  return {
    measuredOn: `${items.length} pictures that the model did not learn from: ${[...perKind].map(([kind, count]) => `${count} ${kind}`).join(', ')}, each kind weighing the same. A name counts as right if all words of it or of the true name stand in the other`,
    names: nameCurveOf(seen),
    ...(curvesAreTold && { agreed: nameCurveOf(agreed), alone: nameCurveOf(alone) }),
    ...(unitAnswers.length >= leastForCurve && { units: curveOf(unitAnswers) }),
    kinds: [...perKind.keys()].map((kind) => {
      const own = seen.filter((one) => one.kind === kind)
      const share = (is: (one: Seen) => boolean) => rounded(own.filter(is).length / own.length)
      return {
        kind,
        pictures: own.length,
        right: share(({ name }) => name.right),
        amongFive: share(({ amongFive }) => amongFive),
      }
    }),
  }
}

/** Units with a name, in the order in which /neurons lists them. */
function unitsOf(strengths: Float32Array, named: ReadonlyMap<number, PackUnit>) {
  const firing = Array.from(strengths, (sigma, unit) => ({ unit, sigma, named: named.get(unit)! }))
    .filter((one) => one.named && !one.named.sensitive && one.sigma > 0)
    .sort((a, b) => b.sigma - a.sigma)
  return guessesLast(oncePerName(firing.slice(0, 2 * unitsShown)).slice(0, unitsShown))
}

const rounded = (share: number) => Number(share.toFixed(4))

const nameCurveOf = (seen: readonly Seen[]): ReliabilityCurve =>
  curveOf(
    seen.map(({ name }) => name),
    seen.map(({ uncalibrated }) => uncalibrated),
  )

/** Fitted on all answers; its error is that of fits on one half, measured on the other. */
function curveOf(answers: readonly Answered[], uncalibrated?: readonly Answered[]): ReliabilityCurve {
  const halves = [0, 1].map((half) => answers.filter((_, i) => i % 2 === half))
  const errors = halves.map((half, i) => {
    const points = reliabilityPoints(halves[1 - i]!)
    return calibrationError(half, (said) => along({ points }, said))
  })
  return {
    points: reliabilityPoints(answers),
    error: {
      ...(uncalibrated && { before: rounded(calibrationError(uncalibrated, (said) => said)) }),
      after: rounded((errors[0]! + errors[1]!) / 2),
    },
  }
}
