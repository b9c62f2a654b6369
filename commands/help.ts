import { modelInWords } from '../src/chat/about-model.ts'
import { fields, heading, note, text } from '../src/chat/elements.ts'
import type { Command } from '../src/chat/command.ts'
import { defineCommand } from '../src/chat/define.ts'
import { plain } from '../src/chat/markup.ts'
import type { Element } from '../src/chat/reply.ts'
import { usages } from '../src/chat/usage.ts'

/** Everything there is, in one screen, from the commands' own declarations. */
export const helpFor = (commands: readonly Command[]): Command =>
  defineCommand({
    name: 'help',
    called: (t) => t('help.name'),
    description: (t) => t('help.description'),
    visibility: 'person',
    async run(context) {
      const elements: Element[] = [
        heading('neuron games'),
        text(context.t('help.intro')),
        fields(
          commands.flatMap((command) =>
            usages(command, context.t)
              .filter((each) => !each.moderators || context.person.moderator)
              .map(({ usage, description }) => ({ name: `\`${usage}\``, value: plain(description) })),
          ),
        ),
        note(plain(modelInWords(context.services.catalogue, context.t))),
      ]
      await context.reply({ elements })
    },
  })
