import { english, spoken } from '../../language.ts'
import type { Command } from '../../chat/command.ts'
import { usages } from '../../chat/usage.ts'
import { shortened } from '../text-art.ts'

export const botScopes = [
  'app_mentions:read',
  'channels:history',
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'groups:history',
  'im:history',
  'im:write',
  'users:read',
] as const

/** Characters of a slash command's description and of its usage hint. */
const descriptionLength = 2000
const hintLength = 1000

/** The callback id of a command's entry in the menu of messages. */
export const shortcutId = (command: Command): string => `menu-${command.name}`

/**
 * The app's manifest: everything that Slack needs to know, derived from the commands.
 * @param url where signed HTTP requests go; absent for Socket Mode.
 */
export function manifest(commands: readonly Command[], url?: string) {
  const endpoint = url ? { url: `${url}/slack/events` } : {}
  return {
    display_information: {
      name: 'neuron games',
      description: 'Play with the neurons of CLIP',
      background_color: '#1b1530',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'neuron games', always_online: true },
      slash_commands: commands.map((command) => ({
        command: `/${command.name}`,
        ...endpoint,
        description: shortened(spoken(command.description, english), descriptionLength),
        usage_hint: shortened(
          usages(command, english)
            .map(({ usage }) => usage.replace(/^\/\S+ ?/, ''))
            .join(' | '),
          hintLength,
        ),
        should_escape: true,
      })),
      shortcuts: commands.flatMap((command) =>
        command.pictureMenu
          ? [
              {
                name: spoken(command.pictureMenu.label, english),
                type: 'message',
                callback_id: shortcutId(command),
                description: shortened(spoken(command.description, english), 150),
              },
            ]
          : [],
      ),
    },
    oauth_config: {
      scopes: { bot: [...botScopes] },
      ...(url ? { redirect_urls: [`${url}/slack/oauth_redirect`] } : {}),
    },
    settings: {
      event_subscriptions: {
        ...(url ? { request_url: `${url}/slack/events` } : {}),
        bot_events: ['app_home_opened', 'app_mention', 'app_uninstalled', 'message.im'],
      },
      interactivity: {
        is_enabled: true,
        ...(url
          ? { request_url: `${url}/slack/events`, message_menu_options_url: `${url}/slack/events` }
          : {}),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  }
}
