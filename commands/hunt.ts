import { button, buttons, heading, note, picture, text } from '../src/chat/elements.ts'
import sharp from 'sharp'
import { settingsOf } from '../src/chat/community.ts'
import type { ActionContext, Context } from '../src/chat/context.ts'
import { defineCommand, subcommand } from '../src/chat/define.ts'
import { plain } from '../src/chat/markup.ts'
import { personal } from '../src/chat/personal.ts'
import type { PictureSource } from '../src/chat/options.ts'
import { packPreview } from '../src/pictures/preview.ts'
import { waiting } from '../src/chat/waiting.ts'
import type { Analysis } from '../src/jobs/engine.ts'
import { topFirings } from '../src/neurons/firing.ts'
import { writtenName } from '../src/neurons/written-name.ts'
import { duration, inSigma } from '../src/chat/words.ts'
import { UserError } from '../src/errors.ts'
import { parseEnds } from '../src/games/ends.ts'
import { type Fired, type HuntClass, huntClass } from '../src/games/hunt/standings.ts'
import { idOf, mustManage } from './contest/contest.ts'
import { takesOf } from './neurons/takes.ts'
import { hashOf } from './hash-of.ts'
import { huntActions } from './hunt/actions.ts'
import { boardFor, classNames, type HuntBoardData, standingsOf } from './hunt/board.ts'
import { endDueHunts } from './hunt/end.ts'
import { judge } from './hunt/judge.ts'
import { huntEnd, huntEntry, huntPicture, huntRecord, lastHunt, type Hunt } from './hunt/records.ts'
import { neuronActions } from './neuron/actions.ts'
import { completions, nameOfUnit, unitByText, unitName } from './neuron/look-up.ts'

const usualLength = '1 day'
/** The board can be looked at for some weeks after the end. */
const picturesKeptMs = 30 * 24 * 60 * 60_000
const thumbnail = 192

/** For programs. */
interface StartedData {
  readonly unit: number
  /** ISO 8601. */
  readonly ends: string
}

/** For programs: strengths in sigma from zero. */
interface EnteredData extends Fired {
  readonly class: HuntClass
  readonly place: number | undefined
}

/** Who posts the picture that fires this neuron most? */
export const hunt = defineCommand({
  name: 'hunt',
  called: (t) => t('hunt.name'),
  description: (t) => t('hunt.description'),
  subcommands: {
    start: subcommand({
      description: 'Start a hunt in this channel',
      options: {
        neuron: {
          type: 'text',
          description: 'Its number or name',
          required: true,
          maxLength: 80,
          complete: completions,
        },
        ends: {
          type: 'text',
          description: 'After how long, or when: 2 hours, 3 days, tomorrow 18:00; a day if left out',
        },
      },
      run: (context: Context<StartedData>, { neuron, ends }) => start(context, neuron, ends),
    }),
    enter: subcommand({
      description: 'Enter a picture into the hunt',
      options: { picture: { type: 'picture', description: 'Your picture', required: true } },
      run: (context: Context<EnteredData>, { picture }) => enter(context, picture),
    }),
    board: subcommand({ description: 'Who leads the hunt in this channel', run: board }),
  },
  everyMinute: [endDueHunts],
  personal: [
    personal(
      huntRecord,
      'hunts that you started',
      ({ opener }, id) => opener?.id === id,
      ({ opener: _opener, ...rest }) => rest,
    ),
    personal(huntPicture, 'pictures that you entered into hunts', ({ person }, id) => person === id),
    personal(huntEntry, 'entries into hunts', ({ player }, id) => player === id),
  ],
  scores: true,
  actions: huntActions.answeredBy({
    board: { answers: 'person', run: (context: ActionContext<HuntBoardData>) => board(context) },
    end: { answers: 'channel', run: end },
  }),
})

async function start(context: Context<StartedData>, neuron: string, ends: string | undefined): Promise<void> {
  const { services, place, person } = context
  const { store, catalogue, gallery, now } = services
  const unit = unitByText(catalogue, await settingsOf(store, place), neuron)
  const opened = now().getTime()
  const last = await lastHunt(store, place, opened)
  const goesOn = () => {
    const name = last ? nameOfUnit(catalogue, last.unit) : 'another neuron'
    return new UserError('closed', `A hunt for "${name}" is running in this channel; /hunt board shows it.`)
  }
  if (last && last.ended === undefined) throw goesOn()
  const number = (last?.number ?? 0) + 1
  const record = {
    unit: unit.unit,
    opener: { id: person.id, name: person.name },
    opened,
    ends: parseEnds(ends ?? usualLength, opened, context.timeZone ?? 'UTC'),
  }
  if (!(await store.insertIfAbsent(huntRecord, place, idOf({ place, number }), record))) throw goesOn()
  const name = unitName(unit)
  const look = await gallery.thumbnail(unit.unit, undefined, 'png')
  await context.reply({
    elements: [
      heading(`Hunt: ${plain(name)}`),
      text(
        `Who posts the picture that fires this neuron most? Type /hunt enter with your picture. A written name counts too, in a class of its own: read, not seen. It ends in ${duration(record.ends - opened)}.`,
      ),
      ...(look
        ? [
            picture({
              bytes: look,
              mimeType: 'image/png' as const,
              name: 'neuron.png',
              alt: `A picture that the bot computed: what the neuron "${name}" looks for.`,
            }),
          ]
        : []),
      note(plain(`${catalogue.modelTitle}, unit ${unit.unit}`)),
      buttons([
        button(huntActions.id('board', number), 'Board'),
        button(neuronActions.id('page', unit.unit), `About ${name}`),
        button(huntActions.id('end', number), 'End it now'),
      ]),
    ],
    data: { unit: unit.unit, ends: new Date(record.ends).toISOString() },
  })
}

async function mustHunt(context: Context): Promise<Hunt> {
  const { store, now } = context.services
  const found = await lastHunt(store, context.place, now().getTime())
  if (found) return found
  throw new UserError('not-found', 'There is no hunt in this channel; /hunt start starts one.')
}

async function enter(context: Context<EnteredData>, picture: PictureSource): Promise<void> {
  const { services, place, person } = context
  const { store, now, catalogue } = services
  const hunt = await mustHunt(context)
  const over = new UserError('closed', 'The hunt in this channel is over; /hunt board shows who won.')
  if (hunt.ended !== undefined) throw over
  const name = nameOfUnit(catalogue, hunt.unit)
  context.progress({ text: 'Measuring how strongly it fires' })
  const bytes = await picture.read(context.signal)
  const { fired, posted } = await judge(context, hunt.unit, bytes)
  if (fired.asPosted === 0) return miss(context, hunt, posted)
  const at = now().getTime()
  if ((await lastHunt(store, place, at))?.ended !== undefined) throw over
  // The same picture of the same person is the same entry: sent again after a crash, it is not there twice.
  const id = idOf(hunt, hashOf(person.id, bytes))
  const jpeg = await sharp(await packPreview(posted.preview))
    .resize(thumbnail, thumbnail, { fit: 'inside' })
    .jpeg()
    .toBuffer()
  const kept = { person: person.id, jpeg, spoiler: picture.spoiler ?? false }
  await store.set(huntPicture, place, id, kept, hunt.ends - at + picturesKeptMs)
  await store.insertIfAbsent(huntEntry, place, id, { player: person.id, name: person.name, at, fired })
  const of = huntClass(fired)
  const standings = await standingsOf(services, hunt)
  const mine = standings[of].find(({ entry }) => entry.player === person.id)
  const better =
    mine && mine.entry.id !== id[2]
      ? ` Your better entry, ${inSigma(mine.entry.fired.asPosted)}, still counts.`
      : ''
  const read =
    of === 'read' ? ` It was **read, not seen**: only ${inSigma(fired.mirrored)} is left in a mirror.` : ''
  await context.reply({
    elements: [
      text(
        `${plain(person.name)}: **${inSigma(fired.asPosted)}** for ${plain(name)}, place ${mine?.place} of ${standings[of].length}.${read}${better}`,
      ),
      note(plain(`${catalogue.modelTitle}, unit ${hunt.unit} · ${classNames[of]}`)),
      buttons([button(huntActions.id('board', hunt.number), 'Board')]),
    ],
    data: { class: of, ...fired, place: mine?.place },
  })
}

/** A picture that does not fire the neuron, nor any part of it: what it was taken for, and what it fires instead. */
async function miss(context: Context<EnteredData>, hunt: Hunt, posted: Analysis): Promise<void> {
  const { engine, catalogue, store } = context.services
  const name = plain(nameOfUnit(catalogue, hunt.unit))
  const { sensitive } = await settingsOf(store, context.place)
  const { scores } = await engine.classify(
    posted.preview,
    catalogue.labels,
    waiting(context, 'Looking again'),
  )
  const [take] = takesOf(scores, sensitive, 1)
  const [nearest] = topFirings(posted.strengths, catalogue, { limit: 1, sensitive })
  const instead = nearest
    ? ` What fires most is **${plain(unitName(nearest))}** (${inSigma(nearest.sigma)}).`
    : ''
  const taken = take ? ` It takes your picture for **${plain(writtenName(take.label))}**.` : ''
  await context.reply({
    elements: [
      text(
        `Not yet: ${name} stays silent, wherever I look in it.${taken}${instead} Try one with the thing larger, or a plain drawing of it; this one is not entered.`,
      ),
      note(plain(`${catalogue.modelTitle}, unit ${hunt.unit}`)),
    ],
  })
}

async function board(context: Context<HuntBoardData>): Promise<void> {
  const hunt = await mustHunt(context)
  const standings = await standingsOf(context.services, hunt)
  await context.reply(await boardFor(context.services, hunt, standings, context.theme))
}

/** The end is announced by the next minute's `endDueHunts`. */
async function end(context: Context): Promise<void> {
  const { services, place } = context
  const hunt = await mustHunt(context)
  mustManage(context, hunt.opener)
  if (hunt.ended !== undefined) throw new UserError('closed', 'This hunt is over.')
  await services.store.insertIfAbsent(huntEnd, place, idOf(hunt), { at: services.now().getTime() })
  await context.reply({
    elements: [text('The hunt is over; I’ll announce the winners within a minute.')],
  })
}
