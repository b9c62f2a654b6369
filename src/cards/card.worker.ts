import { answer } from '../threads/answer.ts'
import type { Card } from './card.ts'
import { drawings, type DrawingData, type DrawingName } from './index.ts'

/** Runs on a thread of the pool in draw.ts. */
export const draw = ({ name, data }: { name: DrawingName; data: DrawingData<DrawingName> }) =>
  answer(async (): Promise<unknown> => {
    const drawing = drawings[name] as (data: object) => unknown
    if (!('theme' in data) || data.theme !== 'both') return drawing(data)
    // Every drawing that has a theme is a card.
    const light = (await drawing({ ...data, theme: 'light' })) as Card
    const dark = (await drawing({ ...data, theme: 'dark' })) as Card
    return { ...light, dark: dark.bytes } satisfies Card
  })
