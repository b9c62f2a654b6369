import { actionId } from '../../../src/chat/action-id.ts'
import type { Command } from '../../../src/chat/command.ts'
import type { Reply } from '../../../src/chat/reply.ts'
import { draw } from '../test-commands.ts'

async function reply(title: string): Promise<Reply> {
  return {
    elements: [
      { kind: 'heading', text: title },
      { kind: 'picture', picture: await draw('board', 'teal'), tap: actionId('place', 'at', 'a') },
    ],
  }
}

/** A picture that takes a point, and tells which. */
export const placeCommand: Command = {
  name: 'place',
  description: 'Tap on a picture',
  run: async (context) => void (await context.reply(await reply('Where?'))),
  actions: {
    at: {
      answers: 'edit',
      run: async (context, args) => void (await context.reply(await reply(`at ${args.join(' ')}`))),
    },
  },
}
