import type { Command, Invocation } from './command.ts'

/** How a command is typed, from its own declaration: "/fool start picture: target: [against:]". */
export function usages(command: Command): { usage: string; description: string; moderators: boolean }[] {
  if (!('subcommands' in command)) return [usageOf([command.name], command)]
  return Object.entries(command.subcommands).map(([name, invocation]) =>
    usageOf([command.name, name], invocation),
  )
}

function usageOf(path: readonly string[], { description, options = {}, moderators = false }: Invocation) {
  const words = Object.entries(options).map(([name, option]) => (option.required ? `${name}:` : `[${name}:]`))
  return { usage: ['/' + path.join(' '), ...words].join(' '), description, moderators }
}
