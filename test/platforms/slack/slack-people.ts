import { createHmac } from 'node:crypto'
import type { Command } from '../../../src/chat/command.ts'
import { english, spoken } from '../../../src/language.ts'
import { shortcutId } from '../../../src/platforms/slack/manifest.ts'
import type { Asked, Shown, Who } from '../platform.contract.ts'
import { textOf, valuesOf } from './block-rules.ts'
import { until, type Json } from './http.ts'
import { type SlackServer, type State, tokens } from './slack-server.ts'

type Given = Readonly<Record<string, string | Uint8Array>>
type Values = Readonly<Record<string, Json>>

export type Mode = { readonly kind: 'socket' } | { readonly kind: 'http'; readonly port: number }

/** What members of a workspace do: everything Slack's own client would send for them. */
export class SlackPeople {
  readonly #server: SlackServer
  readonly #commands: readonly Command[]
  readonly #mode: Mode
  /** The workspace that they are in. */
  team = 'T000000001'

  constructor(server: SlackServer, commands: readonly Command[], mode: Mode) {
    this.#server = server
    this.#commands = commands
    this.#mode = mode
  }

  /** Types a slash command; if a modal opens for it, fills in the pictures and sends it. */
  async run(
    path: readonly string[],
    options: Given = {},
    who: Who = 'ada',
    where: 'games' | 'elsewhere' = 'games',
  ) {
    const typed = Object.entries(options).flatMap(([name, value]) =>
      typeof value === 'string' ? [`${name}:"${value}"`] : [],
    )
    const asked = await this.type(`/${path[0]}`, [...path.slice(1), ...typed].join(' '), who, where)
    const pictures = Object.entries(options).filter(([, value]) => typeof value !== 'string')
    if (pictures.length === 0) return asked
    const opened = await Promise.race([asked.modal(), asked.shown('').then(() => undefined)])
    if (!opened) return asked
    const files: Record<string, Json> = {}
    for (const [name, bytes] of pictures) {
      const file = await this.#server.upload('cat.png', bytes as Uint8Array)
      files[name] = { type: 'file_input', files: [file] }
    }
    return this.submit(opened, files, who)
  }

  async type(command: string, text: string, who: Who = 'ada', where: 'games' | 'elsewhere' = 'games') {
    const user = this.#server.users[who]
    const channel = this.#server.channels[where]
    return this.#ask('slash_commands', user, (trigger) => ({
      command,
      text,
      team_id: this.team,
      channel_id: channel,
      user_id: user,
      trigger_id: trigger,
      response_url: this.#server.responseUrl(channel, user),
    }))
  }

  async menu(label: string, pictures: readonly Uint8Array[], who: Who = 'ada') {
    const command = this.#commands.find(
      (each) => each.pictureMenu && spoken(each.pictureMenu.label, english) === label,
    )!
    const files = await Promise.all(pictures.map((bytes) => this.#server.upload('cat.png', bytes)))
    return this.#interact('message_action', who, {
      callback_id: shortcutId(command),
      message_ts: '1700000000.000001',
      message: { type: 'message', user: this.#server.users.ben, ts: '1700000000.000001', text: '', files },
    })
  }

  /** A message that mentions the bot. */
  async mention(pictures: readonly Uint8Array[], who: Who = 'ada', mimetype = 'image/png') {
    const files = await Promise.all(pictures.map((bytes) => this.#server.upload('cat.png', bytes, mimetype)))
    const user = this.#server.users[who]
    return this.event({
      type: 'app_mention',
      user,
      text: '<@bot> look',
      ts: '1700000000.000002',
      channel: this.#server.channels.games,
      event_ts: '1700000000.000002',
      ...(files.length > 0 ? { files } : {}),
    })
  }

  event(event: Json, teamId = this.team): Promise<AskedOnSlack> {
    return this.#ask('events_api', this.#server.users.ada, () => ({
      type: 'event_callback',
      team_id: teamId,
      api_app_id: 'A0001',
      event,
      event_id: this.#server.newId('event'),
      event_time: Math.floor(Date.now() / 1000),
      authorizations: [{ team_id: teamId, user_id: 'UBOT', is_bot: true }],
    }))
  }

  press(shown: Shown, label: string, who: Who = 'ada') {
    const button = elementsOf(this.#stateOf(shown)).find((each) => labelOf(each) === label)
    if (!button) throw new Error(`there is no button "${label}" in ${JSON.stringify(shown)}`)
    const { action_id: id, block_id: block = 'b1', type, text, value } = button
    return this.#act(shown, { type, action_id: id, block_id: block, text, ...(value ? { value } : {}) }, who)
  }

  choose(shown: Shown, label: string, who: Who = 'ada') {
    for (const element of elementsOf(this.#stateOf(shown))) {
      const option = ((element['options'] ?? []) as Json[]).find((each) => labelOf(each) === label)
      if (!option) continue
      const { action_id: id, type } = element
      return this.#act(shown, { type, action_id: id, block_id: 'b1', selected_option: option }, who)
    }
    throw new Error(`nothing offers "${label}" in ${JSON.stringify(shown)}`)
  }

  async fillIn(shown: Shown, label: string, fields: Readonly<Record<string, string>>, who: Who = 'ada') {
    const asked = await this.press(shown, label, who)
    const view = await asked.modal()
    const values = (view['blocks'] as Json[]).map(({ block_id: name, element }) => {
      const value = fields[String(name)]
      if (value === undefined) return [name, {}]
      const type = (element as Json)['type']
      return [name, type === 'static_select' ? { type, selected_option: { value } } : { type, value }]
    })
    return this.submit(view, Object.fromEntries(values) as Values, who)
  }

  /** Sends a modal; fields without a new value keep what they had when it opened. */
  submit(view: Json, values: Values, who: Who = 'ada') {
    const state = Object.fromEntries(
      (view['blocks'] as Json[]).map(({ block_id: name, element }) => {
        const { action_id: id, type, initial_value: value, initial_option: option } = element as Json
        const initial = { type, ...(value ? { value } : {}), ...(option ? { selected_option: option } : {}) }
        return [name, { [String(id)]: values[String(name)] ?? initial }]
      }),
    )
    return this.#interact('view_submission', who, { view: { ...view, state: { values: state } } })
  }

  async complete(path: readonly string[], option: string, typed: string): Promise<string[]> {
    const action = ['complete', ...path, option].join('/')
    const asked = await this.#interact('block_suggestion', 'ada', {
      action_id: action,
      block_id: option,
      value: typed,
    })
    const { options } = asked.acknowledgement as { options: Json[] }
    return options.map(labelOf)
  }

  async #act(shown: Shown, action: Json, who: Who): Promise<AskedOnSlack> {
    const state = this.#stateOf(shown)
    const user = this.#server.users[who]
    const ephemeral = state.onlyFor !== undefined
    return this.#interact('block_actions', who, {
      channel: { id: state.channel, name: 'games' },
      container: {
        type: 'message',
        message_ts: state.id,
        channel_id: state.channel,
        is_ephemeral: ephemeral,
      },
      ...(ephemeral ? {} : { message: { ts: state.id, text: state.text, blocks: state.blocks } }),
      response_url: this.#server.responseUrl(state.channel, user, state.id),
      actions: [{ ...action, action_ts: '1700000000.1' }],
    })
  }

  #interact(type: string, who: Who, payload: Json): Promise<AskedOnSlack> {
    const user = this.#server.users[who]
    const channel = this.#server.channels.games
    return this.#ask('interactive', user, (trigger) => ({
      type,
      team: { id: this.team, domain: 'test' },
      user: { id: user, name: who, team_id: this.team },
      channel: { id: channel, name: 'games' },
      api_app_id: 'A0001',
      trigger_id: trigger,
      ...(type === 'message_action' ? { response_url: this.#server.responseUrl(channel, user) } : {}),
      ...payload,
    }))
  }

  async #ask(type: string, user: string, payload: (trigger: string) => Json): Promise<AskedOnSlack> {
    const trigger = await this.#server.trigger(user)
    const since = this.#server.states.length
    const began = performance.now()
    const acknowledgement = await this.#deliver(type, payload(trigger))
    const acknowledgedAfterMs = performance.now() - began
    return new AskedOnSlack(this.#server, { acknowledgedAfterMs, acknowledgement, since, trigger })
  }

  async #deliver(type: string, payload: Json): Promise<unknown> {
    if (this.#mode.kind === 'socket') return this.#server.envelope(type, payload)
    const bodies: Record<string, [string, string]> = {
      slash_commands: [formType, new URLSearchParams(payload as Record<string, string>).toString()],
      interactive: [formType, new URLSearchParams({ payload: JSON.stringify(payload) }).toString()],
      events_api: ['application/json', JSON.stringify(payload)],
    }
    const [contentType, body] = bodies[type]!
    const response = await post(this.#mode.port, contentType, body, sign(body))
    if (response.status !== 200) throw new Error(`the bot answered ${response.status} to ${type}`)
    const text = await response.text()
    return text ? JSON.parse(text) : undefined
  }

  #stateOf({ id }: Shown): State {
    return this.#server.states.findLast((state) => state.id === id)!
  }
}

const formType = 'application/x-www-form-urlencoded'

/** The headers with which Slack proves that a request comes from it. */
export function sign(body: string, now = Date.now()): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000))
  const signature = createHmac('sha256', tokens.signing).update(`v0:${timestamp}:${body}`).digest('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` }
}

export const post = (
  port: number,
  type: string,
  body: string,
  headers: Record<string, string>,
): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
  })

interface Outcome {
  readonly acknowledgedAfterMs: number
  readonly acknowledgement: unknown
  readonly since: number
  readonly trigger: string
}

export class AskedOnSlack implements Asked {
  readonly acknowledgedAfterMs: number
  readonly acknowledgement: unknown
  readonly #server: SlackServer
  readonly #outcome: Outcome

  constructor(server: SlackServer, outcome: Outcome) {
    this.#server = server
    this.#outcome = outcome
    this.acknowledgedAfterMs = outcome.acknowledgedAfterMs
    this.acknowledgement = outcome.acknowledgement
  }

  async shown(words: string): Promise<Shown> {
    const found = () => this.states.map(shownOf).find((shown) => shown.words.includes(words))
    await until(() => found() !== undefined, `nothing shows "${words}"`).catch((error: unknown) => {
      const seen = JSON.stringify(this.states.map(shownOf), null, 1)
      throw new Error(`${String(error)} among ${seen}; wrong: ${this.#server.wrong.join('; ')}`)
    })
    return found()!
  }

  /** All that has been shown since. */
  get states(): readonly State[] {
    return this.#server.states.slice(this.#outcome.since)
  }

  /** The modal that has opened for it. */
  async modal(): Promise<Json> {
    const found = () => this.#server.views.find(({ trigger }) => trigger === this.#outcome.trigger)
    await until(() => found() !== undefined, `no modal has opened; wrong: ${this.#server.wrong.join('; ')}`)
    return found()!.view
  }
}

const elementsOf = ({ blocks }: State): Json[] =>
  blocks.flatMap((block) => (block['type'] === 'actions' ? (block['elements'] as Json[]) : []))

const labelOf = (element: Json): string => textOf((element['text'] as Json | undefined)?.['text'])

function shownOf(state: State): Shown {
  const elements = elementsOf(state)
  return {
    id: state.id,
    words: [...state.blocks.map((block) => valuesOf(block, 'text').join('')), ...state.files].join('\n'),
    pictures: state.blocks
      .filter(({ type }) => type === 'image')
      .map((block) => ({ alt: String(block['alt_text']) })),
    buttons: elements.filter(({ type }) => type === 'button').map(labelOf),
    choices: elements.flatMap((element) => ((element['options'] ?? []) as Json[]).map(labelOf)),
    files: state.files,
    forOne: state.onlyFor !== undefined,
  }
}
