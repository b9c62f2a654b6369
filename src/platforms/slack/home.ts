import type { HomeView } from '@slack/types'
import type { Command } from '../../chat/command.ts'
import { communityLanguage, type CommunitySettings } from '../../chat/community.ts'
import { english, spoken } from '../../language.ts'
import { plain } from '../../chat/markup.ts'
import type { Element } from '../../chat/reply.ts'
import { usages } from '../../chat/usage.ts'
import { limits } from './limits.ts'
import { renderReply } from './render.ts'

/** App Home: help, the community's standings and its settings. Pure. */
export function renderHome(
  commands: readonly Command[],
  moderator: boolean,
  settings: CommunitySettings,
  overview: readonly Element[],
  model: { readonly title: string; readonly summary: string },
): HomeView {
  const { channels, sensitive, profanity, cooldown } = settings
  const menu = commands.find(({ pictureMenu }) => pictureMenu)?.pictureMenu
  const usage = commands
    .flatMap((command) => usages(command, english))
    .filter((each) => moderator || !each.moderators)
  const elements: Element[] = [
    { kind: 'heading', text: 'neuron games' },
    {
      kind: 'text',
      text: `${menu ? `Post a picture and choose **${spoken(menu.label, english)}** in its menu, or m` : 'M'}ention me in a message with a picture.`,
    },
    ...usage.map((each): Element => ({ kind: 'text', text: `\`${each.usage}\` ${each.description}` })),
    ...overview,
    { kind: 'heading', text: 'Settings' },
    {
      kind: 'fields',
      fields: [
        { name: 'Channels to play in', value: channels.length > 0 ? `${channels.length} chosen` : 'all' },
        { name: 'Sensitive units and labels', value: sensitive ? 'shown' : 'hidden' },
        { name: 'List of profanity', value: profanity ? 'in use' : 'not in use' },
        { name: 'Wait between two commands', value: cooldown > 0 ? `${cooldown} s` : 'none' },
        { name: 'Language', value: communityLanguage(settings) },
        { name: 'Model', value: `${plain(model.title)}: ${plain(model.summary)}` },
      ],
    },
  ]
  const blocks = elements.flatMap((element) => renderReply({ elements: [element] }).blocks([]))
  return { type: 'home', blocks: blocks.slice(0, limits.viewBlocks) }
}
