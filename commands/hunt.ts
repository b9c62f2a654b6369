import { button, buttons, heading, note, picture, text } from '../src/chat/elements.ts'
import { settingsOf } from '../src/chat/community.ts'
import type { ActionContext, Context } from '../src/chat/context.ts'
import { defineCommand, subcommand } from '../src/chat/define.ts'
import { plain } from '../src/chat/markup.ts'
import { isTheirs, personal } from '../src/chat/personal.ts'
import { duration } from '../src/chat/words.ts'
import { UserError } from '../src/errors.ts'
import { parseEnds } from '../src/games/ends.ts'
import { idOf, mustManage } from './contest/contest.ts'
import { huntActions } from './hunt/actions.ts'
import { boardFor, type HuntBoardData, standingsOf } from './hunt/board.ts'
import { enter, type EnteredData, mustHunt } from './hunt/enter.ts'
import { endDueHunts } from './hunt/end.ts'
import { huntEnd, huntEntry, huntPicture, huntRecord, lastHunt, type Hunt } from './hunt/records.ts'
import { neuronActions } from './neuron/actions.ts'
import { completions, nameOfUnit, unitByText, unitName } from './neuron/look-up.ts'

const usualLength = '1 day'

/** For programs. */
interface StartedData {
  readonly unit: number
  /** ISO 8601. */
  readonly ends: string
}

/** Who posts the picture that fires this neuron most? */
export const hunt = defineCommand({
  name: 'hunt',
  called: (t) => t('hunt.name'),
  description: (t) => t('hunt.description'),
  subcommands: {
    start: subcommand({
      description: (t) => t('hunt.start.description'),
      options: {
        neuron: {
          type: 'text',
          called: (t) => t('hunt.neuron.name'),
          description: (t) => t('hunt.neuron.description'),
          required: true,
          maxLength: 80,
          complete: completions,
        },
        ends: {
          type: 'text',
          called: (t) => t('hunt.ends.name'),
          description: (t) => t('hunt.ends.description'),
        },
      },
      run: (context: Context<StartedData>, { neuron, ends }) => start(context, neuron, ends),
    }),
    enter: subcommand({
      description: (t) => t('hunt.enter.description'),
      options: {
        picture: {
          type: 'picture',
          called: (t) => t('hunt.picture.name'),
          description: (t) => t('hunt.picture.description'),
          required: true,
        },
      },
      run: (context: Context<EnteredData>, { picture }) => enter(context, picture),
    }),
    board: subcommand({ description: (t) => t('hunt.board.description'), run: board }),
  },
  everyMinute: [endDueHunts],
  personal: [
    personal(
      huntRecord,
      (t) => t('hunt.kept.hunts'),
      ({ opener }, id) => opener?.id === id,
      ({ opener: _opener, ...rest }) => rest,
    ),
    personal(huntPicture, (t) => t('hunt.kept.pictures'), isTheirs),
    personal(
      huntEntry,
      (t) => t('hunt.kept.entries'),
      ({ player }, id) => player === id,
    ),
  ],
  scores: true,
  actions: huntActions.answeredBy({
    board: { answers: 'person', run: (context: ActionContext<HuntBoardData>) => board(context) },
    end: { answers: 'channel', run: end },
  }),
})

async function start(context: Context<StartedData>, neuron: string, ends: string | undefined): Promise<void> {
  const { services, place, person, t } = context
  const { store, catalogue, gallery, now } = services
  const unit = unitByText(catalogue, await settingsOf(store, place), neuron)
  const opened = now().getTime()
  const last = await lastHunt(store, place, opened)
  const goesOn = (running: Hunt) =>
    new UserError('closed', 'hunt.running', {
      values: { name: nameOfUnit(catalogue, running.unit, context.translators.person) },
    })
  if (last && last.ended === undefined) throw goesOn(last)
  const number = (last?.number ?? 0) + 1
  const record = {
    unit: unit.unit,
    opener: { id: person.id, name: person.name },
    opened,
    ends: parseEnds(ends ?? usualLength, opened, context.timeZone ?? 'UTC'),
  }
  if (!(await store.insertIfAbsent(huntRecord, place, idOf({ place, number }), record)))
    throw goesOn((await lastHunt(store, place, opened))!)
  const name = unitName(unit, t)
  const look = await gallery.thumbnail(unit.unit, undefined, 'png')
  await context.reply({
    elements: [
      heading(t('hunt.title', { name: plain(name) })),
      text(t('hunt.begun', { duration: duration(record.ends - opened, t) })),
      ...(look
        ? [
            picture({
              bytes: look,
              mimeType: 'image/png' as const,
              name: 'neuron.png',
              alt: t('hunt.look', { name }),
            }),
          ]
        : []),
      note(plain(t('hunt.unit', { model: catalogue.modelTitle, unit: unit.unit }))),
      buttons([
        button(huntActions.id('board', number), t('hunt.toBoard')),
        button(neuronActions.id('page', unit.unit), t('hunt.about', { name })),
        button(huntActions.id('end', number), t('hunt.end')),
      ]),
    ],
    data: { unit: unit.unit, ends: new Date(record.ends).toISOString() },
  })
}

async function board(context: Context<HuntBoardData>): Promise<void> {
  const hunt = await mustHunt(context)
  const standings = await standingsOf(context.services, hunt)
  await context.reply(await boardFor(context.services, hunt, standings, context.theme, context.t))
}

/** The end is announced by the next minute's `endDueHunts`. */
async function end(context: Context): Promise<void> {
  const { services, place } = context
  const hunt = await mustHunt(context)
  mustManage(context, hunt.opener)
  if (hunt.ended !== undefined) throw new UserError('closed', 'hunt.overAlready')
  await services.store.insertIfAbsent(huntEnd, place, idOf(hunt), { at: services.now().getTime() })
  await context.reply({ elements: [text(context.t('hunt.ending'))] })
}
