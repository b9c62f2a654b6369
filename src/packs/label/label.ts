import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEncoder } from '../../clip/encoder.ts'
import { packFiles, type PackUnit } from '../../clip/pack-schema.ts'
import { openPack } from '../../clip/pack.ts'
import { openProbeSetOf } from '../../clip/probe-set.ts'
import { sealPack } from '../../clip/seal.ts'
import { isProfane } from '../../neurons/profanity.ts'
import { isSensitiveUnit } from '../../neurons/sensitive.ts'
import { readCheck } from '../check/check.ts'
import type { Say } from '../make.ts'
import { encodingsOf, keptFile, probePictures } from '../measure/activations.ts'
import { type WordOptions, wordEncoder } from '../measure/word-encoder.ts'
import { publishedUnits } from '../published.ts'
import { meansByLabel, namesByProbeSet, type ProbeName } from './by-probe-set.ts'
import { namesByWeights, type WeightName } from './by-weights.ts'
import { type LabelledUnit, labelPage } from './page.ts'
import { matrixOf, product, rowOf, centred } from './product.ts'

export interface LabelOptions extends WordOptions {
  /** The probe set's folder; by default the pack's own set, or else the pocket pack's. */
  readonly probeFolder?: string
  readonly threads: number
  readonly say: Say
  readonly onProgress: (done: number, total: number) => void
}

export const labelPageFile = 'labels.html'
/** The AUPRC from which a name from the probe set is used as a guess, and the one from which it counts as likely. */
const guessAuprc = 0.3
const likelyAuprc = 0.6
/** z-score of a cosine; below this, the closest text may be close by chance. */
const farOutZ = 4.5
const maxLookAlikes = 3
/** A look-alike fires the unit at less than this share of what the name's own pictures do. */
const firesLittle = 0.25

/**
 * Names a pack's units by the probe set and, if it has an attention pool, by the weights; published names take
 * precedence. Rude words are left out. Writes neurons.json and a page that shows how each name came about.
 */
export async function labelPack(
  folder: string,
  { probeFolder, threads, say, onProgress, ...options }: LabelOptions,
) {
  const pack = await openPack(folder)
  const probe = await openProbeSetOf(folder, probeFolder)
  const encoder = await createEncoder(pack, { provider: 'cpu', threads })
  try {
    say('Looking at the probe set')
    const activations = await encodingsOf(pack, encoder, probePictures(pack, probe), {
      kept: await keptFile(pack, 'pictures', probe.sha256),
      ...(options.signal && { signal: options.signal }),
      onProgress: (done) => onProgress(done, probe.items.length),
    })
    say('Reading the vocabulary')
    const [prompt] = pack.facts.prompts
    const reader = wordEncoder(encoder, options)
    const embed = async (texts: readonly string[]) =>
      matrixOf(await reader.encodeTexts(texts.map((text) => prompt!.replace('{}', () => text))))
    const texts = [...new Set(pack.vocabulary.map(({ text }) => text))].filter((text) => !isProfane(text))
    const byWeights = await namesByWeights(pack, texts, await embed(texts))
    const byProbe = namesByProbeSet(probe.items, activations)
    const labels = [...new Set(probe.items.map(({ label }) => label))]
    const meanings = centred(await embed(labels))
    const likeness = await product(meanings, meanings, true)
    const published = new Map(
      publishedUnits(pack.facts, (await readCheck(pack))?.words?.passed ?? false).map((unit) => [
        unit.unit,
        unit,
      ]),
    )
    const labelled = Array.from({ length: pack.facts.tap.channels }, (_, unit): LabelledUnit => {
      const probeName = byProbe[unit]
      const weights = byWeights?.[unit]
      const chosen = published.get(unit) ?? choose(pack.facts.id, unit, probeName, weights)
      return {
        unit,
        ...(chosen && { chosen }),
        ...(probeName && { probe: probeName }),
        ...(weights && { weights }),
        lookAlikes: probeName ? unlike(unit, probeName.label) : [],
      }
    })
    const units = labelled.flatMap(({ chosen }) => chosen ?? [])
    await writeFile(join(folder, packFiles.catalogue), `${JSON.stringify({ units })}\n`)
    await sealPack(folder, [packFiles.catalogue])
    const page = join(folder, labelPageFile)
    await writeFile(page, labelPage(pack.facts.title, labelled))
    return { units: labelled.length, named: units.length, page }

    function unlike(unit: number, label: string): string[] {
      const means = meansByLabel(probe.items, activations, unit)
      const row = rowOf(likeness, labels.indexOf(label))
      return [...row.keys()]
        .filter((n) => labels[n] !== label && means.get(labels[n]!)! < firesLittle * means.get(label)!)
        .sort((a, b) => row[b]! - row[a]!)
        .slice(0, maxLookAlikes)
        .map((n) => labels[n]!)
    }
  } finally {
    await encoder.close()
  }
}

function choose(
  pack: string,
  unit: number,
  probe: ProbeName | undefined,
  weights: WeightName | undefined,
): PackUnit | undefined {
  const named = (name: string, namedBy: string, certainty: PackUnit['certainty']): PackUnit => ({
    unit,
    name,
    namedBy,
    certainty,
    sensitive: isSensitiveUnit(pack, unit, [name]),
  })
  if (probe && probe.auprc >= guessAuprc && !isProfane(probe.label))
    return named(
      probe.label,
      `our probe set, AUPRC ${probe.auprc.toFixed(2)}`,
      probe.auprc >= likelyAuprc ? 'likely' : 'unsure',
    )
  if (weights && weights.deviations >= farOutZ)
    return named(weights.text, `its weights, cosine ${weights.cosine.toFixed(2)}`, 'unsure')
  return undefined
}
