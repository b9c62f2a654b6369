import { z } from 'zod'
import type { RecordKind } from '../../store/store.ts'

const span = z.object({
  text: z.string(),
  style: z.enum(['plain', 'bold', 'italic', 'code']),
  /** The moment that the text names, in epoch milliseconds. */
  at: z.number().exactOptional(),
})
const spans = z.array(span)

/** A stored file as the page sees it: its bytes are at /files/<id>. */
const oneFile = z.object({
  id: z.string(),
  name: z.string(),
  mimeType: z.string(),
  size: z.number(),
  /** Empty for anything but pictures. */
  alt: z.string(),
})
const fileRef = oneFile.extend({
  /** The same picture for the dark theme. */
  dark: oneFile.optional(),
})

/** Reply elements as the page draws them: markup parsed into spans, pictures by file. See render.ts. */
const pageElement = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['heading', 'text', 'note']), spans }),
  z.object({
    kind: z.literal('picture'),
    picture: fileRef,
    /** The action that a press on a point of it triggers. */
    tap: z.string().optional(),
  }),
  z.object({ kind: z.literal('gallery'), pictures: z.array(fileRef) }),
  z.object({ kind: z.literal('fields'), fields: z.array(z.object({ name: spans, value: spans })) }),
  z.object({
    kind: z.literal('bars'),
    title: spans.optional(),
    bars: z.array(z.object({ label: spans, value: spans, share: z.number(), highlighted: z.boolean() })),
  }),
  z.object({ kind: z.literal('table'), columns: z.array(spans), rows: z.array(z.array(spans)) }),
  z.object({
    kind: z.literal('buttons'),
    buttons: z.array(
      z.object({
        id: z.string(),
        label: z.string(),
        style: z.enum(['primary', 'secondary', 'danger']),
        disabled: z.boolean(),
        /** The strip of the picture before it that is this button. */
        area: z.object({ top: z.number(), height: z.number() }).optional(),
      }),
    ),
  }),
  z.object({
    kind: z.literal('select'),
    id: z.string(),
    placeholder: z.string(),
    choices: z.array(z.object({ value: z.string(), label: z.string() })),
  }),
  z.object({ kind: z.literal('file'), file: fileRef }),
])

/** What a person typed, kept so that it can be shown and tried again. */
const typedCommand = z.object({
  path: z.array(z.string()),
  options: z.array(z.object({ name: z.string(), value: z.string().optional(), file: fileRef.optional() })),
})

const message = z.object({
  /** Sorts by time; see `History.newId`. */
  id: z.string(),
  channel: z.string(),
  author: z.object({ id: z.string(), name: z.string(), bot: z.boolean() }),
  /** The only person who sees it. */
  onlyFor: z.string().optional(),
  /** Epoch milliseconds after which it is forgotten. */
  until: z.number().optional(),
  /** The message that this one answers. */
  answerTo: z.string().optional(),
  /** A person's own words, as they were typed. */
  text: z.string().optional(),
  files: z.array(fileRef).optional(),
  command: typedCommand.optional(),
  /** The command has not been answered yet. */
  running: z.boolean().optional(),
  /** The sentence with which the command was refused. */
  refusal: z.string().optional(),
  /** A bot's answer. */
  elements: z.array(pageElement).optional(),
  edited: z.boolean().optional(),
  /** Identifies an unprompted post, so that it is not made twice. */
  key: z.string().optional(),
})

export type PageSpan = z.infer<typeof span>
export type FileRef = z.infer<typeof fileRef>
export type PageElement = z.infer<typeof pageElement>
export type PageBar = Extract<PageElement, { kind: 'bars' }>['bars'][number]
export type Message = z.infer<typeof message>

/** What a message shows while something long is running; never stored. */
export interface PageProgress {
  readonly text: string
  readonly fraction?: number
  readonly picture?: FileRef
}

/** A message as it is sent to the page. */
export type PageMessage = Message & { readonly progress?: PageProgress }

export const messageKind = {
  name: 'playground-message',
  version: 2,
  lives: 'while it is among the newest 200 of its channel; a day if only one person sees it',
  schema: message,
  // Texts could not name moments yet.
  migrate: { 1: (value) => value },
} satisfies RecordKind<Message>

/** The playground is one community. */
export const scope = { platform: 'playground', community: 'playground' } as const

/** Every file that a message shows or offers. */
export function filesOf({ files = [], command, elements = [] }: Message): FileRef[] {
  const shown = [
    ...files,
    ...(command?.options ?? []).flatMap(({ file }) => file ?? []),
    ...elements.flatMap((element) => {
      if (element.kind === 'picture') return element.picture
      if (element.kind === 'gallery') return element.pictures
      return element.kind === 'file' ? element.file : []
    }),
  ]
  return shown.flatMap((file) => (file.dark ? [file, file.dark] : file))
}

/** A share from 0 to 1, in the form in which the page sends it. */
const share = /^(0(\.\d{1,6})?|1)$/

/** Whether the message really has a button, select or picture with this id that allows this choice. */
export function offers({ elements = [] }: Message, id: string, chosen: readonly string[]): boolean {
  return elements.some((element) => {
    if (element.kind === 'picture')
      return element.tap === id && chosen.length === 2 && chosen.every((value) => share.test(value))
    if (element.kind === 'buttons')
      return element.buttons.some((button) => button.id === id && !button.disabled)
    if (element.kind !== 'select' || element.id !== id) return false
    return chosen.length > 0 && chosen.every((value) => element.choices.some((each) => each.value === value))
  })
}
