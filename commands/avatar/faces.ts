import type { AvatarUnit } from '../../src/games/avatar.ts'
import type { Catalogue, Unit } from '../../src/neurons/catalogue.ts'

/** Moods, and the words in a unit's name or family that give one away; the first that fits counts. */
const moodWords = {
  happy: /\b(joy|happy|happiness|grinning|grin|smil\w+|laugh\w*|love|hearts?|star-struck|kiss)\b/,
  sad: /\b(sad|sadness|cry\w*|tears?|pensive|disappointed|grief)\b/,
  angry: /\b(angry|anger|rage|furious|pouting|evil)\b/,
  afraid: /\b(afraid|fear\w*|scream\w*|anguished|shock\w*|surprise\w*|astonished)\b/,
  sleepy: /\b(sleep\w*|yawn\w*|tired|drowsy)\b/,
  silly: /\b(tongue|zany|silly|wink\w*|clown|peeking)\b/,
} as const
export type Mood = keyof typeof moodWords
export const moods = Object.keys(moodWords) as readonly Mood[]

/** Not "emotion-study", in which the paper's authors collected everything they looked at: exit signs, sandwiches. */
const face = /(?<![\w-])(faces?|head|portrait|emotions?|anger)(?![\w-])/
/** Faces of animals and things, and parts that drew no face when looked at: a portrait should be a person's or a smiley's. */
const otherFaces =
  /\b(cat|dog|monkey|dragon|clock|moon|sun|cow|horse|pig|mouse|rabbit|tiger|cougar|lion|wolf|fox|bear|panda|crocodile|powder|mask|vomiting|sick|exhaling|clouds|shaking)\b/

/** The pack's units for faces and emotions, by their names and families, each with the mood it draws. */
export const faceUnits = ({ units }: Catalogue): AvatarUnit[] =>
  units.filter(isFace).map((unit) => {
    const text = textOf(unit)
    const mood = moods.find((each) => moodWords[each].test(text))
    return { unit: unit.unit, ...(mood && { mood }) }
  })

const textOf = ({ name, family = '' }: Unit): string => `${name} ${family}`.toLowerCase()

function isFace(unit: Unit): boolean {
  const text = textOf(unit)
  if (unit.sensitive || unit.certainty === 'unsure') return false
  const name = unit.name.toLowerCase()
  const studied = unit.family === 'emotion-study' && moods.some((mood) => moodWords[mood].test(name))
  return (face.test(text) || studied || Object.hasOwn(moodWords, name)) && !otherFaces.test(text)
}
