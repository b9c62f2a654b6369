import { readFileSync } from 'node:fs'
import { limits } from '../../../src/platforms/slack/limits.ts'

/** The limits that Slack publishes, if the file is at hand; our own constants otherwise. */
interface Published {
  readonly [name: string]: { readonly max_length?: number; readonly max_items?: number } | Published
}

const publishedPath = new URL('../../../../shared/data/slack-block-limits.json', import.meta.url)

function readPublished(): Published | undefined {
  try {
    return JSON.parse(readFileSync(publishedPath, 'utf8')) as Published
  } catch {
    return undefined
  }
}

const published = readPublished()

/** Why we could only check against our own constants, or undefined. */
export const publishedIsMissing = published ? undefined : 'the published limits are not at hand'

/** What the published file says about our constants: `[name, theirs, ours]` wherever they differ. */
export function differences(): [string, unknown, number][] {
  const theirs: Record<string, [string, string, string?]> = {
    header: ['header', 'text', 'max_length'],
    text: ['section', 'text', 'max_length'],
    altText: ['image', 'alt_text', 'max_length'],
    fieldsPerSection: ['section', 'fields', 'max_items'],
    fieldText: ['section', 'fields', 'item_max_length'],
    buttonText: ['button', 'text', 'max_length'],
    choices: ['select', 'options', 'max_items'],
    choiceText: ['option', 'text', 'max_length'],
    choiceValue: ['option', 'value', 'max_length'],
    placeholder: ['select', 'placeholder', 'max_length'],
    modalTitle: ['view', 'title', 'max_length'],
    modalSubmit: ['view', 'submit', 'max_length'],
    fieldLabel: ['input', 'label', 'max_length'],
    fieldHint: ['input', 'hint', 'max_length'],
    privateMetadata: ['view', 'private_metadata', 'max_length'],
    viewBlocks: ['view', 'blocks', 'max_items'],
    actionId: ['action_id', 'max_length'],
  }
  const ours: Readonly<Record<string, number>> = limits
  return Object.entries(theirs).flatMap(([name, path]) => {
    const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key!], published)
    return value === ours[name] ? [] : [[name, value, ours[name]!] as [string, unknown, number]]
  })
}

type Json = Readonly<Record<string, unknown>>
type Where = 'message' | 'modal' | 'home'

const blockTypes: Record<Where, readonly string[]> = {
  message: ['header', 'rich_text', 'context', 'image', 'actions', 'section', 'divider'],
  modal: ['input', 'header', 'rich_text', 'context', 'image', 'section', 'divider'],
  home: ['header', 'rich_text', 'context', 'image', 'actions', 'section', 'divider'],
}
/** In all of a message's blocks; beyond it Slack answers msg_blocks_too_long. */
const charactersOfAllBlocks = 13_200

/** What is wrong with blocks: their structure, their limits, duplicate ids. */
export function wrongWithBlocks(blocks: unknown, where: Where): string[] {
  if (!Array.isArray(blocks)) return ['blocks are no list']
  const wrong: string[] = []
  const most = where === 'message' ? limits.blocks : limits.viewBlocks
  // A message without blocks shows its text.
  const least = where === 'message' ? 0 : 1
  if (blocks.length < least || blocks.length > most)
    wrong.push(`${blocks.length} blocks, ${least} to ${most} may be`)
  for (const [index, block] of (blocks as Json[]).entries()) {
    const { type } = block
    if (!blockTypes[where].includes(String(type)))
      wrong.push(`block ${index}: no ${String(type)} in a ${where}`)
    else wrong.push(...wrongWithBlock(block).map((what) => `block ${index} (${String(type)}): ${what}`))
  }
  for (const key of ['action_id', 'block_id']) {
    // In a modal each field has the same action id; their block_ids tell them apart.
    if (key === 'action_id' && where === 'modal') continue
    const ids = valuesOf(blocks, key)
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index)
    if (twice.length > 0) wrong.push(`${key} stands twice: ${[...new Set(twice)].join()}`)
  }
  const characters = valuesOf(blocks, 'text').join('').length
  if (where === 'message' && characters > charactersOfAllBlocks)
    wrong.push(`${characters} characters in all blocks`)
  return wrong
}

function wrongWithBlock(block: Json): string[] {
  switch (block['type']) {
    case 'header':
      return plainText(block['text'], limits.header)
    case 'section':
      return [
        ...anyText(block['text'], limits.text),
        ...unknownKeys(block, ['type', 'text', 'block_id', 'fields', 'accessory']),
      ]
    case 'context':
      return list(block['elements'], 10, (element) =>
        element['type'] === 'image' ? image(element) : anyText(element, limits.contextText),
      )
    case 'image':
      return image(block)
    case 'actions':
      return list(block['elements'], 25, (element) => interactive(element))
    case 'input':
      return [
        ...plainText(block['label'], limits.fieldLabel),
        ...(block['hint'] === undefined ? [] : plainText(block['hint'], limits.fieldHint)),
        ...input(block['element'] as Json),
        ...unknownKeys(block, [
          'type',
          'label',
          'hint',
          'element',
          'optional',
          'block_id',
          'dispatch_action',
        ]),
      ]
    case 'rich_text':
      return list(block['elements'], Infinity, richElement)
    default:
      return []
  }
}

function richElement(element: Json): string[] {
  if (
    !['rich_text_section', 'rich_text_preformatted', 'rich_text_list', 'rich_text_quote'].includes(
      String(element['type']),
    )
  )
    return [`no rich text element: ${String(element['type'])}`]
  return list(element['elements'], Infinity, (part) =>
    part['type'] === 'channel'
      ? unknownKeys(part, ['type', 'channel_id'])
      : part['type'] === 'date'
        ? dateElement(part)
        : part['type'] === 'text'
          ? [
              ...(typeof part['text'] === 'string' && part['text'].length > 0
                ? []
                : ['an empty piece of rich text']),
              ...unknownKeys(part, ['type', 'text', 'style']),
              ...unknownKeys((part['style'] ?? {}) as Json, ['bold', 'italic', 'code', 'strike']),
            ]
          : [`no piece of rich text: ${String(part['type'])}`],
  )
}

/** A moment that Slack shows on each reader's own clock. */
const dateElement = (part: Json): string[] => [
  ...(Number.isInteger(part['timestamp']) ? [] : ['a date without whole seconds since 1970']),
  ...(/\{(date|time|day)/.test(String(part['format'])) ? [] : ['a date without a format']),
  ...(typeof part['fallback'] === 'string' && part['fallback']
    ? []
    : ['a date without words to fall back to']),
  ...unknownKeys(part, ['type', 'timestamp', 'format', 'url', 'fallback']),
]

function image(block: Json): string[] {
  const file = block['slack_file'] as Json | undefined
  return [
    ...(typeof file?.['id'] === 'string' && file['id'] ? [] : ['a picture without a file']),
    ...text(block['alt_text'], limits.altText, 'alt_text'),
    ...unknownKeys(block, ['type', 'slack_file', 'alt_text', 'title', 'block_id']),
  ]
}

function interactive(element: Json): string[] {
  const id = text(element['action_id'], limits.actionId, 'action_id')
  if (element['type'] === 'button') {
    const style = element['style']
    return [
      ...id,
      ...plainText(element['text'], limits.buttonText),
      ...(style === undefined || style === 'primary' || style === 'danger'
        ? []
        : [`style ${JSON.stringify(style)}`]),
      ...unknownKeys(element, ['type', 'action_id', 'text', 'style', 'value', 'accessibility_label']),
    ]
  }
  if (element['type'] === 'static_select') return [...id, ...select(element)]
  return [`no element of actions: ${String(element['type'])}`]
}

function input(element: Json): string[] {
  const id = text(element['action_id'], limits.actionId, 'action_id')
  const known: Record<string, readonly string[]> = {
    file_input: ['type', 'action_id', 'filetypes', 'max_files'],
    static_select: ['type', 'action_id', 'options', 'placeholder', 'initial_option'],
    external_select: ['type', 'action_id', 'min_query_length', 'placeholder', 'initial_option'],
    conversations_select: [
      'type',
      'action_id',
      'default_to_current_conversation',
      'initial_conversation',
      'filter',
    ],
    number_input: ['type', 'action_id', 'is_decimal_allowed', 'min_value', 'max_value', 'initial_value'],
    plain_text_input: ['type', 'action_id', 'multiline', 'max_length', 'initial_value'],
  }
  const keys = known[String(element['type'])]
  if (!keys) return [`no field: ${String(element['type'])}`]
  const wrong = [...id, ...unknownKeys(element, keys)]
  if (element['type'] === 'static_select') wrong.push(...select(element))
  const length = element['max_length']
  if (length !== undefined && !(Number(length) >= 1 && Number(length) <= limits.inputLength))
    wrong.push(`max_length ${JSON.stringify(length)}`)
  const initial = element['initial_value']
  if (initial !== undefined && (typeof initial !== 'string' || initial.length > Number(length ?? Infinity)))
    wrong.push(`initial_value ${JSON.stringify(initial)}`)
  return wrong
}

function select(element: Json): string[] {
  return [
    ...(element['placeholder'] === undefined ? [] : plainText(element['placeholder'], limits.placeholder)),
    ...list(element['options'], limits.choices, (option) => [
      ...plainText(option['text'], limits.choiceText),
      ...text(option['value'], limits.choiceValue, 'value'),
      ...unknownKeys(option, ['text', 'value', 'description']),
    ]),
  ]
}

/** What is wrong with a modal or a home tab. */
export function wrongWithView(view: Json): string[] {
  const where = view['type'] === 'home' ? 'home' : 'modal'
  const wrong = wrongWithBlocks(view['blocks'], where)
  if (where === 'home') return wrong
  return [
    ...wrong,
    ...plainText(view['title'], limits.modalTitle),
    ...plainText(view['submit'], limits.modalSubmit),
    ...text(view['callback_id'], limits.actionId, 'callback_id'),
    ...(textOf(view['private_metadata']).length > limits.privateMetadata
      ? ['private_metadata is too long']
      : []),
  ]
}

function plainText(value: unknown, most: number): string[] {
  const { type, text: words } = (value ?? {}) as Json
  if (type !== 'plain_text') return [`text of type ${JSON.stringify(type)} where plain_text must be`]
  return [...text(words, most, 'text'), ...unknownKeys(value as Json, ['type', 'text', 'emoji'])]
}

function anyText(value: unknown, most: number): string[] {
  const { type, text: words } = (value ?? {}) as Json
  return type === 'mrkdwn' ? text(words, most, 'text') : plainText(value, most)
}

function text(value: unknown, most: number, name: string): string[] {
  if (typeof value !== 'string' || value.length === 0) return [`${name} is empty`]
  return value.length > most ? [`${name} of ${value.length} characters, at most ${most}`] : []
}

function list(value: unknown, most: number, check: (element: Json) => string[]): string[] {
  if (!Array.isArray(value) || value.length === 0) return ['an empty list']
  if (value.length > most) return [`${value.length} elements, at most ${most}`]
  return (value as Json[]).flatMap(check)
}

const unknownKeys = (value: Json, known: readonly string[]): string[] =>
  Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => `no such property: ${key}`)

/** All values under a key, however deep. */
export function valuesOf(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => valuesOf(each, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key && typeof inner !== 'object' ? [inner as unknown] : []),
    ...valuesOf(inner, key),
  ])
}

/** A text as it is, or nothing if there is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
