import { heading, note, picture, table, cardPicture } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { UserError } from '../../src/errors.ts'
import { type AttackWord, paperWords, parseWords } from '../../src/games/fool/attack.ts'
import { probabilityOf, topLabel } from '../../src/games/fool/score.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { attack, type Layout, layoutNames, layouts, paperSized, withTargets } from './attack-run.ts'
import { asJpeg } from './judge.ts'
import { mustBePolite } from './writing.ts'
import { percent } from '../../src/chat/words.ts'

const mostWords = 12

/** For programs: shares from 0 to 1. */
interface AttackData {
  readonly model: string
  readonly layout: Layout
  readonly clean: { readonly label: string; readonly probability: number }
  readonly words: readonly (AttackWord & {
    readonly cover: number
    /** The target's probability without and with the word. */
    readonly before: number
    readonly probability: number
    readonly seen: string
    readonly wins: boolean
  })[]
}

/** The paper's automatic attack on one picture. */
export const attackPicture = subcommand({
  description: 'Write words on a picture as the paper did, and see which of them win',
  options: {
    picture: { type: 'picture', description: 'The picture to write on', required: true },
    words: {
      type: 'text',
      description: 'Words with commas between: pizza, trash -> wastebasket',
      maxLength: 300,
    },
    layout: {
      type: 'choice',
      description: 'How each word is written',
      choices: layoutNames.map((value) => ({ value, label: layouts[value] })),
    },
  },
  async run(context: Context<AttackData>, { picture: posted, words: typed, layout = 'paper' }) {
    const { services } = context
    const { catalogue, cards, engine, probe, store } = services
    const words = typed === undefined ? paperWords : parseWords(typed)
    if (words.length > mostWords)
      throw new UserError('bad-option', `Please give at most ${mostWords} words, not ${words.length}.`)
    const settings = await settingsOf(store, context.place)
    const texts = words.flatMap(({ word, target }) => [word, target])
    mustBePolite(settings, texts)
    if (typed !== undefined && !settings.sensitive && words.some(({ target }) => isSensitive(target)))
      throw new UserError(
        'not-allowed',
        'This community keeps such labels away from pictures; please choose others.',
      )
    const labels = withTargets(probe.labels, words)
    const run = waiting(context, 'Writing on the picture')
    const bytes = await posted.read(context.signal)
    const clear = await paperSized((await engine.classify(bytes, labels, { ...run, alone: true })).preview)
    const clean = await engine.classify(clear, labels, { ...run, alone: true })
    const trials = []
    for (const [i, word] of words.entries()) {
      context.progress({ text: `Writing “${word.word}”`, fraction: i / words.length })
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
    const won = trials.filter(({ wins }) => wins).length
    const top = topLabel(clean.scores)!
    const card = await cards.draw('sheet', {
      title: `${won} of ${words.length} words win`,
      cells: trials.map((trial) => ({
        picture: trial.picture,
        caption: `${trial.wins ? '✓ ' : ''}${trial.word}`,
        detail: `sees ${trial.seen}`,
      })),
      note: `Without writing it sees ${top} (${percent(probabilityOf(clean.scores, top))}). ${catalogue.modelTitle}`,
      theme: context.theme,
    })
    await context.reply({
      elements: [
        heading(`${won} of ${words.length} words make the model see what they say`),
        picture(cardPicture(card, 'attack', posted.spoiler), { instead: [] }),
        table(
          ['word', 'target', 'cover', 'target before → after', 'sees', 'wins'],
          trials.map(({ word, target, cover, before, probability, seen, wins }) => [
            word,
            target,
            percent(cover),
            `${percent(before)} → ${percent(probability)}`,
            seen,
            wins ? 'yes' : 'no',
          ]),
        ),
        note(
          `Each word ${layouts[layout]}, against ${labels.length} labels; without writing it sees ${plain(top)}. Model: ${plain(catalogue.modelTitle)}`,
        ),
      ],
      data: {
        model: catalogue.modelId,
        layout,
        clean: { label: top, probability: probabilityOf(clean.scores, top) },
        words: trials.map(({ picture: _picture, ...trial }) => trial),
      },
    })
  },
})
