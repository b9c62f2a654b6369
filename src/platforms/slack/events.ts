import type { App, webApi } from '@slack/bolt'
import type { Place } from '../../chat/place.ts'
import { settingsOf } from '../../chat/community.ts'
import { languageOf, spoken, translator } from '../../language.ts'
import { mayNotLook } from './errors.ts'
import { choice, completionPrefix } from './form.ts'
import { renderHome } from './home.ts'
import { limits } from './limits.ts'
import { shortcutId } from './manifest.ts'
import { actionView, commandView, listenToModals } from './modals.ts'
import { parseText } from './parse-text.ts'
import { SlackTurns, type PostedMessage, type TurnsSetup } from './turns.ts'

export interface SlackEvents extends TurnsSetup {
  readonly app: App
  readonly onUninstalled: (team: string) => Promise<void>
}

const placeOf = (team: string | undefined, channel: string): Place => ({
  platform: 'slack',
  community: team ?? '',
  channel,
})

/** Turns every event of Slack into a call of the dispatcher. Each is acknowledged first. */
export function listen({ app, onUninstalled, ...setup }: SlackEvents): void {
  const turns = new SlackTurns(setup)
  listenToCommands(app, turns)
  listenToMentions(app, turns)
  listenToButtons(app, turns)
  listenToModals(app, turns)
  listenToHome(app, turns)
  app.event('app_uninstalled', async ({ context }) => {
    if (context.teamId) await onUninstalled(context.teamId)
  })
}

function listenToCommands(app: App, turns: SlackTurns): void {
  for (const command of turns.dispatcher.commands.all) {
    app.command(`/${command.name}`, async ({ ack, body, client }) => {
      await ack()
      const place = placeOf(body.team_id, body.channel_id)
      const { response_url: responseUrl, user_id: user, trigger_id: trigger } = body
      const { path, invocation, raw } = parseText(command, body.text)
      const declared = invocation?.options ?? {}
      const turn = { client, place, user, answers: invocation?.visibility ?? 'channel', responseUrl }
      const lacks = Object.entries(declared).some(([name, option]) => option.required && !raw[name])
      if (!invocation || !lacks) return turns.run(turn, path, declared, raw)
      return turns.ask(turn, trigger, declared, raw, (typed, t) =>
        commandView({ place, responseUrl }, path, invocation, typed, t),
      )
    })
    const menu = command.pictureMenu
    if (!menu) continue
    app.shortcut(
      { callback_id: shortcutId(command), type: 'message_action' },
      async ({ ack, shortcut, client }) => {
        await ack()
        if (shortcut.type !== 'message_action') return
        const { user, team, channel, message, response_url: responseUrl } = shortcut
        const place = placeOf(team?.id, channel.id)
        const turn = { client, place, user: user.id, answers: menu.visibility, responseUrl }
        await turns.runPictureMenu(turn, command.name, message as PostedMessage)
      },
    )
  }
  app.options(new RegExp(`^${completionPrefix}/`), async ({ ack, body, client }) => {
    const path = body.action_id.split('/').slice(1)
    const option = path.pop() ?? ''
    const origin = await turns.originOf(client, placeOf(body.team?.id, ''), body.user.id)
    const choices = await turns.dispatcher.complete(path, option, body.value, origin)
    await ack({
      options: choices.slice(0, limits.completions).map(({ value, label }) => choice(value, label)),
    })
  })
}

/** A message that mentions the bot, or a picture in a direct message, is answered like the menu of messages. */
function listenToMentions(app: App, turns: SlackTurns): void {
  const name = turns.dispatcher.commands.all.find((command) => command.pictureMenu)?.name ?? ''

  app.event('app_mention', async ({ event, client, context }) => {
    const own = event as unknown as PostedMessage
    const place = placeOf(context.teamId, event.channel)
    const thread = event.thread_ts ?? event.ts
    // In a thread below a picture, the question is about that picture.
    const asksAbove = !own.files?.length && thread !== event.ts
    const turn = { client, place, user: event.user ?? '', answers: 'channel', thread } as const
    await turns.runPictureMenu(turn, name, asksAbove ? await parentOf(event.channel, thread, client) : own)
  })

  app.event('message', async ({ event, client, context }) => {
    if (event.channel_type !== 'im' || event.subtype !== 'file_share' || !event.files) return
    const place = placeOf(context.teamId, event.channel)
    const turn = { client, place, user: event.user, answers: 'channel' } as const
    await turns.runPictureMenu(turn, name, event)
  })
}

/** The message that a thread is about; undefined if we may not read it. */
async function parentOf(channel: string, ts: string, client: webApi.WebClient): Promise<PostedMessage> {
  try {
    const { messages = [] } = await client.conversations.replies({ channel, ts, limit: 1 })
    return (messages[0] ?? {}) as PostedMessage
  } catch (error) {
    if (!mayNotLook(error)) throw error
    return {}
  }
}

function listenToButtons(app: App, turns: SlackTurns): void {
  app.action(/.+\/.+/, async ({ ack, action, body, client }) => {
    await ack()
    if (body.type !== 'block_actions' || !('action_id' in action)) return
    const place = placeOf(body.team?.id, body.channel?.id ?? '')
    const held = {
      place,
      message: { ...place, message: body.message?.ts ?? body.container?.['message_ts'] ?? '' },
      ephemeral: Boolean(body.container?.['is_ephemeral']),
      ...(body.response_url ? { responseUrl: body.response_url } : {}),
    }
    const answers = turns.dispatcher.commands.action(action.action_id)?.action.answers ?? 'person'
    const turn = { ...held, client, user: body.user.id, answers }
    const form = turns.dispatcher.commands.form(action.action_id)
    if (form) {
      const t = await turns.translatorOf(turn)
      return turns.open(turn, body.trigger_id, actionView(held, action.action_id, form, t))
    }
    const chosen = action.type === 'static_select' ? [action.selected_option.value] : []
    return turns.press(turn, action.action_id, { chosen })
  })
}

function listenToHome(app: App, turns: SlackTurns): void {
  app.event('app_home_opened', async ({ event, client, context }) => {
    if (event.tab !== 'home') return
    const place = placeOf(context.teamId, event.channel)
    const { dispatcher } = turns
    const origin = await turns.originOf(client, place, event.user)
    const [settings, overview] = await Promise.all([
      settingsOf(dispatcher.services.store, place),
      dispatcher.overview(origin),
    ])
    const { modelTitle: title, summary } = dispatcher.services.catalogue
    const t = translator(languageOf(origin.locale))
    const model = { title, summary: spoken(summary, t) }
    const view = renderHome({
      commands: dispatcher.commands.all,
      moderator: origin.person.moderator,
      settings,
      overview,
      model,
      t,
    })
    await client.views.publish({ user_id: event.user, view })
  })
}
