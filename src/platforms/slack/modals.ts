import type { App, webApi } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import type { Invocation } from '../../chat/command.ts'
import type { MessageRef, Place } from '../../chat/place.ts'
import type { Form } from '../../chat/command.ts'
import type { Options, Values } from '../../chat/options.ts'
import type { RawOptions } from '../../chat/parse-options.ts'
import type { Translate } from '../../language.ts'
import { fieldValue, formOf, renderForm } from './form.ts'
import type { SlackTurns } from './turns.ts'

/** What a modal remembers until it is submitted. */
interface Remembered {
  readonly place: Place
  /** response_url of the event that opened it; also works for answers to the submission. */
  readonly responseUrl?: string
  /** For a command that was typed without its required options. */
  readonly path?: readonly string[]
  /** For a button's form. */
  readonly action?: string
  readonly message?: MessageRef
  readonly ephemeral?: boolean
}

const commandModal = 'command'
const actionModal = 'action'

export const commandView = (
  remembered: Pick<Remembered, 'place' | 'responseUrl'>,
  path: readonly string[],
  invocation: Invocation,
  typed: Values,
  t: Translate,
): ModalView =>
  renderForm(formOf(path, invocation), {
    callbackId: commandModal,
    metadata: JSON.stringify({ ...remembered, path } satisfies Remembered),
    path,
    typed,
    t,
  })

export const actionView = (
  remembered: Pick<Remembered, 'place' | 'responseUrl' | 'message' | 'ephemeral'>,
  action: string,
  form: Form,
  t: Translate,
): ModalView =>
  renderForm(form, {
    callbackId: actionModal,
    metadata: JSON.stringify({ ...remembered, action } satisfies Remembered),
    t,
  })

/** Answers submitted modals. */
export function listenToModals(app: App, turns: SlackTurns): void {
  const { dispatcher } = turns

  app.view(commandModal, async ({ ack, view, body, client }) => {
    await ack()
    const { path = [], ...remembered } = JSON.parse(view.private_metadata) as Remembered
    const invocation = dispatcher.commands.invocation(path)
    const declared = invocation?.options ?? {}
    const answers = invocation?.visibility ?? 'channel'
    const turn = { ...remembered, client, user: body.user.id, answers }
    await turns.run(turn, path, declared, rawFields(declared, view.state.values, client, turns))
  })

  app.view(actionModal, async ({ ack, view, body, client }) => {
    await ack()
    const { action = '', ...remembered } = JSON.parse(view.private_metadata) as Remembered
    const found = dispatcher.commands.action(action)
    const declared = dispatcher.commands.form(action)?.fields ?? {}
    const answers = found?.action.answers ?? 'person'
    const message = remembered.message ?? { ...remembered.place, message: '' }
    const turn = { ...remembered, client, user: body.user.id, answers, message }
    const raw = rawFields(declared, view.state.values, client, turns)
    await turns.press(turn, action, { declared, raw })
  })
}

function rawFields(
  declared: Options,
  state: Readonly<Record<string, Parameters<typeof fieldValue>[0]>>,
  client: webApi.WebClient,
  turns: SlackTurns,
): RawOptions {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type }]) => {
      const value = fieldValue(state[name] ?? {})
      return [name, value && type === 'picture' ? turns.picture({ id: value }, client) : value]
    }),
  )
}
