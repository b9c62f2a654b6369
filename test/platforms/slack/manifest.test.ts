import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { commands } from '../../../commands/index.ts'
import { manifest } from '../../../src/platforms/slack/manifest.ts'
import { projectRoot } from '../../../src/root.ts'

const url = z.url({ protocol: /^https$/ })
/** Slack keeps these for itself; an app's command of the same name is never called. */
const builtIn = new Set(
  'apps archive away call collapse dm dnd expand feed invite join kick leave msg mute open prefs remind remove rename search shortcuts shrug star status topic who'
    .split(' ')
    .map((name) => `/${name}`),
)

/** Source: docs.slack.dev/reference/app-manifest, with the limits given there. */
const schema = z.strictObject({
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({
      display_name: z
        .string()
        .max(80)
        .regex(/^[a-z0-9 ._-]+$/i),
      always_online: z.boolean(),
    }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z
            .string()
            .max(32)
            .regex(/^\/[a-z0-9_-]+$/)
            .refine((name) => !builtIn.has(name), 'is a command of Slack’s own'),
          url: url.optional(),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(24),
          type: z.enum(['message', 'global']),
          callback_id: z.string().max(255),
          description: z.string().min(1).max(150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.strictObject({
    scopes: z.strictObject({ bot: z.array(z.string().regex(/^[a-z]+[a-z_.]*(:[a-z.]+)?$/)).max(255) }),
    redirect_urls: z.array(url).max(1000).optional(),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: url.optional(),
      bot_events: z.array(z.string()).max(100),
    }),
    interactivity: z.strictObject({
      is_enabled: z.boolean(),
      request_url: url.optional(),
      message_menu_options_url: url.optional(),
    }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
})

describe('the manifest', () => {
  test('for Socket Mode has the shape and the lengths that Slack accepts, and no address', () => {
    const made = manifest(commands)
    expect(schema.parse(made)).toEqual(made)
    expect(made.settings.socket_mode_enabled).toBe(true)
    expect(JSON.stringify(made)).not.toContain('http')
  })

  test('for HTTP names its address wherever Slack calls', () => {
    const made = manifest(commands, 'https://bot.example.org')
    expect(schema.parse(made)).toEqual(made)
    expect(made.settings.socket_mode_enabled).toBe(false)
    for (const { url: called } of made.features.slash_commands)
      expect(called).toBe('https://bot.example.org/slack/events')
  })

  test('names every command and every menu entry once', () => {
    const { slash_commands: slash, shortcuts } = manifest(commands).features
    expect(new Set(slash.map(({ command }) => command)).size).toBe(commands.length)
    expect(shortcuts).toHaveLength(commands.filter(({ pictureMenu }) => pictureMenu).length)
  })

  test('every event that we subscribe to has the scope it needs', () => {
    const needs: Record<string, string> = {
      app_home_opened: '',
      app_mention: 'app_mentions:read',
      app_uninstalled: '',
      'message.im': 'im:history',
    }
    const { settings, oauth_config: oauth } = manifest(commands)
    for (const event of settings.event_subscriptions.bot_events) {
      expect(needs).toHaveProperty([event])
      if (needs[event]) expect(oauth.scopes.bot).toContain(needs[event])
    }
  })

  test('slack-manifest.json is made from the commands as they are now', () => {
    const written = JSON.parse(readFileSync(join(projectRoot, 'slack-manifest.json'), 'utf8')) as unknown
    expect(
      JSON.parse(JSON.stringify(manifest(commands))),
      'the commands have changed: run `npm run slack:manifest` and commit slack-manifest.json',
    ).toEqual(written)
  })
})
