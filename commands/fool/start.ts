import { button, buttons, heading, note, picture, text, cardPicture } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { CompletionContext, Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Choice } from '../../src/chat/choice.ts'
import { choicesOf } from '../../src/chat/options.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { UserError } from '../../src/errors.ts'
import { squareOnGround } from '../../src/pictures/ground.ts'
import type { Translate } from '../../src/language.ts'
import { parseEnds } from '../../src/games/ends.ts'
import { topLabel } from '../../src/games/fool/score.ts'
import { isProfane } from '../../src/neurons/profanity.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { foolActions, writeButton } from './actions.ts'
import { barsInWords, barsOf } from './bars.ts'
import { alreadyOpen, endsAt, latest, openContest, pictureOf, isOver } from './contests.ts'
import { asJpeg, look } from './judge.ts'
import { altOf } from './words.ts'
import { againstInWords, completeLabel, labelsFor, parseAgainst, presets, sameLabel } from './labels.ts'
import type { Contest } from './records.ts'
import { askForTarget, propose, sampleFor } from './propose.ts'
import { readSample, samples } from './samples.ts'
import { duration, momentHere, percent } from '../../src/chat/words.ts'

const defaultEnds = '1 day'
/** Times are understood in this zone if neither the platform nor the person names another. */
const usualZone = 'UTC'
const bars = 6

/** For programs. */
interface ContestData {
  readonly contest: number
  readonly target: string
  readonly labels: readonly string[]
  readonly clean: readonly { readonly label: string; readonly probability: number }[]
  /** ISO 8601. */
  readonly ends: string
  readonly inkLimit: number | null
  readonly model: string
  readonly provider: Contest['provider']
}

export const start = subcommand({
  description: (t) => t('fool.start.description'),
  options: {
    target: {
      called: (t) => t('fool.option.target'),
      type: 'text',
      description: (t) => t('fool.start.target'),
      maxLength: 60,
      complete: completeTarget,
    },
    picture: {
      called: (t) => t('fool.option.picture'),
      type: 'picture',
      description: (t) => t('fool.start.picture'),
    },
    sample: {
      called: (t) => t('fool.option.sample'),
      type: 'choice',
      description: (t) => t('fool.start.sample'),
      choices: samples.pictures.map(({ id }) => ({
        value: id,
        label: (t: Translate) => t(`samples.${id}.title`),
      })),
    },
    against: {
      called: (t) => t('fool.option.against'),
      type: 'text',
      description: (t) => t('fool.start.against'),
      maxLength: 1000,
      complete: completeAgainst,
    },
    ends: {
      called: (t) => t('fool.option.ends'),
      type: 'text',
      description: (t) => t('fool.start.ends'),
      complete: async ({ t }) => ends(t),
    },
    ink_limit: {
      called: (t) => t('fool.option.ink_limit'),
      type: 'number',
      description: (t) => t('fool.start.limit'),
      min: 0.1,
      max: 33,
    },
  },
  async run(context: Context<ContestData>, given) {
    const { store, catalogue, now } = context.services
    const before = await latest(store, context.place)
    if (before && !(await isOver(context.services, before))) throw alreadyOpen()
    const settings = await settingsOf(store, context.place)
    const own = given.picture
    if (own && given.sample) throw new UserError('bad-option', 'fool.start.both')
    const endsFrom = (at: number) => parseEnds(given.ends ?? defaultEnds, at, context.timeZone ?? usualZone)
    endsFrom(now().getTime()) // Refuses a mistake before anything is measured.
    if (own && given.target === undefined)
      await askForTarget(context, await own.read(context.signal), settings.sensitive)
    const chosen = samples.pictures.find(({ id }) => id === given.sample)
    const { sample, target } = own
      ? { sample: undefined, target: given.target! }
      : given.target === undefined
        ? await propose(context, chosen)
        : { sample: chosen ?? sampleFor(given.target, context.services.newId()), target: given.target }
    const against = parseAgainst(given.against ?? (sample ? 'samples' : 'nearest'))
    const words = [target, ...(typeof against === 'string' ? [] : against)]
    if (settings.profanity && words.some(isProfane)) throw new UserError('bad-option', 'fool.rudeLabels')
    if (!settings.sensitive && words.some(isSensitive))
      throw new UserError('not-allowed', 'fool.sensitiveLabels')
    context.progress({ text: context.t('fool.judge.looking') })
    const bytes = own ? await own.read(context.signal) : await readSample(sample!)
    const { preview } = await look(context, bytes, [target])
    // Made a square now, it is seen alike whatever is written on its ground.
    const picture = await asJpeg(squareOnGround(preview)?.square ?? preview)
    const labels = await labelsFor(
      against,
      target,
      { ...context.services, sensitive: settings.sensitive },
      (all) => look(context, picture, all),
    )
    const clean = await look(context, picture, labels.labels)
    const seen = topLabel(clean.scores)!
    if (sameLabel(seen, target))
      throw new UserError('bad-option', 'fool.start.seen', {
        values: { seen, share: percent(clean.scores[0]!.probability, context.t) },
      })
    const opened = now().getTime()
    const limit = given.ink_limit
    const contest = await openContest(
      context.services,
      {
        place: context.place,
        opener: { id: context.person.id, name: context.person.name },
        opened,
        ends: endsFrom(opened),
        target: labels.labels[0]!,
        labels: [...labels.labels],
        against: labels.against,
        ...(limit !== undefined && { inkLimit: limit / 100 }),
        ...(sample && {
          alt: context.t(`samples.${sample.id}.alt`),
          credit: context.t('samples.credit'),
        }),
        clean: clean.scores.map(({ probability }) => probability),
        model: catalogue.modelId,
        provider: clean.provider,
      },
      { bytes: picture, spoiler: own?.spoiler ?? false },
    )
    await context.reply(await opening(context, contest))
  },
})

/** What is suggested; it is read in English. */
const ends = (t: Translate): Choice[] => [
  { value: '30 minutes', label: t('words.minutes', { count: 30 }) },
  { value: '2 hours', label: t('words.hours', { count: 2 }) },
  { value: '1 day', label: t('words.days', { count: 1 }) },
  { value: '3 days', label: t('words.days', { count: 3 }) },
  { value: '1 week', label: t('fool.start.week') },
  { value: 'tomorrow 18:00', label: t('fool.start.tomorrow') },
]

async function completeTarget(
  { services, place }: CompletionContext,
  typed: string,
): Promise<readonly Choice[]> {
  const { sensitive } = await settingsOf(services.store, place)
  return choicesOf(completeLabel(services.catalogue, typed, sensitive))
}

async function completeAgainst({ t }: CompletionContext, typed: string): Promise<Choice[]> {
  if (typed.includes(',')) return []
  return presets
    .map((preset) => ({ preset, name: t(`fool.against.typed.${preset}`) }))
    .filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()))
    .map(({ preset, name }) => ({
      value: name,
      label: t('fool.against.choice', { name, words: againstInWords(preset, t) }),
    }))
}

/** What everybody sees when a contest is opened. */
async function opening(context: Context, contest: Contest): Promise<Reply<ContestData>> {
  const { t } = context
  const { cards, catalogue, store } = context.services
  const { target, labels, inkLimit, number } = contest
  const { bytes, spoiler } = await pictureOf(store, contest, contest.picture)
  const clean = barsOf(contest, undefined, bars - 1)
  const ends = await endsAt(store, contest)
  const card = await cards.draw('bars', {
    title: t('card.answer'),
    pictures: [],
    bars: clean,
    modelTitle: catalogue.modelTitle,
    theme: context.theme,
    language: t.language,
  })
  const rules = [
    t('fool.start.how'),
    t('fool.start.rule', { target: plain(target) }),
    ...(inkLimit === undefined ? [] : [t('fool.start.atMost', { share: percent(inkLimit, t) })]),
    t('fool.start.until', { when: momentHere(ends, t), length: duration(ends - contest.opened, t) }),
  ]
  return {
    elements: [
      heading(t('fool.start.heading', { name: plain(contest.opener.name), target: plain(target) })),
      picture(
        {
          bytes,
          mimeType: 'image/jpeg',
          name: `contest-${number}.jpg`,
          alt: t('fool.start.alt', { alt: altOf(contest, t) }),
          spoiler,
        },
        { instead: [] },
      ),
      buttons([
        writeButton(contest, t),
        button(foolActions.id('board', number, 'edited', 1), t('fool.button.standings')),
      ]),
      picture(cardPicture(card, `contest-${number}-answer`), { instead: [barsInWords(clean, t)] }),
      text(rules.join('\n')),
      note(
        t('fool.start.note', {
          count: labels.length - 1,
          against: plain(againstInWords(contest.against, t)),
          model: plain(catalogue.modelTitle),
          credit: plain(contest.credit ?? ''),
        }).trim(),
      ),
    ],
    data: {
      contest: number,
      target,
      labels,
      clean: labels.map((label, i) => ({ label, probability: contest.clean[i]! })),
      ends: new Date(ends).toISOString(),
      inkLimit: inkLimit ?? null,
      model: contest.model,
      provider: contest.provider,
    },
  }
}
