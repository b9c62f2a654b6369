import type { Command, Form, Invocation } from '../../chat/command.ts'
import { spoken, type Translate } from '../../language.ts'
import type { Options } from '../../chat/options.ts'
import type { SketchView } from '../../chat/sketch.ts'
import type { PageCommand, PageForm, PageMenu, PageOption, PageSketchView } from './page.ts'
import { renderBars } from './render.ts'

/** What parseOptions accepts if an option sets no limit. */
const defaultTextLength = 200

/** All that can be typed, subcommands one by one. */
export function describeCommands(commands: readonly Command[], t: Translate): PageCommand[] {
  return commands.flatMap((command) =>
    'subcommands' in command
      ? Object.entries(command.subcommands).map(([name, each]) => describe([command.name, name], each, t))
      : describe([command.name], command, t),
  )
}

export function describeMenus(commands: readonly Command[], t: Translate): PageMenu[] {
  return commands.flatMap(({ name, pictureMenu }) =>
    pictureMenu ? { name, label: spoken(pictureMenu.label, t) } : [],
  )
}

export const describeForm = ({ title, submitLabel, fields }: Form, t: Translate): PageForm => ({
  title: spoken(title, t),
  submitLabel: spoken(submitLabel, t),
  fields: describeOptions(fields, t),
})

export const describeSketch = (view: SketchView): PageSketchView => ({ ...view, bars: renderBars(view.bars) })

const describe = (
  path: string[],
  { description, moderators = false, options = {} }: Invocation,
  t: Translate,
): PageCommand => ({
  path,
  description: spoken(description, t),
  moderators,
  options: describeOptions(options, t),
})

function describeOptions(options: Options, t: Translate): PageOption[] {
  return Object.entries(options).map(([name, option]) => ({
    name,
    label: spoken(option.called ?? name, t).replaceAll('_', ' '),
    description: spoken(option.description, t),
    type: option.type,
    required: option.required ?? false,
    completes: option.type === 'text' && option.complete !== undefined,
    choices:
      option.type === 'choice'
        ? option.choices.map(({ value, label }) => ({ value, label: spoken(label, t) }))
        : [],
    min: 'min' in option ? option.min : undefined,
    max: 'max' in option ? option.max : undefined,
    maxLength: option.type === 'text' ? (option.maxLength ?? defaultTextLength) : undefined,
  }))
}
