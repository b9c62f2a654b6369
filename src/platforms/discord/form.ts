import { ComponentType, TextInputStyle, type APIModalInteractionResponseCallbackData } from 'discord.js'
import type { Form } from '../../chat/command.ts'
import { spoken, type Translate } from '../../language.ts'
import type { Option } from '../../chat/options.ts'
import { shortened } from '../text-art.ts'
import { limits } from './limits.ts'

/** Longer texts get a multi-line field. */
const oneLine = 100
const yesAndNo = (t: Translate) => [
  { value: 'yes', label: t('words.yes') },
  { value: 'no', label: t('words.no') },
]

/** A form as a modal; a field's custom_id is its name. Pure. */
export function renderForm(id: string, form: Form, t: Translate): APIModalInteractionResponseCallbackData {
  return {
    custom_id: id,
    title: shortened(spoken(form.title, t), limits.modalTitle),
    components: Object.entries(form.fields)
      .slice(0, limits.modalFields)
      .map(([name, option]) => ({
        type: ComponentType.Label as const,
        label: shortened(labelOf(name), limits.fieldLabel),
        description: shortened(spoken(option.description, t), limits.fieldDescription),
        component: field(name, option, t),
      })),
  }
}

function field(name: string, option: Option, t: Translate) {
  const required = option.required ?? false
  switch (option.type) {
    case 'picture':
      return {
        type: ComponentType.FileUpload as const,
        custom_id: name,
        required,
        min_values: required ? 1 : 0,
        max_values: 1,
      }
    case 'choice':
    case 'boolean': {
      const options =
        option.type === 'choice'
          ? option.choices.map(({ value, label }) => ({ value, label: spoken(label, t) }))
          : yesAndNo(t)
      return {
        type: ComponentType.StringSelect as const,
        custom_id: name,
        required,
        options: options.slice(0, limits.selectChoices),
      }
    }
    case 'channel':
      return { type: ComponentType.ChannelSelect as const, custom_id: name, required }
    case 'role':
      return { type: ComponentType.RoleSelect as const, custom_id: name, required }
    default: {
      const maxLength = option.type === 'text' ? (option.maxLength ?? 200) : 20
      const style = maxLength > oneLine ? TextInputStyle.Paragraph : TextInputStyle.Short
      return {
        type: ComponentType.TextInput as const,
        custom_id: name,
        style,
        required,
        max_length: maxLength,
      }
    }
  }
}

const labelOf = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ')
