import { button, buttons, heading, note, picture, text, cardPicture } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { CompletionContext, Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Choice } from '../../src/chat/choice.ts'
import { choicesOf } from '../../src/chat/options.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { UserError } from '../../src/errors.ts'
import { parseEnds } from '../../src/games/ends.ts'
import { topLabel } from '../../src/games/fool/score.ts'
import { isProfane } from '../../src/neurons/profanity.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { foolActions, writeButton } from './actions.ts'
import { barsInWords, barsOf } from './bars.ts'
import { endsAt, latest, openContest, pictureOf, isOver } from './contests.ts'
import { asJpeg, look } from './judge.ts'
import { completeLabel, labelsFor, parseAgainst, presets, sameLabel } from './labels.ts'
import type { Contest } from './records.ts'
import { askForTarget, propose, sampleFor } from './propose.ts'
import { readSample, samples } from './samples.ts'
import { moment, percent, duration } from '../../src/chat/words.ts'

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
  description: 'Open a contest: who makes the model see the target by writing on this picture?',
  options: {
    target: {
      type: 'text',
      description: 'What the model should see; without it I propose something',
      maxLength: 60,
      complete: completeTarget,
    },
    picture: { type: 'picture', description: 'The picture to write on; without it I take one of mine' },
    sample: {
      type: 'choice',
      description: 'One of my pictures',
      choices: samples.pictures.map(({ id, title }) => ({ value: id, label: title })),
    },
    against: {
      type: 'text',
      description: 'What it competes with: your labels with commas between, or nearest, everyday, samples',
      maxLength: 1000,
      complete: completeAgainst,
    },
    ends: {
      type: 'text',
      description: 'How long it runs, or until when: 2 hours, 3 days, tomorrow 18:00',
      complete: async () =>
        choicesOf(['30 minutes', '2 hours', '1 day', '3 days', '1 week', 'tomorrow 18:00']),
    },
    ink_limit: {
      type: 'number',
      description: 'The largest share of the pixels that can be changed, in percent',
      min: 0.1,
      max: 33,
    },
  },
  async run(context: Context<ContestData>, given) {
    const { store, catalogue, now } = context.services
    const before = await latest(store, context.place)
    if (before && !(await isOver(context.services, before)))
      throw new UserError(
        'busy',
        'A contest is already running in this channel; see /fool board, or ask the person who started it to end it.',
      )
    const settings = await settingsOf(store, context.place)
    const own = given.picture
    if (own && given.sample)
      throw new UserError('bad-option', 'Please give a picture or choose a sample, not both.')
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
    if (settings.profanity && words.some(isProfane))
      throw new UserError('bad-option', 'Please choose labels without rude words.')
    if (!settings.sensitive && words.some(isSensitive))
      throw new UserError(
        'not-allowed',
        'This community keeps such labels away from pictures; please choose others.',
      )
    context.progress({ text: 'Looking at the picture' })
    const bytes = own ? await own.read(context.signal) : await readSample(sample!)
    const { preview } = await look(context, bytes, [target])
    const picture = await asJpeg(preview)
    const labels = await labelsFor(
      against,
      target,
      { ...context.services, sensitive: settings.sensitive },
      (all) => look(context, picture, all),
    )
    const clean = await look(context, picture, labels.labels)
    const seen = topLabel(clean.scores)!
    if (sameLabel(seen, target))
      throw new UserError(
        'bad-option',
        `The model sees “${seen}” here already (${percent(clean.scores[0]!.probability)}); choose another target or picture.`,
      )
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
        alt: sample?.alt ?? `A picture that ${context.person.name} chose; the model sees ${seen}.`,
        ...(sample && { credit: samples.credit }),
        clean: clean.scores.map(({ probability }) => probability),
        model: catalogue.modelId,
        provider: clean.provider,
      },
      { bytes: picture, spoiler: own?.spoiler ?? false },
    )
    await context.reply(await opening(context, contest))
  },
})

async function completeTarget(
  { services, place }: CompletionContext,
  typed: string,
): Promise<readonly Choice[]> {
  const { sensitive } = await settingsOf(services.store, place)
  return choicesOf(completeLabel(services.catalogue, typed, sensitive))
}

async function completeAgainst(_context: CompletionContext, typed: string): Promise<Choice[]> {
  if (typed.includes(',')) return []
  return Object.entries(presets)
    .filter(([name]) => name.startsWith(typed.toLowerCase()))
    .map(([value, words]) => ({ value, label: `${value}: ${words}` }))
}

/** What everybody sees when a contest is opened. */
async function opening(context: Context, contest: Contest): Promise<Reply<ContestData>> {
  const { cards, catalogue, store } = context.services
  const { target, labels, inkLimit, number } = contest
  const { bytes, spoiler } = await pictureOf(store, contest, contest.picture)
  const clean = barsOf(contest, undefined, bars - 1)
  const ends = await endsAt(store, contest)
  const card = await cards.draw('bars', {
    title: `Make it see “${target}”`,
    pictures: [],
    bars: clean,
    modelTitle: catalogue.modelTitle,
    theme: context.theme,
  })
  const rules = [
    `Write on the picture with /fool write, or enter your own edit or a photograph of the thing with a label on it with /fool enter.`,
    `An entry fools the model when it sees **${plain(target)}** first. Among edits that do, **less ink wins**; photographs have a class of their own.`,
    ...(inkLimit === undefined ? [] : [`You can change at most ${percent(inkLimit)} of the pixels.`]),
    `It ends ${moment(ends)}, in ${duration(ends - contest.opened)}.`,
  ]
  return {
    elements: [
      heading(`**${plain(contest.opener.name)}** opens a contest: make it see “${plain(target)}”`),
      picture(cardPicture(card, `contest-${number}-answer`), { instead: [barsInWords(clean)] }),
      picture(
        {
          bytes,
          mimeType: 'image/jpeg',
          name: `contest-${number}.jpg`,
          alt: `The picture to write on. ${contest.alt}`,
          spoiler,
        },
        { instead: [] },
      ),
      text(rules.join('\n')),
      buttons([writeButton(contest), button(foolActions.id('board', number, 'edited', 1), 'Standings')]),
      note(
        `Against ${labels.length - 1} other labels: ${plain(contest.against)}. Model: ${plain(catalogue.modelTitle)}. ${plain(contest.credit ?? '')}`.trim(),
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
