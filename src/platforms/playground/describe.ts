import type { Command, Form, Invocation } from '../../chat/command.ts'
import { english, spoken } from '../../language.ts'
import type { Options } from '../../chat/options.ts'
import type { SketchView } from '../../chat/sketch.ts'
import type { PageCommand, PageForm, PageMenu, PageOption, PageSketchView } from './page.ts'
import { renderBars } from './render.ts'

/** What parseOptions takes where an option says nothing. */
const defaultTextLength = 200

/** All that can be typed, subcommands one by one. */
export function describeCommands(commands: readonly Command[]): PageCommand[] {
  return commands.flatMap((command) =>
    'subcommands' in command
      ? Object.entries(command.subcommands).map(([name, each]) => describe([command.name, name], each))
      : describe([command.name], command),
  )
}

export function describeMenus(commands: readonly Command[]): PageMenu[] {
  return commands.flatMap(({ name, pictureMenu }) =>
    pictureMenu ? { name, label: spoken(pictureMenu.label, english) } : [],
  )
}

export const describeForm = ({ title, submitLabel, fields }: Form): PageForm => ({
  title: spoken(title, english),
  submitLabel: spoken(submitLabel, english),
  fields: describeOptions(fields),
})

export const describeSketch = (view: SketchView): PageSketchView => ({ ...view, bars: renderBars(view.bars) })

const describe = (
  path: string[],
  { description, moderators = false, options = {} }: Invocation,
): PageCommand => ({
  path,
  description: spoken(description, english),
  moderators,
  options: describeOptions(options),
})

function describeOptions(options: Options): PageOption[] {
  return Object.entries(options).map(([name, option]) => ({
    name,
    description: spoken(option.description, english),
    type: option.type,
    required: option.required ?? false,
    completes: option.type === 'text' && option.complete !== undefined,
    choices:
      option.type === 'choice'
        ? option.choices.map(({ value, label }) => ({ value, label: spoken(label, english) }))
        : [],
    min: 'min' in option ? option.min : undefined,
    max: 'max' in option ? option.max : undefined,
    maxLength: option.type === 'text' ? (option.maxLength ?? defaultTextLength) : undefined,
  }))
}
