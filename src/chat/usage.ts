import { spoken, type Translate } from '../language.ts'
import { optionName } from './options.ts'
import type { Command, Invocation } from './command.ts'

/** How a command is typed, from its own declaration: "/fool start picture: target: [against:]". */
export function usages(
  command: Command,
  t: Translate,
): { usage: string; description: string; moderators: boolean }[] {
  if (!('subcommands' in command)) return [usageOf([command.name], command, t)]
  return Object.entries(command.subcommands).map(([name, invocation]) =>
    usageOf([command.name, name], invocation, t),
  )
}

function usageOf(
  path: readonly string[],
  { description, options = {}, moderators = false }: Invocation,
  t: Translate,
) {
  const words = Object.entries(options).map(([name, option]) => {
    const called = optionName(name, option, t)
    return option.required ? `${called}:` : `[${called}:]`
  })
  return {
    usage: ['/' + path.join(' '), ...words].join(' '),
    description: spoken(description, t),
    moderators,
  }
}
