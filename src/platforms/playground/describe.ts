import type { Command, Form, Invocation } from '../../chat/command.ts'
import type { Choice, Option } from '../../chat/options.ts'

/** What parseOptions takes where an option says nothing. */
const defaultTextLength = 200

/** An option of a command or a field of a form, as the page offers it. */
export interface PageOption {
  readonly name: string
  readonly description: string
  readonly type: Option['type']
  readonly required: boolean
  readonly completes: boolean
  readonly choices: readonly Choice[]
  readonly min: number | undefined
  readonly max: number | undefined
  readonly maxLength: number | undefined
}

/** One thing that can be typed. */
export interface PageCommand {
  readonly path: readonly string[]
  readonly description: string
  readonly moderators: boolean
  readonly options: readonly PageOption[]
}

export interface PageForm {
  readonly title: string
  readonly submitLabel: string
  readonly fields: readonly PageOption[]
}

export interface PageMenu {
  readonly name: string
  readonly label: string
}

/** All that can be typed, subcommands one by one. */
export function describeCommands(commands: readonly Command[]): PageCommand[] {
  return commands.flatMap((command) =>
    'subcommands' in command
      ? Object.entries(command.subcommands).map(([name, each]) => describe([command.name, name], each))
      : describe([command.name], command),
  )
}

export function describeMenus(commands: readonly Command[]): PageMenu[] {
  return commands.flatMap(({ name, pictureMenu }) => (pictureMenu ? { name, label: pictureMenu.label } : []))
}

export const describeForm = ({ title, submitLabel, fields }: Form): PageForm => ({
  title,
  submitLabel,
  fields: describeOptions(fields),
})

const describe = (
  path: string[],
  { description, moderators = false, options = {} }: Invocation,
): PageCommand => ({
  path,
  description,
  moderators,
  options: describeOptions(options),
})

function describeOptions(options: Readonly<Record<string, Option>>): PageOption[] {
  return Object.entries(options).map(([name, option]) => ({
    name,
    description: option.description,
    type: option.type,
    required: option.required ?? false,
    completes: option.type === 'text' && option.completes === true,
    choices: option.type === 'choice' ? option.choices : [],
    min: 'min' in option ? option.min : undefined,
    max: 'max' in option ? option.max : undefined,
    maxLength: option.type === 'text' ? (option.maxLength ?? defaultTextLength) : undefined,
  }))
}
