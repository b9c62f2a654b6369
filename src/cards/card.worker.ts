import { translator, type Translate } from '../language.ts'
import { answer } from '../threads/answer.ts'
import type { Card } from './card.ts'
import { drawings, type DrawingData, type DrawingName } from './index.ts'

/** Runs on a thread of the pool in draw.ts. */
export const draw = ({ name, data }: { name: DrawingName; data: DrawingData<DrawingName> }) =>
  answer(async (): Promise<unknown> => {
    const drawing = drawings[name] as (data: object, t?: Translate) => unknown
    if (!('theme' in data)) return drawing(data)
    // Every drawing that has a theme is a card.
    const t = translator(data.language)
    if (data.theme !== 'both') return drawing(data, t)
    const light = (await drawing({ ...data, theme: 'light' }, t)) as Card
    const dark = (await drawing({ ...data, theme: 'dark' }, t)) as Card
    return { ...light, dark: dark.bytes } satisfies Card
  })
