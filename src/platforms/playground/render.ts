import { spans, type Span } from '../../chat/markup.ts'
import type { Bar, Element, Picture, Reply } from '../../chat/reply.ts'
import type { Translate } from '../../language.ts'
import { shortened } from '../../text.ts'
import type { FileRef, PageElement, PageSpan } from './message.ts'

const maxElements = 40
const maxTextLength = 4_000
const maxAltLength = 1_000
const maxLabelLength = 80
const maxPictures = 12
const maxFields = 40
const maxBars = 40
const maxColumns = 8
const maxRows = 50
const maxButtons = 25
const maxChoices = 100

/** A file that is sent with a message. */
export interface StoredFile {
  readonly ref: FileRef
  readonly bytes: Uint8Array
}

export interface Rendered {
  readonly elements: PageElement[]
  readonly files: StoredFile[]
}

/**
 * A reply as the page draws it. Pure: the ids of its files come from `newId`. What is over a limit is cut
 * with "…" or left out with a note that says how much.
 */
export function render(reply: Reply, newId: () => string, t: Translate): Rendered {
  const files: StoredFile[] = []
  const keep = (ref: Omit<FileRef, 'id' | 'size'>, bytes: Uint8Array): FileRef => {
    const file = { ref: { ...ref, id: newId(), size: bytes.length }, bytes }
    files.push(file)
    return file.ref
  }
  const elements: PageElement[] = []
  if (reply.pingRole !== undefined)
    elements.push({ kind: 'text', spans: [{ text: `@${reply.pingRole}`, style: 'bold' }] })
  for (const element of reply.elements.slice(0, maxElements)) elements.push(...rendered(element, keep, t))
  elements.push(...leftOut(reply.elements.length, maxElements, t))
  return { elements, files }
}

/** A picture by itself, for progress. */
export function renderPicture(picture: Picture, id: string): StoredFile {
  const ref = { id, ...refOf(picture), size: picture.bytes.length }
  return { ref, bytes: picture.bytes }
}

export const renderBars = (bars: readonly Bar[]) =>
  bars.slice(0, maxBars).map(({ label, share, value, highlighted = false }) => ({
    label: text(label),
    value: text(value),
    share: Math.min(1, Math.max(0, share)),
    highlighted,
  }))

type Keep = (ref: Omit<FileRef, 'id' | 'size'>, bytes: Uint8Array) => FileRef

function rendered(element: Element, keep: Keep, t: Translate): PageElement[] {
  const keepPicture = (picture: Picture): FileRef => {
    const ref = refOf(picture)
    const dark = picture.dark && keep(ref, picture.dark)
    return keep(dark ? { ...ref, dark } : ref, picture.bytes)
  }
  switch (element.kind) {
    case 'heading':
    case 'text':
    case 'note':
      return [{ kind: element.kind, spans: text(element.text) }]
    case 'picture': {
      const tap = element.tap === undefined ? {} : { tap: element.tap }
      return [{ kind: 'picture', picture: keepPicture(element.picture), ...tap }]
    }
    case 'gallery':
      return [
        { kind: 'gallery', pictures: element.pictures.slice(0, maxPictures).map(keepPicture) },
        ...leftOut(element.pictures.length, maxPictures, t),
      ]
    case 'fields': {
      const fields = element.fields.slice(0, maxFields)
      return [
        {
          kind: 'fields',
          fields: fields.map(({ name, value }) => ({ name: text(name), value: text(value) })),
        },
        ...leftOut(element.fields.length, maxFields, t),
      ]
    }
    case 'bars': {
      const bars = renderBars(element.bars)
      const title = element.title === undefined ? {} : { title: text(element.title) }
      return [{ kind: 'bars', ...title, bars }, ...leftOut(element.bars.length, maxBars, t)]
    }
    case 'table': {
      const cells = (row: readonly string[]): PageSpan[][] => row.slice(0, maxColumns).map(text)
      const rows = element.rows.slice(0, maxRows).map(cells)
      return [
        { kind: 'table', columns: cells(element.columns), rows },
        ...leftOut(element.rows.length, maxRows, t),
      ]
    }
    case 'buttons': {
      const buttons = element.buttons.slice(0, maxButtons)
      return [
        {
          kind: 'buttons',
          buttons: buttons.map(({ id, sketch = id, label, style = 'secondary', disabled = false, area }) => {
            return {
              id: sketch,
              label: shortened(label, maxLabelLength),
              style,
              disabled,
              ...(area && { area }),
            }
          }),
        },
        ...leftOut(element.buttons.length, maxButtons, t),
      ]
    }
    case 'select': {
      const choices = element.choices.slice(0, maxChoices).map(({ value, label }) => {
        return { value, label: shortened(label, maxLabelLength) }
      })
      return [
        {
          kind: 'select',
          id: element.id,
          placeholder: shortened(element.placeholder, maxLabelLength),
          choices,
        },
        ...leftOut(element.choices.length, maxChoices, t),
      ]
    }
    case 'file': {
      const { name, mimeType, bytes } = element
      return [{ kind: 'file', file: keep({ name, mimeType, alt: '' }, bytes) }]
    }
  }
}

const refOf = ({ name, mimeType, alt }: Picture): Omit<FileRef, 'id' | 'size'> => ({
  name,
  mimeType,
  alt: shortened(alt, maxAltLength),
})

/** Cut after the markup is parsed: a mark whose end was cut off would show. */
function text(markup: string): Span[] {
  let left = maxTextLength
  return spans(markup).flatMap((span) => {
    if (left <= 0) return []
    const cut = { ...span, text: shortened(span.text, left) }
    left -= span.text.length
    return [cut]
  })
}

function leftOut(count: number, most: number, t: Translate): PageElement[] {
  if (count <= most) return []
  const sentence = t('platform.playground.more', { count: count - most })
  return [{ kind: 'note', spans: [{ text: sentence, style: 'plain' }] }]
}
