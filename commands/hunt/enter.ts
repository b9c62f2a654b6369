import sharp from 'sharp'
import { button, buttons, note, text } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { PictureSource } from '../../src/chat/options.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { inSigma } from '../../src/chat/words.ts'
import { UserError } from '../../src/errors.ts'
import { type Fired, type HuntClass, huntClass } from '../../src/games/hunt/standings.ts'
import type { Analysis } from '../../src/jobs/engine.ts'
import { topFirings } from '../../src/neurons/firing.ts'
import { writtenName } from '../../src/neurons/written-name.ts'
import { packPreview } from '../../src/pictures/preview.ts'
import { idOf } from '../contest/contest.ts'
import { hashOf } from '../hash-of.ts'
import { nameOfUnit, unitName } from '../neuron/look-up.ts'
import { takesOf } from '../neurons/takes.ts'
import { huntActions } from './actions.ts'
import { standingsOf } from './board.ts'
import { judge } from './judge.ts'
import { huntEntry, huntPicture, lastHunt, type Hunt } from './records.ts'

/** The board can be looked at for some weeks after the end. */
const picturesKeptMs = 30 * 24 * 60 * 60_000
const thumbnail = 192

/** For programs: strengths in sigma from zero. */
export interface EnteredData extends Fired {
  readonly class: HuntClass
  readonly place: number
}

/** The channel's latest hunt, even if it is over. @throws UserError 'not-found' if there is none */
export async function mustHunt(context: Context): Promise<Hunt> {
  const { store, now } = context.services
  const found = await lastHunt(store, context.place, now().getTime())
  if (found) return found
  throw new UserError('not-found', 'hunt.none')
}

/** Measures a picture and enters it; one that does not fire the neuron is not entered. */
export async function enter(context: Context<EnteredData>, picture: PictureSource): Promise<void> {
  const { services, place, person, t } = context
  const { store, now, catalogue } = services
  const hunt = await mustHunt(context)
  const over = new UserError('closed', 'hunt.over')
  if (hunt.ended !== undefined) throw over
  const name = nameOfUnit(catalogue, hunt.unit, t)
  context.progress({ text: t('hunt.measuring') })
  const bytes = await picture.read(context.signal)
  const { fired, posted } = await judge(context, hunt.unit, bytes)
  if (fired.asPosted === 0) return miss(context, hunt, posted)
  const at = now().getTime()
  if ((await lastHunt(store, place, at))?.ended !== undefined) throw over
  // The same picture from the same person is the same entry: sent again after a crash, it is not there twice.
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
  const mine = standings[of].find(({ entry }) => entry.player === person.id)!
  const sentences = [
    t('hunt.entered', {
      player: plain(person.name),
      strength: inSigma(fired.asPosted, false, t),
      name: plain(name),
      place: mine.place,
      all: standings[of].length,
    }),
    ...(of === 'read' ? [t('hunt.read', { strength: inSigma(fired.mirrored, false, t) })] : []),
    ...(mine.entry.id === id[2]
      ? []
      : [t('hunt.better', { strength: inSigma(mine.entry.fired.asPosted, false, t) })]),
  ]
  await context.reply({
    elements: [
      text(sentences.join(' ')),
      note(
        plain(
          t('hunt.unitAndClass', {
            model: catalogue.modelTitle,
            unit: hunt.unit,
            class: t(`hunt.class.${of}`),
          }),
        ),
      ),
      buttons([button(huntActions.id('board', hunt.number), t('hunt.toBoard'))]),
    ],
    data: { class: of, ...fired, place: mine.place },
  })
}

/** A picture that does not fire the neuron, nor any part of it: what it was taken for, and what it fires instead. */
async function miss(context: Context<EnteredData>, hunt: Hunt, posted: Analysis): Promise<void> {
  const { services, t } = context
  const { engine, catalogue, store } = services
  const name = plain(nameOfUnit(catalogue, hunt.unit, t))
  const { sensitive } = await settingsOf(store, context.place)
  const { scores } = await engine.classify(
    posted.preview,
    catalogue.labels,
    waiting(context, t('hunt.miss.lookingAgain')),
  )
  const [take] = takesOf(scores, sensitive, 1)
  const [nearest] = topFirings(posted.strengths, catalogue, { limit: 1, sensitive })
  const sentences = [
    t('hunt.miss.silent', { name }),
    ...(take ? [t('hunt.miss.taken', { label: plain(writtenName(take.label)) })] : []),
    ...(nearest
      ? [
          t('hunt.miss.instead', {
            name: plain(unitName(nearest, t)),
            strength: inSigma(nearest.sigma, false, t),
          }),
        ]
      : []),
    t('hunt.miss.advice'),
  ]
  await context.reply({
    elements: [
      text(sentences.join(' ')),
      note(plain(t('hunt.unit', { model: catalogue.modelTitle, unit: hunt.unit }))),
    ],
  })
}
