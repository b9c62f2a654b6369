import type { App, webApi } from '@slack/bolt'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { MessageRef, Place } from '../../chat/context.ts'
import { Options, type Option, type PictureSource } from '../../chat/options.ts'
import { optionsOrRefusal, type RawOptions } from '../../chat/parse-options.ts'
import { choice, completionPrefix, fieldValue, formOf, renderForm } from './form.ts'
import { isPicture, pictureSource, type SlackFile } from './files.ts'
import { renderHome } from './home.ts'
import { limits } from './limits.ts'
import { shortcutId } from './manifest.ts'
import { People } from './origin.ts'
import { parseText } from './parse-text.ts'
import { SlackResponder, type SlackTurn } from './responder.ts'

export interface SlackEvents {
  readonly app: App
  readonly dispatcher: Dispatcher
  readonly origins: readonly string[]
  readonly signal: AbortSignal
  /** Nothing new is taken once it stops. */
  readonly isClosed: () => boolean
  /** What App Home shows below the help. */
  readonly onUninstalled: (team: string) => Promise<void>
}

/** What a modal remembers until it is submitted. */
interface Remembered {
  readonly place: Place
  /** Of a command that was typed without what it needs. */
  readonly path?: readonly string[]
  /** Of a button's form. */
  readonly action?: string
  readonly message?: MessageRef
  readonly ephemeral?: boolean
}

const commandModal = 'command'
const actionModal = 'action'
const restarting = 'I am restarting; please try again in a moment.'

const placeOf = (team: string | undefined, channel: string): Place => ({
  platform: 'slack',
  community: team ?? '',
  channel,
})

/** Turns every event of Slack into a call of the dispatcher. Each is acknowledged first. */
export function listen({ app, dispatcher, origins, signal, isClosed, onUninstalled }: SlackEvents): void {
  const people = new People()

  async function begin(turn: SlackTurn) {
    const responder = new SlackResponder(turn)
    if (isClosed()) await responder.refuse(restarting)
    const origin = await people.originOf(turn.client, turn.place, turn.user, signal)
    return { responder, origin, open: !isClosed() }
  }

  /** Runs a command with options as they came, or says what is wrong with them. */
  async function run(
    turn: SlackTurn,
    path: readonly string[],
    declared: Readonly<Record<string, Option>>,
    raw: RawOptions,
  ) {
    const { responder, origin, open } = await begin(turn)
    if (!open) return
    const options = await optionsOrRefusal(declared, raw, responder)
    if (options) await dispatcher.run(path, options, origin, responder)
  }

  for (const command of dispatcher.commands) {
    app.command(`/${command.name}`, async ({ ack, body, client, respond }) => {
      await ack()
      const place = placeOf(body.team_id, body.channel_id)
      const { path, invocation, raw } = parseText(command, body.text)
      const declared = invocation?.options ?? {}
      const lacking = Object.entries(declared).some(([name, option]) => option.required && !raw[name])
      if (invocation && lacking && !isClosed()) {
        const metadata = JSON.stringify({ place, path } satisfies Remembered)
        const view = renderForm(formOf(path, invocation), {
          callbackId: commandModal,
          metadata,
          path,
          typed: raw,
        })
        await client.views.open({ trigger_id: body.trigger_id, view })
        return
      }
      const answers = invocation?.visibility ?? 'channel'
      await run({ client, place, user: body.user_id, answers, respond }, path, declared, raw)
    })
    const menu = command.pictureMenu
    if (!menu) continue
    app.shortcut(
      { callback_id: shortcutId(command), type: 'message_action' },
      async ({ ack, shortcut, client, respond }) => {
        await ack()
        if (shortcut.type !== 'message_action') return
        const files = (shortcut.message['files'] ?? []) as SlackFile[]
        const place = placeOf(shortcut.team?.id, shortcut.channel.id)
        const turn = { client, place, user: shortcut.user.id, answers: menu.visibility, respond }
        const { responder, origin, open } = await begin(turn)
        if (open)
          await dispatcher.runPictureMenu(command.name, picturesIn(files, client, origins), origin, responder)
      },
    )
  }

  app.event('app_mention', async ({ event, client, context }) => {
    const files = (event as unknown as { files?: SlackFile[] }).files ?? []
    const place = placeOf(event.team ?? context.teamId, event.channel)
    const name = dispatcher.commands.find((command) => command.pictureMenu)?.name ?? ''
    const thread = event.thread_ts ?? event.ts
    const { responder, origin, open } = await begin({
      client,
      place,
      user: event.user ?? '',
      answers: 'channel',
      thread,
    })
    if (open) await dispatcher.runPictureMenu(name, picturesIn(files, client, origins), origin, responder)
  })

  app.action(/.+\/.+/, async ({ ack, action, body, client, respond }) => {
    await ack()
    if (body.type !== 'block_actions' || !('action_id' in action)) return
    const place = placeOf(body.team?.id, body.channel?.id ?? '')
    const message = { ...place, message: body.message?.ts ?? body.container?.['message_ts'] ?? '' }
    const ephemeral = Boolean(body.container?.['is_ephemeral'])
    const form = dispatcher.form(action.action_id)
    if (form && !isClosed()) {
      const metadata = JSON.stringify({
        place,
        action: action.action_id,
        message,
        ephemeral,
      } satisfies Remembered)
      const view = renderForm(form, { callbackId: actionModal, metadata })
      await client.views.open({ trigger_id: body.trigger_id, view })
      return
    }
    const answers = dispatcher.action(action.action_id)?.action.answers ?? 'person'
    const turn = { client, place, user: body.user.id, answers, message, ephemeral, respond }
    const { responder, origin, open } = await begin(turn)
    const chosen = action.type === 'static_select' ? [action.selected_option.value] : []
    if (open) await dispatcher.press(action.action_id, new Options([]), message, origin, responder, chosen)
  })

  app.view(commandModal, async ({ ack, view, body, client }) => {
    await ack()
    const { place, path = [] } = JSON.parse(view.private_metadata) as Remembered
    const invocation = dispatcher.invocation(path)
    const declared = invocation?.options ?? {}
    const turn = {
      client,
      place,
      user: body.user.id,
      answers: invocation?.visibility ?? 'channel',
    }
    await run(turn, path, declared, rawFields(declared, view.state.values, client, origins))
  })

  app.view(actionModal, async ({ ack, view, body, client }) => {
    await ack()
    const { place, action = '', message, ephemeral } = JSON.parse(view.private_metadata) as Remembered
    const found = dispatcher.action(action)
    const declared = found?.action.form?.(found.args).fields ?? {}
    const answers = found?.action.answers ?? 'person'
    const ref = message ?? { ...place, message: '' }
    // A form's submission brings no response_url: what only one person saw cannot be edited, so it is answered anew.
    const turn: SlackTurn = {
      client,
      place,
      user: body.user.id,
      answers: ephemeral ? 'person' : answers,
      message: ref,
    }
    const { responder, origin, open } = await begin(turn)
    const values = open
      ? await optionsOrRefusal(declared, rawFields(declared, view.state.values, client, origins), responder)
      : undefined
    if (values) await dispatcher.press(action, values, ref, origin, responder)
  })

  app.options(new RegExp(`^${completionPrefix}/`), async ({ ack, body, client }) => {
    const path = body.action_id.split('/').slice(1)
    const option = path.pop() ?? ''
    const place = placeOf(body.team?.id, '')
    const origin = await people.originOf(client, place, body.user.id, signal)
    const choices = await dispatcher.complete(path, option, body.value, origin)
    await ack({
      options: choices.slice(0, limits.completions).map(({ value, label }) => choice(value, label)),
    })
  })

  app.event('app_home_opened', async ({ event, client, context }) => {
    if (event.tab !== 'home') return
    const place = placeOf(context.teamId, event.channel)
    const { person } = await people.originOf(client, place, event.user, signal)
    await client.views.publish({
      user_id: event.user,
      view: renderHome(dispatcher.commands, person.moderator, []),
    })
  })

  app.event('app_uninstalled', async ({ context }) => {
    if (context.teamId) await onUninstalled(context.teamId)
  })
}

const picturesIn = (
  files: readonly SlackFile[],
  client: webApi.WebClient,
  origins: readonly string[],
): PictureSource[] => files.filter(isPicture).map((file) => pictureSource(file, { client, origins }))

function rawFields(
  declared: Readonly<Record<string, Option>>,
  state: Readonly<Record<string, Parameters<typeof fieldValue>[0]>>,
  client: webApi.WebClient,
  origins: readonly string[],
): RawOptions {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type }]) => {
      const value = fieldValue(state[name] ?? {})
      return [name, value && type === 'picture' ? pictureSource({ id: value }, { client, origins }) : value]
    }),
  )
}
