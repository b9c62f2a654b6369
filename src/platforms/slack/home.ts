import type { HomeView } from '@slack/types'
import type { Command } from '../../chat/command.ts'
import { usages } from '../../chat/usage.ts'
import type { Reply } from '../../chat/reply.ts'
import { limits } from './limits.ts'
import { renderReply } from './render.ts'

/** App Home: help, and what the community's standings and settings say. Pure. */
export function renderHome(
  commands: readonly Command[],
  moderator: boolean,
  more: readonly Reply[],
): HomeView {
  const help: Reply = {
    elements: [
      { kind: 'heading', text: 'neuron games' },
      {
        kind: 'text',
        text: 'Post a picture and choose **Which neurons fire?** in its menu, or mention me in a message with a picture.',
      },
      {
        kind: 'text',
        text: commands
          .flatMap(usages)
          .filter((each) => moderator || !each.moderators)
          .map(({ usage, description }) => `\`${usage}\` ${description}`)
          .join('\n'),
      },
    ],
  }
  const blocks = [help, ...more].flatMap((reply) =>
    renderReply(reply)
      .blocks([])
      .filter(({ type }) => type !== 'image'),
  )
  return { type: 'home', blocks: blocks.slice(0, limits.viewBlocks) }
}
