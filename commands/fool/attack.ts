import { heading, note, picture, table, cardPicture } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { UserError } from '../../src/errors.ts'
import { type AttackWord, paperWords, parseWords } from '../../src/games/fool/attack.ts'
import { probabilityOf, topLabel } from '../../src/games/fool/score.ts'
import type { Classification } from '../../src/jobs/engine.ts'
import type { Translate } from '../../src/language.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { attack, type Layout, layouts, legibleLayout, paperSized, withTargets } from './attack-run.ts'
import { asJpeg } from './judge.ts'
import { mustBePolite } from './writing.ts'
import { percent } from '../../src/chat/words.ts'

const mostWords = 12

/** For programs: shares from 0 to 1. */
interface AttackData {
  readonly model: string
  readonly layout: Layout
  readonly clean: { readonly label: string; readonly probability: number }
  readonly words: readonly TriedWord[]
}

interface TriedWord extends AttackWord {
  readonly cover: number
  /** The target's probability without and with the word. */
  readonly before: number
  readonly probability: number
  readonly seen: string
  readonly wins: boolean
}

interface Trial extends TriedWord {
  /** JPEG. */
  readonly picture: Uint8Array
}

/** The paper's automatic attack on one picture. */
export const attackPicture = subcommand({
  description: (t) => t('fool.attack.description'),
  options: {
    picture: {
      called: (t) => t('fool.option.picture'),
      type: 'picture',
      description: (t) => t('fool.attack.picture'),
      required: true,
    },
    words: {
      called: (t) => t('fool.option.words'),
      type: 'text',
      description: (t) => t('fool.attack.words'),
      maxLength: 300,
    },
    layout: {
      called: (t) => t('fool.option.layout'),
      type: 'choice',
      description: (t) => t('fool.attack.layout'),
      choices: layouts.map((value) => ({ value, label: (t: Translate) => t(`fool.attack.${value}`) })),
    },
  },
  async run(context: Context<AttackData>, { picture: posted, words: typed, layout: asked }) {
    const { services, t } = context
    const { catalogue, engine, probe } = services
    const layout = asked ?? legibleLayout(catalogue.pictureSide)
    const words = await wordsToTry(context, typed)
    const labels = withTargets(probe.labels, words)
    const run = waiting(context, t('fool.attack.writing'))
    const bytes = await posted.read(context.signal)
    const clear = await paperSized((await engine.classify(bytes, labels, { ...run, alone: true })).preview)
    const clean = await engine.classify(clear, labels, { ...run, alone: true })
    const trials: Trial[] = []
    for (const [i, word] of words.entries()) {
      context.progress({
        text: t('fool.attack.writingWord', { word: word.word }),
        fraction: i / words.length,
      })
      const trial = await attack(services, clear, clean, { word: word.word, layout }, run)
      trials.push({
        ...word,
        cover: trial.cover,
        picture: await asJpeg(trial.picture),
        before: probabilityOf(clean.scores, word.target),
        probability: probabilityOf(trial.seen.scores, word.target),
        seen: trial.after,
        wins: trial.after === word.target && trial.before !== word.target,
      })
    }
    await context.reply(await replyFor(context, { layout, clean, trials, spoiler: posted.spoiler }))
  },
})

/** The words as typed, or the paper's. @throws UserError for words that the community does not want to read */
async function wordsToTry(
  { services, place }: Context<AttackData>,
  typed: string | undefined,
): Promise<readonly AttackWord[]> {
  const words = typed === undefined ? paperWords : parseWords(typed)
  if (words.length > mostWords)
    throw new UserError('bad-option', 'fool.attack.tooMany', {
      values: { most: mostWords, given: words.length },
    })
  const settings = await settingsOf(services.store, place)
  const texts = words.flatMap(({ word, target }) => [word, target])
  mustBePolite(settings, texts)
  if (typed !== undefined && !settings.sensitive && words.some(({ target }) => isSensitive(target)))
    throw new UserError('not-allowed', 'fool.sensitiveLabels')
  return words
}

interface Attacks {
  readonly layout: Layout
  readonly clean: Classification
  readonly trials: readonly Trial[]
  readonly spoiler: boolean | undefined
}

/** The pictures with each word, and what each word did. */
async function replyFor(
  { services: { catalogue, cards }, theme, t }: Context<AttackData>,
  { layout, clean, trials, spoiler }: Attacks,
): Promise<Reply<AttackData>> {
  const top = topLabel(clean.scores)!
  const probability = probabilityOf(clean.scores, top)
  const card = await cards.draw('sheet', {
    title: t('fool.attack.title', { seen: top, share: percent(probability, t) }),
    cells: trials.map((trial) => ({
      picture: trial.picture,
      caption: `${trial.wins ? '✓\u00a0' : ''}${trial.word}`,
      detail: t('fool.attack.sees', { seen: trial.seen }),
    })),
    note: catalogue.modelTitle,
    theme,
    language: t.language,
  })
  const won = trials.filter(({ wins }) => wins).length
  return {
    elements: [
      heading(t('fool.attack.heading', { won, all: trials.length })),
      picture(cardPicture(card, 'attack', spoiler), { instead: [] }),
      table(
        (['word', 'cover', 'change', 'sees'] as const).map((column) => t(`fool.attack.column.${column}`)),
        trials.map(({ word, target, cover, before, probability, seen, wins }) => [
          word === target ? word : `${word} → ${target}`,
          percent(cover, t),
          `${percent(before, t)} → ${percent(probability, t)}`,
          wins ? `✓\u00a0${seen}` : seen,
        ]),
      ),
      note(
        t(`fool.attack.note.${layout}`, {
          labels: clean.scores.length,
          seen: plain(top),
          model: plain(catalogue.modelTitle),
        }),
      ),
    ],
    data: {
      model: catalogue.modelId,
      layout,
      clean: { label: top, probability },
      words: trials.map(({ picture: _picture, ...trial }) => trial),
    },
  }
}
