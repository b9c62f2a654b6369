import type { HomeView } from '@slack/types'
import type { Command } from '../../chat/command.ts'
import { communityLanguage, type CommunitySettings } from '../../chat/community.ts'
import { languageName, spoken, type Translate } from '../../language.ts'
import { plain } from '../../chat/markup.ts'
import { fields, heading, text } from '../../chat/elements.ts'
import type { Element } from '../../chat/reply.ts'
import { usages } from '../../chat/usage.ts'
import { limits } from './limits.ts'
import { renderReply } from './render.ts'

/** App Home: help, the community's standings and its settings. Pure. */
export function renderHome({
  commands,
  moderator,
  settings,
  overview,
  model,
  t,
}: {
  readonly commands: readonly Command[]
  /** Whether the reader is one. */
  readonly moderator: boolean
  readonly settings: CommunitySettings
  readonly overview: readonly Element[]
  readonly model: { readonly title: string; readonly summary: string }
  readonly t: Translate
}): HomeView {
  const { channels, sensitive, profanity, cooldown } = settings
  const menu = commands.find(({ pictureMenu }) => pictureMenu)?.pictureMenu
  const usage = commands
    .flatMap((command) => usages(command, t))
    .filter((each) => moderator || !each.moderators)
  const elements: Element[] = [
    heading('neuron games'),
    text(menu ? t('platform.home.menu', { entry: spoken(menu.label, t) }) : t('platform.home.mention')),
    ...usage.map((each) => text(`\`${each.usage}\` ${each.description}`)),
    ...overview,
    heading(t('platform.home.settings')),
    fields([
      {
        name: t('platform.home.channels'),
        value:
          channels.length > 0
            ? t('platform.home.chosen', { count: channels.length })
            : t('platform.home.all'),
      },
      {
        name: t('platform.home.sensitive'),
        value: t(sensitive ? 'platform.home.shown' : 'platform.home.hidden'),
      },
      {
        name: t('platform.home.profanity'),
        value: t(profanity ? 'platform.home.inUse' : 'platform.home.notInUse'),
      },
      { name: t('platform.home.wait'), value: cooldown > 0 ? `${cooldown} s` : t('platform.home.noWait') },
      { name: t('platform.home.language'), value: languageName(communityLanguage(settings)) },
      { name: t('platform.home.model'), value: `${plain(model.title)}: ${plain(model.summary)}` },
    ]),
  ]
  const blocks = elements.flatMap((element) => renderReply({ elements: [element] }).blocks([]))
  return { type: 'home', blocks: blocks.slice(0, limits.viewBlocks) }
}
