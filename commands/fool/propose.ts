import type { Context } from '../../src/chat/context.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { UserError } from '../../src/errors.ts'
import { probabilityOf } from '../../src/games/fool/score.ts'
import { random, seedOf, shuffled } from '../../src/games/seed.ts'
import { takesOf } from '../neurons/takes.ts'
import { attack, paperSized } from './attack-run.ts'
import { look } from './judge.ts'
import { sameLabel } from './labels.ts'
import { readSample, samples, type Sample } from './samples.ts'

/** Each trial takes two runs of the model. */
const mostTrials = 8
/** Longer words take so much ink that it is no fun. */
const longestWord = 9

/** A picture of ours and what the model should see in it. */
interface Proposal {
  readonly sample: Sample
  readonly target: string
}

/** One of our pictures, picked by the id, of something other than the target. */
export const sampleFor = (target: string, id: string): Sample =>
  shuffled(samples.pictures, random(seedOf(id))).find(({ label }) => !sameLabel(label, target))!

/**
 * A contest that this model can be fooled in: words are tried, written once and large, until one wins. If none of them
 * does, the one that comes closest.
 */
export async function propose(context: Context, wanted?: Sample): Promise<Proposal> {
  const words = samples.labels.filter((label) => label.length <= longestWord && !label.includes(' '))
  const next = random(seedOf(context.services.newId()))
  const pairs = shuffled(wanted ? [wanted] : samples.pictures, next).flatMap((sample) =>
    shuffled(
      words.filter((word) => !sameLabel(word, sample.label)),
      next,
    )
      .slice(0, wanted ? mostTrials : 1)
      .map((target) => ({ sample, target })),
  )
  const run = waiting(context, context.t('fool.propose.looking'))
  let best: { proposal: Proposal; share: number } | undefined
  for (const proposal of pairs.slice(0, mostTrials)) {
    const { preview } = await look(context, await readSample(proposal.sample), samples.labels)
    const picture = await paperSized(preview)
    const clean = await look(context, picture, samples.labels)
    const trial = await attack(
      context.services,
      picture,
      clean,
      { word: proposal.target, layout: 'once' },
      run,
    )
    if (trial.after === proposal.target) return proposal
    const share = probabilityOf(trial.seen.scores, proposal.target)
    if (!best || share > best.share) best = { proposal, share }
  }
  return best!.proposal
}

/** @throws UserError 'bad-option' always: asks for the target, with names that the model considers for the picture. */
export async function askForTarget(context: Context, bytes: Uint8Array, sensitive: boolean): Promise<never> {
  const { scores } = await look(context, bytes, context.services.catalogue.labels)
  const [seen, ...others] = takesOf(scores, sensitive, 4).map(({ label }) => label)
  throw new UserError('bad-option', 'fool.propose.target', {
    values: { seen: seen!, others: others.slice(0, -1).join(', '), last: others.at(-1)! },
  })
}
