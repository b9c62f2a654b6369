import type { Card } from '../cards/card.ts'
import type { Bar, Button, Element, Picture } from './reply.ts'

/** The pieces of a reply, each by a word of its own; reply.ts says what they mean. */

export const heading = (text: string): Element => ({ kind: 'heading', text })

export const text = (text: string): Element => ({ kind: 'text', text })

/** Small print: model, unit number, whose label. */
export const note = (text: string): Element => ({ kind: 'note', text })

type PictureElement = Extract<Element, { kind: 'picture' }>

/** @param more `instead`: what says the same if no picture can be shown; `tap`: the id that a point of it presses */
export const picture = (picture: Picture, more: Pick<PictureElement, 'instead' | 'tap'> = {}): Element => ({
  kind: 'picture',
  picture,
  ...more,
})

export const gallery = (pictures: readonly Picture[]): Element => ({ kind: 'gallery', pictures })

export const fields = (fields: readonly { readonly name: string; readonly value: string }[]): Element => ({
  kind: 'fields',
  fields,
})

export const bars = (bars: readonly Bar[], title?: string): Element => ({
  kind: 'bars',
  bars,
  ...(title !== undefined && { title }),
})

export const table = (columns: readonly string[], rows: readonly (readonly string[])[]): Element => ({
  kind: 'table',
  columns,
  rows,
})

/** A row of buttons. */
export const buttons = (buttons: readonly Button[]): Element => ({ kind: 'buttons', buttons })

/** @param id of an action: `huntActions.id('board', 3)` */
export const button = (id: string, label: string, more: Omit<Button, 'id' | 'label'> = {}): Button => ({
  id,
  label,
  ...more,
})

/** A menu to choose from; what is chosen follows the arguments of the id. */
export const select = (
  id: string,
  placeholder: string,
  choices: readonly { readonly value: string; readonly label: string }[],
): Element => ({ kind: 'select', id, placeholder, choices })

/** A file to download. */
export const file = (file: Omit<Extract<Element, { kind: 'file' }>, 'kind'>): Element => ({
  kind: 'file',
  ...file,
})

/** A card as a picture of a reply, its ending that of its type. */
export const cardPicture = (card: Card, name: string, spoiler = false): Picture => ({
  ...card,
  name: `${name}.${card.mimeType.split('/')[1]}`,
  spoiler,
})
