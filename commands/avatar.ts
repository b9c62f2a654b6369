import { file, heading, note, picture, text } from '../src/chat/elements.ts'
import { z } from 'zod'
import type { Context } from '../src/chat/context.ts'
import { defineCommand } from '../src/chat/define.ts'
import { plain } from '../src/chat/markup.ts'
import { isTheirs, personal } from '../src/chat/personal.ts'
import { waiting } from '../src/chat/waiting.ts'
import { percent } from '../src/chat/words.ts'
import type { Translate } from '../src/language.ts'
import { UserError } from '../src/errors.ts'
import { avatarDirection, avatarSeed, type Weighted } from '../src/games/avatar.ts'
import { sharpOf } from '../src/pictures/raw.ts'
import type { RecordKind } from '../src/store/store.ts'
import { faceUnits, moods, type Mood } from './avatar/faces.ts'
import { faceSketch } from './avatar/sketch.ts'
import { nameOfUnit } from './neuron/look-up.ts'

/** The size platforms ask for in a profile picture. */
const side = 512
/** Always all of them, however busy the machine: fewer would make a different picture. */
const steps = 256
/** Portraits grow from a drawn face; those kept from before that did not, and are drawn again. */
const grown = 'face'
/** A pack whose portraits the model calls a face less often than this says so. */
const oftenFace = 0.75

/** A portrait that was drawn, under [person, model, mood, how]: it is always the same, so it need not be drawn again. */
export const avatarRecord = {
  name: 'avatar',
  version: 1,
  schema: z.object({
    person: z.string(),
    png: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    seconds: z.number(),
  }),
} satisfies RecordKind<{ person: string; png: Uint8Array; seconds: number }>

/** For programs. */
export interface AvatarData {
  readonly model: string
  readonly mood: Mood | undefined
  /** The units that drew it, strongest first; the squares of the weights add up to 1. */
  readonly direction: readonly { readonly unit: number; readonly name: string; readonly weight: number }[]
}

/**
 * A portrait: a simple face drawn by the person's id, which the face and emotion units paint over, in a mixture that
 * belongs only to that person.
 */
export const avatar = defineCommand({
  name: 'avatar',
  called: (t) => t('avatar.name'),
  description: (t) => t('avatar.description'),
  options: {
    mood: {
      type: 'choice',
      called: (t) => t('avatar.mood.name'),
      description: (t) => t('avatar.mood.description'),
      choices: moods.map((value) => ({ value, label: (t: Translate) => t(`avatar.mood.${value}`) })),
    },
  },
  personal: [personal(avatarRecord, (t) => t('avatar.kept'), isTheirs)],
  async run(context: Context<AvatarData>, { mood }) {
    const { services, t } = context
    const { catalogue, gallery } = services
    const units = faceUnits(catalogue)
    if (units.length === 0)
      throw new UserError('not-found', 'avatar.noFaces', { values: { model: catalogue.modelTitle } })
    if (mood && !units.some((unit) => unit.mood === mood))
      throw new UserError('not-found', 'avatar.noMood', {
        values: { model: catalogue.modelTitle, mood: { key: `avatar.mood.${mood}` } },
      })
    const id = `${context.platform}:${context.person.id}`
    const direction = avatarDirection(id, units, mood)
    const { png, seconds } = await portrait(context, direction, avatarSeed(id), mood)
    const names = direction.map(({ unit, weight }) => {
      const name = nameOfUnit(catalogue, unit, t)
      return { unit, name, weight }
    })
    const { faces } = gallery
    const { name } = context.person
    const inMood = mood && { name, mood: t(`avatar.mood.${mood}`) }
    const neurons = names.map((each) => t('avatar.quoted', { name: each.name })).join(', ')
    await context.reply({
      elements: [
        heading(plain(inMood ? t('avatar.title', inMood) : name)),
        picture({
          bytes: png,
          mimeType: 'image/png',
          name: 'portrait.png',
          alt: inMood ? t('avatar.altInMood', { ...inMood, neurons }) : t('avatar.alt', { name, neurons }),
        }),
        text(
          t('avatar.drawn', {
            neurons: names
              .map(({ name, weight }) =>
                t('avatar.weighted', { name: plain(name), share: percent(weight ** 2, t) }),
              )
              .join(', '),
          }),
        ),
        ...(faces && faces.seen / faces.judged < oftenFace
          ? [text(plain(t('avatar.rarelyFace', { model: catalogue.modelTitle, ...faces })))]
          : []),
        note(
          plain(
            t('avatar.source', {
              model: catalogue.modelTitle,
              units: names.map(({ unit }) => unit).join(', '),
              steps,
              seconds: seconds.toFixed(0),
              side,
            }),
          ),
        ),
        file({ name: 'portrait.png', mimeType: 'image/png', bytes: png }),
      ],
      data: { model: catalogue.modelId, mood, direction: names },
    })
  },
})

async function portrait(
  context: Context,
  direction: readonly Weighted[],
  seed: number,
  mood: Mood | undefined,
): Promise<{ png: Uint8Array; seconds: number }> {
  const { services, place, person } = context
  const { engine, store, catalogue } = services
  const key = [person.id, catalogue.modelId, mood ?? '', grown]
  const kept = await store.get(avatarRecord, place, key)
  if (kept) return kept
  const text = context.t('avatar.drawing')
  context.progress({ text })
  const { picture, seconds } = await engine.visualize(
    { direction, seed, steps, sketch: faceSketch(seed, mood) },
    {
      ...waiting(context, text),
      onProgress: ({ step, steps }) => context.progress({ text, fraction: step / steps }),
    },
  )
  const png = await sharpOf(picture).resize(side, side, { kernel: 'cubic' }).png().toBuffer()
  await store.set(avatarRecord, place, key, { person: person.id, png, seconds })
  return { png, seconds }
}
