import { modelInWords } from '../src/chat/about-model.ts'
import { fields, heading, note, text } from '../src/chat/elements.ts'
import type { Command, Invocation } from '../src/chat/command.ts'
import { defineCommand } from '../src/chat/define.ts'
import { plain } from '../src/chat/markup.ts'
import { choicesOf } from '../src/chat/options.ts'
import { usages } from '../src/chat/usage.ts'
import { spoken, type Translate } from '../src/language.ts'

/** Everything there is, in one screen, from the commands' own declarations; or all that one command takes. */
export const helpFor = (commands: readonly Command[]): Command =>
  defineCommand({
    name: 'help',
    called: (t) => t('help.name'),
    description: (t) => t('help.description'),
    visibility: 'person',
    options: {
      command: {
        type: 'choice',
        called: (t) => t('help.command.name'),
        description: (t) => t('help.command.description'),
        choices: choicesOf(commands.map(({ name }) => name)),
      },
    },
    async run({ person, services, t, reply }, { command: asked }) {
      const may = ({ moderators = false }): boolean => !moderators || person.moderator
      const one = commands.find(({ name }) => name === asked)
      const told = one
        ? usages(one, t)
            .filter(may)
            .map(({ usage, description }) => ({ name: `\`${usage}\``, value: plain(description) }))
        : commands.filter((each) => usages(each, t).some(may)).map((each) => overviewOf(each, may, t))
      await reply({
        elements: [
          heading(one ? titleOf(one, t) : 'neuron games'),
          ...(one ? [] : [text(t('help.intro'))]),
          fields(told),
          ...(one ? [] : [note(t('help.more')), note(plain(modelInWords(services.catalogue, t)))]),
        ],
      })
    },
  })

/** What it is for; for a command without subcommands that is beside its usage. */
const titleOf = (command: Command, t: Translate): string =>
  'subcommands' in command ? plain(spoken(command.description, t)) : `/${command.name}`

/** What a command is for, and the subcommands that this person may use. */
function overviewOf(command: Command, may: (each: Invocation) => boolean, t: Translate) {
  const parts = 'subcommands' in command ? Object.entries(command.subcommands) : []
  const names = [`/${command.name}`, ...parts.filter(([, each]) => may(each)).map(([name]) => name)]
  return {
    name: names.map((name) => `\`${name}\``).join(' '),
    value: plain(spoken(command.description, t)),
  }
}
