import { text } from '../src/chat/elements.ts'
import { settingsOf } from '../src/chat/community.ts'
import type { Visibility } from '../src/chat/command.ts'
import type { ActionContext, Context } from '../src/chat/context.ts'
import { defineCommand } from '../src/chat/define.ts'
import { plain } from '../src/chat/markup.ts'
import type { PictureSource } from '../src/chat/options.ts'
import { personal } from '../src/chat/personal.ts'
import type { Reply } from '../src/chat/reply.ts'
import { requesterOf, waiting } from '../src/chat/waiting.ts'
import { packPreview } from '../src/pictures/preview.ts'
import { UserError } from '../src/errors.ts'
import { guessesLast, hiddenUnits, mostInhibited, oncePerName, topFirings } from '../src/neurons/firing.ts'
import { heatMapOf } from '../src/neurons/heat-map.ts'
import { namesWeighed, unitAgrees } from '../src/neurons/trust.ts'
import { say, type Said } from '../src/language.ts'
import { neuronsActions } from './neurons/actions.ts'
import { neuronsAnswer, type NeuronsAnswer } from './neurons/records.ts'
import { calibrated } from './neurons/belief.ts'
import { carriedOf } from './neurons/carried.ts'
import { type NeuronsData, replyFor } from './neurons/reply.ts'
import { namesShown, type Take, takesOf } from './neurons/takes.ts'

const defaultTop = 5
const inhibitedShown = 3
/** How many more than are shown to look at, to replace units with a name that is already there. */
const spare = 3

/** Which neurons fire for a picture, where in it, and how strongly. */
export const neurons = defineCommand({
  name: 'neurons',
  called: (t) => t('neurons.name'),
  description: (t) => t('neurons.description'),
  options: {
    picture: {
      type: 'picture',
      called: (t) => t('neurons.picture.name'),
      description: (t) => t('neurons.picture.description'),
      required: true,
    },
    top: {
      type: 'integer',
      called: (t) => t('neurons.top.name'),
      description: (t) => t('neurons.top.description'),
      min: 1,
      max: 10,
    },
  },
  async run(context: Context<NeuronsData>, { picture, top = defaultTop }) {
    await answer(context, picture, top, 'channel')
  },
  pictureMenu: {
    label: (t) => t('neurons.menu'),
    visibility: 'person',
    run: answerEach,
  },
  personal: [
    personal(
      neuronsAnswer,
      (t) => t('neurons.kept'),
      (value, person, { platform, community }) => value.person === `${platform}:${community}:${person}`,
    ),
  ],
  actions: neuronsActions.answeredBy({
    heat: {
      answers: 'edit',
      async run(context: ActionContext<NeuronsData>, [id, unit]) {
        const kept = await recall(context, id)
        await context.reply(await replyFor(context, id, kept, unit))
      },
    },
    post: {
      answers: 'channel',
      async run(context: ActionContext<NeuronsData>, [id, unit]) {
        const kept: NeuronsAnswer = { ...(await recall(context, id)), visibility: 'channel' }
        const posted = await keep(context, kept)
        await context.reply(await replyFor(context, posted, kept, unit))
      },
    },
  }),
})

/** Each picture by itself: one that cannot be read does not hide the others. */
async function answerEach(
  context: Context<NeuronsData>,
  pictures: readonly PictureSource[],
  visibility: Visibility,
): Promise<void> {
  const refused: Said[] = []
  // The first takes the place of the acknowledgement, each further one is a message of its own.
  let send: (reply: Reply<NeuronsData>) => Promise<unknown> = context.reply
  for (const picture of pictures) {
    try {
      await answer(context, picture, defaultTop, visibility, send)
      send = (reply) => context.followUp(reply, visibility)
    } catch (error) {
      if (!(error instanceof UserError) || pictures.length === 1 || context.signal.aborted) throw error
      refused.push({ key: 'neurons.refused', values: { picture: picture.name, reason: error } })
    }
  }
  const [first, ...others] = refused
  if (!first) return
  const all = others.reduce<Said>(
    (above, below) => ({ key: 'neurons.refusals', values: { above, below } }),
    first,
  )
  if (refused.length === pictures.length) throw new UserError('bad-picture', all.key, { values: all.values! })
  await context.followUp({ elements: [text(plain(say(all, context.translators.person)))] }, 'person')
}

async function answer(
  context: Context<NeuronsData>,
  picture: PictureSource,
  limit: number,
  visibility: Visibility,
  send: (reply: Reply<NeuronsData>) => Promise<unknown> = context.reply,
): Promise<void> {
  const { engine, catalogue, store } = context.services
  const looking = context.t('neurons.looking')
  context.progress({ text: looking })
  const bytes = await picture.read(context.signal)
  const { sensitive } = await settingsOf(store, context.place)
  let takes: readonly Take[] = []
  const analysis = await engine.classify(bytes, catalogue.labels, {
    ...waiting(context, looking),
    maps: {
      strongest: limit + spare,
      inhibited: inhibitedShown + spare,
      without: hiddenUnits(catalogue, sensitive),
    },
    explain: (scores) => {
      takes = takesOf(scores, sensitive, namesWeighed)
      return takes.slice(0, 1).map(({ label }) => label)
    },
  })
  const strongest = topFirings(analysis.strengths, catalogue, { limit: limit + spare, sensitive })
  const lowest = mostInhibited(analysis.deviations, catalogue, { limit: inhibitedShown + spare, sensitive })
  const firing = guessesLast(oncePerName(strongest).slice(0, limit))
  const inhibited = oncePerName(lowest).slice(0, inhibitedShown)
  const chosen = firing[0] ?? inhibited[0]
  if (!chosen) throw new UserError('bad-picture', 'neurons.none')
  const agreed = takes[0] !== undefined && unitAgrees(takes[0].label, firing)
  const carried = carriedOf(takes[0]?.label, analysis, catalogue, sensitive)
  const kept: NeuronsAnswer = {
    person: requesterOf(context).person,
    visibility,
    spoiler: picture.spoiler ?? false,
    preview: await packPreview(analysis.preview),
    facts: analysis.facts,
    provider: analysis.provider,
    units: firing.map(({ named: _named, ...measured }) => ({ ...measured, map: mapOf(measured.unit) })),
    inhibited: inhibited.map(({ unit, sigma }) => ({ unit, sigma, map: mapOf(unit) })),
    takes: calibrated(takes, catalogue.trust, agreed).slice(0, namesShown),
    ...(carried && { carried }),
    mapSize: [analysis.maps.height, analysis.maps.width],
  }
  function mapOf(unit: number): number[] {
    return Array.from(heatMapOf(analysis.maps, unit).data)
  }
  const id = await keep(context, kept)
  await send(await replyFor(context, id, kept, chosen.unit))
}

/** Kept under a fresh id for as long as its buttons work. */
async function keep({ services, place }: Context, kept: NeuronsAnswer): Promise<string> {
  const id = services.newId().slice(0, 13)
  await services.store.set(neuronsAnswer, place, [id], kept)
  return id
}

async function recall({ services, place }: Context, id: string): Promise<NeuronsAnswer> {
  const kept = await services.store.get(neuronsAnswer, place, [id])
  if (kept) return kept
  throw new UserError('closed', 'neurons.gone')
}
