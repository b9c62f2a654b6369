import type { Invocation } from '../../src/chat/command.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { plain } from '../../src/chat/markup.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { UserError } from '../../src/errors.ts'
import { paperWords, parseWords } from '../../src/games/fool/attack.ts'
import { probabilityOf, topLabel } from '../../src/games/fool/score.ts'
import { isProfane, isSensitive } from '../../src/neurons/sensitive.ts'
import { attack, type Layout, layouts, paperSized, withTargets } from './attack-run.ts'
import { asJpeg } from './judge.ts'
import { percent } from './words.ts'

const mostWords = 12

/** The paper's automatic attack on one picture. */
export const attackPicture = {
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
      choices: Object.entries(layouts).map(([value, label]) => ({ value, label })),
    },
  },
  async run(context, options) {
    const { services } = context
    const { catalogue, cards, engine, probe, store } = services
    const typed = options.text('words')
    const words = typed === undefined ? paperWords : parseWords(typed)
    if (words.length > mostWords)
      throw new UserError('bad-option', `Please give at most ${mostWords} words, not ${words.length}.`)
    const settings = await settingsOf(store, context.place)
    const texts = words.flatMap(({ word, target }) => [word, target])
    if (settings.profanity && texts.some(isProfane))
      throw new UserError(
        'bad-option',
        'Please write something without rude words; this community keeps them out.',
      )
    if (typed !== undefined && !settings.sensitive && words.some(({ target }) => isSensitive(target)))
      throw new UserError(
        'not-allowed',
        'This community keeps such labels away from pictures; please choose others.',
      )
    const layout = (options.text('layout') ?? 'paper') as Layout
    const labels = withTargets(probe.labels, words)
    const run = waiting(context, 'Writing on the picture')
    const bytes = await options.requiredPicture('picture').read(context.signal)
    const picture = await paperSized((await engine.classify(bytes, labels, { ...run, alone: true })).preview)
    const clean = await engine.classify(picture, labels, { ...run, alone: true })
    const trials = []
    for (const [i, word] of words.entries()) {
      context.progress({ text: `Writing “${word.word}”`, fraction: i / words.length })
      const trial = await attack(services, picture, clean, { word: word.word, layout }, run)
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
        { kind: 'heading', text: `${won} of ${words.length} words make the model see what they say` },
        { kind: 'picture', picture: { ...card, name: 'attack.jpg' }, instead: [] },
        {
          kind: 'table',
          columns: ['word', 'target', 'cover', 'target before → after', 'sees', 'wins'],
          rows: trials.map(({ word, target, cover, before, probability, seen, wins }) => [
            word,
            target,
            percent(cover),
            `${percent(before)} → ${percent(probability)}`,
            seen,
            wins ? 'yes' : 'no',
          ]),
        },
        {
          kind: 'note',
          text: `Each word ${layouts[layout]}, against ${labels.length} labels; without writing it sees ${plain(top)}. Model: ${plain(catalogue.modelTitle)}`,
        },
      ],
      data: {
        model: catalogue.modelId,
        layout,
        clean: { label: top, probability: probabilityOf(clean.scores, top) },
        words: trials.map(({ picture: _picture, ...trial }) => trial),
      },
    })
  },
} satisfies Invocation
