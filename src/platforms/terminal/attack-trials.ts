import { attack, type Layout, paperSized } from '../../../commands/fool/attack-run.ts'
import type { Services } from '../../chat/services.ts'
import { type AttackTrial, type AttackWord, rateOf } from '../../games/fool/attack.ts'
import { topLabel } from '../../games/fool/score.ts'
import type { PictureInput } from '../../jobs/engine.ts'
import type { Report } from './attack-report.ts'

/** How many pictures are in progress at once. */
const lanes = 4

/** A picture with what is known about it. */
export interface Subject {
  /** What it shows. */
  readonly label?: string
  /** What is already written on it. */
  readonly text?: string
  readonly read: () => Promise<PictureInput>
}

/** How the words are written, and who waits. */
export interface How {
  readonly layouts: readonly Layout[]
  readonly signal: AbortSignal
  readonly progress: (done: number, all: number) => void
}

/** What is written, and what the model may answer. */
interface Plan {
  readonly words: readonly AttackWord[]
  readonly labels: readonly string[]
  /** Only pictures that the model names correctly are attacked. */
  readonly namedOnly: boolean
}

/** Writes every word on every picture, a few pictures at a time, and counts how often each one wins. */
export async function attacked(
  services: Services,
  subjects: readonly Subject[],
  { words, labels, namedOnly }: Plan,
  how: How,
): Promise<Report> {
  const { signal, progress } = how
  const written = words.flatMap((word) => how.layouts.map((layout) => ({ ...word, layout })))
  const outcomes: Outcome[] = []
  const waiting = subjects.entries()
  let done = 0
  progress(done, subjects.length)
  const lane = async (): Promise<void> => {
    for (const [i, subject] of waiting) {
      const input = await subject.read()
      const given = await services.engine.classify(input, labels, { signal, alone: true })
      const seen = topLabel(given.scores)!
      const outcome: Outcome = { subject, seen, trials: [] }
      if (!namedOnly || seen === subject.label) outcomes[i] = outcome
      if (outcomes[i] && written.length > 0) {
        const picture = await paperSized(input instanceof Uint8Array ? given.preview : input)
        const clean = await services.engine.classify(picture, labels, { signal, alone: true })
        for (const each of written) {
          const { cover, before, after } = await attack(services, picture, clean, each, { signal })
          outcome.trials.push({ cover, before, after })
        }
      }
      progress(++done, subjects.length)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const counted = outcomes.filter(Boolean)
  const labelled = subjects.filter(({ label }) => label !== undefined).length
  const named = counted.filter(({ subject, seen }) => seen === subject.label).length
  return {
    pictures: counted.length,
    clean: labelled === 0 ? null : named / labelled,
    words:
      words.length > 0
        ? written.map(({ layout, ...word }, i) => ({
            ...rateOf(
              word,
              counted.map(({ trials }) => trials[i]!),
            ),
            layout,
          }))
        : asTheyAre(counted),
  }
}

/** One picture: what the model saw in it as it was, and with each word. */
interface Outcome {
  readonly subject: Subject
  readonly seen: string
  readonly trials: AttackTrial[]
}

/** For pictures that somebody else wrote on: how often each word won. How much the words cover is unknown without a clean picture. */
function asTheyAre(outcomes: readonly Outcome[]): Report['words'] {
  const texts = [...new Set(outcomes.map(({ subject }) => subject.text!))].sort()
  return texts.map((text) => {
    const trials = outcomes
      .filter(({ subject }) => subject.text === text)
      .map(({ subject, seen }) => ({ cover: 0, before: subject.label!, after: seen }))
    return { ...rateOf({ word: text, target: text }, trials), cover: null }
  })
}
