import { text } from '../../src/chat/elements.ts'
import type { Element } from '../../src/chat/reply.ts'
import type { Translate } from '../../src/language.ts'
import { plain } from '../../src/chat/markup.ts'
import type { LabelScore } from '../../src/jobs/engine.ts'
import { anyOf, capitalised } from '../../src/chat/words.ts'
import { writtenName } from '../../src/neurons/written-name.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'

/** A name that the model takes the picture for. */
export interface Take {
  readonly label: string
  /** Among all names that it knows, 0 to 1. */
  readonly probability: number
}

export const namesShown = 3
/** A first name with less in its favour is not worth telling, nor is another with a few per cent. */
const least = { first: 0.01, others: 0.05 }

const isNews = ({ probability }: Take, i: number): boolean =>
  probability >= (i === 0 ? least.first : least.others)

/** Whether there is enough in the first name's favour to tell it. */
export const isNamed = ([first]: readonly Take[]): boolean => first !== undefined && isNews(first, 0)

/** @param except not all of the scores */
function likeliest(scores: readonly LabelScore[], except: ReadonlySet<LabelScore>): LabelScore {
  let most: LabelScore | undefined
  for (const score of scores)
    if (score.probability > (most?.probability ?? -1) && !except.has(score)) most = score
  return most!
}

/** The likeliest names, without those that a community keeps away from pictures: it would call a smiling woman an ape. */
export function takesOf(scores: readonly LabelScore[], sensitive: boolean, limit = namesShown): Take[] {
  const takes: Take[] = []
  const seen = new Set<LabelScore>()
  // One by one and the likeliest first: judging a label takes a tenth of a millisecond, sorting all of them up to three.
  while (takes.length < limit && seen.size < scores.length) {
    const next = likeliest(scores, seen)
    seen.add(next)
    if (sensitive || !isSensitive(next.label))
      takes.push({ label: next.label, probability: next.probability })
  }
  return takes
}

/**
 * "What it takes this for: **Pizza slice** (62 % sure), then plate (9 %).", or as a guess, "My best guess: **plate**
 * (32 % sure, so more often wrong than right)."
 */
export function takesInWords(takes: readonly Take[], guess: boolean, t: Translate): Element {
  const [first, ...others] = takes.filter(isNews).map(({ label, probability }) => ({
    name: plain(writtenName(label)),
    share: `${Math.round(100 * probability)} %`,
  }))
  if (!first) return text(t('neurons.takes.none'))
  const rest = others.map(({ name, share }) => `${name} (${share})`)
  const also = rest.length > 0 ? t('neurons.takes.also', { others: anyOf(rest, t) }) : ''
  if (guess) return text(t('neurons.takes.guess', { ...first, also }))
  return text(t('neurons.takes.sure', { name: capitalised(first.name), share: first.share, also }))
}
