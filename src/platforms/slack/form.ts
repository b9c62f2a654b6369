import type { InputBlock, ModalView, StaticSelect } from '@slack/types'
import type { ViewStateValue } from '@slack/bolt'
import type { Form, Invocation } from '../../chat/command.ts'
import type { Choice } from '../../chat/choice.ts'
import { spoken, type Translate } from '../../language.ts'
import { optionName, type Option, type Values } from '../../chat/options.ts'
import { capitalised } from '../../text.ts'
import { shortened } from '../text-art.ts'
import { limits } from './limits.ts'

/** Longer texts get a multi-line field. */
const oneLine = 100
const fieldAction = 'value'
/** The action id of a field with completion: "complete/neuron/which", "complete/fool/start/target". */
export const completionPrefix = 'complete'
const pictureTypes = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'avif']

interface ModalOptions {
  readonly callbackId: string
  /** What the submission needs to know; JSON of at most 3,000 characters. */
  readonly metadata: string
  /** Path of the command whose fields complete. */
  readonly path?: readonly string[]
  /** What was already typed, and is valid. */
  readonly typed?: Values
  /** Of the person who fills it in. */
  readonly t: Translate
}

/** A form as a modal; a field's block_id is its name. Pure. */
export function renderForm(
  form: Form,
  { callbackId, metadata, path = [], typed = {}, t }: ModalOptions,
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: metadata,
    title: { type: 'plain_text', text: shortened(spoken(form.title, t), limits.modalTitle) },
    submit: { type: 'plain_text', text: shortened(spoken(form.submitLabel, t), limits.modalSubmit) },
    blocks: Object.entries(form.fields).map(([name, option]) => field(name, option, path, typed, t)),
  }
}

/** The form for a command that was typed without what it needs. */
export const formOf = (path: readonly string[], invocation: Invocation): Form => ({
  title: `/${path.join(' ')}`,
  submitLabel: (t) => t('platform.go'),
  fields: invocation.options ?? {},
})

function field(
  name: string,
  option: Option,
  path: readonly string[],
  typed: Values,
  t: Translate,
): InputBlock {
  return {
    type: 'input',
    block_id: name,
    optional: !option.required,
    label: { type: 'plain_text', text: capitalised(optionName(name, option, t)).replaceAll('_', ' ') },
    hint: { type: 'plain_text', text: shortened(spoken(option.description, t), limits.fieldHint) },
    element: input(name, option, path, typed, t),
  }
}

function input(
  name: string,
  option: Option,
  path: readonly string[],
  typed: Values,
  t: Translate,
): InputBlock['element'] {
  const action_id = fieldAction
  const given = typed[name]
  const text = typeof given === 'string' ? given : undefined
  switch (option.type) {
    case 'picture':
      return { type: 'file_input', action_id, filetypes: pictureTypes, max_files: 1 }
    case 'choice':
      return select(
        option.choices.map(({ value, label }) => ({ value, label: spoken(label, t) })),
        text,
      )
    case 'boolean':
      return select(yesOrNo(t), given === true ? 'yes' : undefined)
    case 'channel':
      return {
        type: 'conversations_select',
        action_id,
        ...(text ? { initial_conversation: text } : { default_to_current_conversation: true }),
      }
    case 'role':
      return { type: 'plain_text_input', action_id }
    case 'integer':
    case 'number': {
      return {
        type: 'number_input',
        action_id,
        is_decimal_allowed: option.type === 'number',
        ...(option.min === undefined ? {} : { min_value: String(option.min) }),
        ...(option.max === undefined ? {} : { max_value: String(option.max) }),
        ...(typeof given === 'number' ? { initial_value: String(given) } : {}),
      }
    }
    case 'text':
      if (option.complete) {
        return {
          type: 'external_select',
          action_id: [completionPrefix, ...path, name].join('/'),
          min_query_length: 0,
          ...(text && text.length <= limits.choiceValue ? { initial_option: choice(text, text) } : {}),
        }
      }
      return {
        type: 'plain_text_input',
        action_id,
        multiline: (option.maxLength ?? 200) > oneLine,
        max_length: Math.min(option.maxLength ?? 200, limits.inputLength),
        ...(text ? { initial_value: text } : {}),
      }
  }
}

const yesOrNo = (t: Translate) => [
  { value: 'yes', label: t('words.yes') },
  { value: 'no', label: t('words.no') },
]

function select(choices: readonly Choice[], chosen: string | undefined): StaticSelect {
  const options = choices.map(({ value, label }) => choice(value, label))
  const initial = options.find(({ value }) => value === chosen)
  return {
    type: 'static_select',
    action_id: fieldAction,
    options,
    ...(initial ? { initial_option: initial } : {}),
  }
}

export const choice = (value: string, label: string) => ({
  value,
  text: { type: 'plain_text' as const, text: shortened(label, limits.choiceText) },
})

/** What a field of a submitted modal holds: text, or the id of an uploaded file. */
export function fieldValue(state: Readonly<Record<string, ViewStateValue>>): string | undefined {
  const [value] = Object.values(state)
  return (
    value?.files?.[0]?.id ??
    value?.selected_option?.value ??
    value?.selected_conversation ??
    value?.value ??
    undefined
  )
}
