import { Writable } from 'node:stream'
import { expect } from 'vitest'
import { freePort } from '../../free-port.ts'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Option } from '../../../src/chat/options.ts'
import type { Platform } from '../../../src/chat/platform.ts'
import type { Services } from '../../../src/chat/services.ts'
import { createLog } from '../../../src/log.ts'
import { connectDiscord } from '../../../src/platforms/discord/connect.ts'
import type { Asked, PlatformDriver, Shown, Who } from '../platform.contract.ts'
import { startBalancer } from '../balancer.ts'
import { testCommands } from '../test-commands.ts'
import { DiscordServer, ids, posted, token, type Answered, type Sent } from './discord-server.ts'
import { readComponents } from './read-components.ts'
import { SigningKeys } from './signing-keys.ts'

const types: Record<Option['type'], number> = {
  text: 3,
  choice: 3,
  integer: 4,
  number: 10,
  boolean: 5,
  picture: 11,
  channel: 7,
  role: 8,
}
const manageGuild = String(1n << 5n)

const people: Record<Who, { user: string; permissions?: string }> = {
  ada: { user: ids.user },
  ben: { user: ids.other },
  mo: { user: '4002', permissions: manageGuild },
}

/** People on Discord, and a stock discord.js client that interactions reach over the gateway or by signed HTTP. */
export async function discordDriver(way: 'gateway' | 'http' = 'gateway', bots = 1): Promise<PlatformDriver> {
  const server = new DiscordServer()
  await server.start()
  const keys = new SigningKeys()
  const ports = await Promise.all(Array.from({ length: way === 'http' ? bots : 0 }, freePort))
  const balancer = ports.length > 0 ? await startBalancer(ports) : undefined
  if (balancer) server.endpoint = (interaction) => keys.post(balancer.port, interaction)
  const taken = new Set<string>()
  const lines: string[] = []
  const output = new Writable({
    write(line: Buffer, _encoding, done) {
      lines.push(line.toString())
      done()
    },
  })
  const log = createLog({ level: 'debug', secrets: [token], output })
  const connect = (port?: number): Promise<Platform> =>
    connectDiscord({
      token,
      // Of the services, the test commands need only the log.
      dispatcher: new Dispatcher(
        testCommands,
        { log } as Services,
        new Cooldowns({ points: 1000, seconds: 1 }, { points: 1000, seconds: 1 }),
      ),
      store: {
        deleteScope: async () => 0,
        insertIfAbsent: async (_kind, _scope, id) => !taken.has(id.join()) && Boolean(taken.add(id.join())),
      },
      ...(port === undefined ? {} : { http: { publicKey: keys.publicKey, host: '127.0.0.1', port } }),
      log,
      rest: { api: `${server.origin}/api`, version: '10' },
      origins: [server.origin],
    })
  const connectAll = () =>
    ports.length > 0 ? Promise.all(ports.map(connect)) : connect().then((one) => [one])
  const stopAll = () => Promise.all(platforms.map((platform) => platform.stop()))
  let platforms = await connectAll()
  /** What a later press needs to know of what was shown. */
  const sources = new Map<Shown, Sent>()

  const shownOf = ({ sent, forOne }: Answered['states'][number]): Shown => {
    const read = readComponents(sent.components)
    const shown: Shown = {
      id: sent.id,
      words: read.words,
      // Shown only if the file really arrived and can be fetched.
      pictures: read.pictures.flatMap((name) => {
        const file = sent.attachments.find(({ filename }) => filename === name)
        return file && server.file(file.url).length > 0 ? [{ alt: file.description ?? '' }] : []
      }),
      buttons: read.buttons.map(({ label }) => label),
      choices: read.choices.map(({ label }) => label),
      files: read.files.filter((name) => sent.attachments.some(({ filename }) => filename === name)),
      forOne,
    }
    sources.set(shown, sent)
    return shown
  }

  const asked = async (answered: Answered): Promise<Asked> => {
    await expect.poll(() => answered.acknowledgedAfterMs).toBeTypeOf('number')
    return {
      async shown(words) {
        const find = (wanted: string) =>
          answered.states.find(({ sent }) => readComponents(sent.components).words.includes(wanted))
        const either = () => find(words) ?? find('Something went wrong')
        await expect.poll(either, { message: `"${words}" to be shown` }).toBeDefined()
        const state = find(words)
        if (!state) throw new Error(`instead of "${words}": ${lines.at(-1)}`)
        return shownOf(state)
      },
    }
  }

  const press = (shown: Shown, label: string, who: Who, more: object): Answered => {
    const message = sources.get(shown)!
    const { buttons } = readComponents(message.components)
    const custom_id = buttons.find((button) => button.label === label)!.id
    return server.interact(
      3,
      { custom_id, component_type: 2, ...more },
      { ...people[who], message, forOne: shown.forOne },
    )
  }

  return {
    run(path, options = {}, who = 'ada') {
      const declared = declaredOptions(path)
      const attachments: Record<string, object> = {}
      const given = Object.entries(options).map(([name, value]) => {
        const type = declared[name]!.type
        if (typeof value === 'string')
          return { name, type: types[type], value: type === 'integer' ? Number(value) : value }
        const file = server.upload('picture.png', value)
        attachments[file.id] = file
        return { name, type: types.picture, value: file.id }
      })
      const inner = path[1] ? [{ type: 1, name: path[1], options: given }] : given
      return asked(
        server.interact(
          2,
          { id: '1', name: path[0], type: 1, options: inner, resolved: { attachments } },
          people[who],
        ),
      )
    },
    menu(label, pictures, who = 'ada') {
      const message = postedBy(
        ids.other,
        pictures.map((bytes) => server.upload('posted.png', bytes)),
      )
      const data = {
        id: '2',
        name: label,
        type: 3,
        target_id: message.id,
        resolved: { messages: { [message.id]: message } },
      }
      return asked(server.interact(2, data, people[who]))
    },
    mention: (pictures, who = 'ada') =>
      asked(
        server.say({
          content: `<@${ids.bot}> look`,
          attachments: pictures.map((bytes) => server.upload('posted.png', bytes)),
          user: people[who].user,
        }),
      ),
    press: (shown, label, who = 'ada') => asked(press(shown, label, who, {})),
    choose(shown, label, who = 'ada') {
      const message = sources.get(shown)!
      const { choices } = readComponents(message.components)
      const { select, value } = choices.find((choice) => choice.label === label)!
      return asked(
        server.interact(
          3,
          { custom_id: select, component_type: 3, values: [value] },
          { ...people[who], message },
        ),
      )
    },
    async fillIn(shown, label, fields, who = 'ada') {
      const opened = press(shown, label, who, {})
      await expect.poll(() => opened.modal).toBeDefined()
      const modal = opened.modal as {
        custom_id: string
        components: { component: { type: number; custom_id: string } }[]
      }
      const components = modal.components
        .filter(({ component }) => fields[component.custom_id] !== undefined)
        .map(({ component: { type, custom_id } }, index) => {
          const value = fields[custom_id]!
          return {
            type: 18,
            id: index,
            component: {
              type,
              id: 100 + index,
              custom_id,
              ...(type === 4 ? { value } : { values: [value] }),
            },
          }
        })
      const message = sources.get(shown)!
      return asked(
        server.interact(5, { custom_id: modal.custom_id, components }, { ...people[who], message }),
      )
    },
    async complete(path, option, typed) {
      const options = [{ name: option, type: 3, value: typed, focused: true }]
      const completing = server.interact(4, { id: '1', name: path[0], type: 1, options })
      await expect.poll(() => completing.choices).toBeDefined()
      return completing.choices!.map(({ name }) => name)
    },
    async restart() {
      await stopAll()
      platforms = await connectAll()
    },
    async stop() {
      await stopAll()
      await balancer?.stop()
      await server.stop()
    },
    log: () => lines.join(''),
    secrets: [token],
    wrong: () => server.wrong,
  }
}

function declaredOptions([name, subcommand]: readonly string[]): Readonly<Record<string, Option>> {
  const command = testCommands.find((each) => each.name === name)!
  const invocation = 'subcommands' in command ? command.subcommands[subcommand!]! : command
  return invocation.options ?? {}
}

const postedBy = (id: string, attachments: readonly object[]) =>
  posted({ id: '77', author: { id, username: 'ben', discriminator: '0', avatar: null }, attachments })
