import { arg, defineActions } from '../../../src/chat/actions.ts'
import { defineCommand } from '../../../src/chat/define.ts'
import type { Reply } from '../../../src/chat/reply.ts'
import { draw } from '../test-commands.ts'

const actions = defineActions('place', { at: { args: [arg.text], chosen: [arg.number, arg.number] } })

async function reply(title: string): Promise<Reply<never>> {
  return {
    elements: [
      { kind: 'heading', text: title },
      { kind: 'picture', picture: await draw('board', 'teal'), tap: actions.id('at', 'a') },
    ],
  }
}

/** A picture that takes a point, and says which. */
export const placeCommand = defineCommand({
  name: 'place',
  description: 'Tap on a picture',
  run: async (context) => void (await context.reply(await reply('Where?'))),
  actions: actions.answeredBy({
    at: {
      answers: 'edit',
      run: async (context, args) => void (await context.reply(await reply(`at ${args.join(' ')}`))),
    },
  }),
})
