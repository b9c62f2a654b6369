import { type CommunitySettings, settingsOf } from '../../src/chat/community.ts'
import type { CompletionContext, Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import type { Choice } from '../../src/chat/choice.ts'
import { choicesOf } from '../../src/chat/options.ts'
import { UserError } from '../../src/errors.ts'
import { squareOnGround } from '../../src/pictures/ground.ts'
import type { Translate } from '../../src/language.ts'
import { parseEnds } from '../../src/games/ends.ts'
import { topLabel } from '../../src/games/fool/score.ts'
import { isProfane } from '../../src/neurons/profanity.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { alreadyOpen, latest, openContest, isOver } from './contests.ts'
import { asJpeg, look } from './judge.ts'
import { againstInWords, completeLabel, labelsFor, parseAgainst, presets, sameLabel } from './labels.ts'
import { type ContestData, opening } from './opening.ts'
import { askForTarget, propose, sampleFor } from './propose.ts'
import { readSample, samples } from './samples.ts'
import { percent } from '../../src/chat/words.ts'

const defaultEnds = '1 day'
/** Times are understood in this zone if neither the platform nor the person names another. */
const usualZone = 'UTC'

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
    mustBeWelcome(settings, [target, ...(typeof against === 'string' ? [] : against)])
    context.progress({ text: context.t('fool.judge.looking') })
    const bytes = own ? await own.read(context.signal) : await readSample(sample!)
    const { preview } = await look(context, bytes, [target])
    // Made a square now, so that it is seen the same way whatever is written on its background.
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

/** @throws UserError for labels that this community does not want to read */
function mustBeWelcome({ profanity, sensitive }: CommunitySettings, labels: readonly string[]): void {
  if (profanity && labels.some(isProfane)) throw new UserError('bad-option', 'fool.rudeLabels')
  if (!sensitive && labels.some(isSensitive)) throw new UserError('not-allowed', 'fool.sensitiveLabels')
}

/** What is suggested; typed times are read in English. */
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
