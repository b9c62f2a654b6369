import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { freePort } from '../../free-port.ts'
import type { Command } from '../../../src/chat/command.ts'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Platform } from '../../../src/chat/platform.ts'
import type { Services } from '../../../src/chat/services.ts'
import { connectSlack, type SlackSetup } from '../../../src/platforms/slack/connect.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import type { PlatformDriver } from '../platform.contract.ts'
import { testCommands } from '../test-commands.ts'
import { startBalancer } from '../balancer.ts'
import { SlackPeople, type Mode } from './slack-people.ts'
import { SlackServer, tokens } from './slack-server.ts'

export interface Bot {
  readonly platform: Platform
  readonly store: Store
  readonly log: readonly string[]
}

interface BotOptions {
  readonly commands?: readonly Command[]
  readonly storeUrl?: string
  readonly services?: Partial<Services>
  readonly setup?: Partial<SlackSetup>
  readonly log?: string[]
}

/** The stock Bolt app with our commands, connected to that server. */
export async function startBot(
  server: Pick<SlackServer, 'apiUrl' | 'origin'>,
  mode: Mode,
  {
    commands = testCommands,
    storeUrl = 'sqlite::memory:',
    services = {},
    setup = {},
    log = [],
  }: BotOptions = {},
): Promise<Bot> {
  const store = await openStore(storeUrl)
  const logger = pino({ level: 'debug' }, { write: (line) => void log.push(line) })
  // The test's commands use none of the other services, and App Home names the model.
  const catalogue = { modelTitle: 'Test CLIP', summary: 'it knows nothing' }
  const given = { store, log: logger, now: () => new Date(), catalogue, ...services } as Services
  const often = { points: 10_000, seconds: 1 }
  const platform = await connectSlack({
    ...(mode.kind === 'socket' ? { appToken: tokens.app } : { signingSecret: tokens.signing }),
    port: mode.kind === 'http' ? mode.port : 0,
    host: '127.0.0.1',
    dispatcher: new Dispatcher(commands, given, new Cooldowns(often, often)),
    store,
    log: logger,
    apiUrl: server.apiUrl,
    origins: [server.origin],
    // However long it takes on a busy machine.
    finishMs: 900_000,
    ...(setup.oauth ? {} : { botToken: tokens.bot }),
    ...setup,
  })
  return { platform, store, log }
}

/** A workspace, its people and the bot with the test's commands. */
export async function connectSlackDriver(kind: Mode['kind'], bots = 1): Promise<PlatformDriver> {
  const server = new SlackServer()
  await server.start()
  const ports = await Promise.all(Array.from({ length: bots }, freePort))
  const balancer = await startBalancer(ports)
  const mode: Mode = kind === 'socket' ? { kind } : { kind, port: balancer.port }
  const log: string[] = []
  const folder = mkdtempSync(join(tmpdir(), 'slack-'))
  const options = { log, storeUrl: `sqlite://${join(folder, 'shared.db')}` }
  const startAll = () =>
    Promise.all(ports.map((port) => startBot(server, kind === 'socket' ? { kind } : { kind, port }, options)))
  let running = await startAll()
  const people = new SlackPeople(server, testCommands, mode)
  const stop = async () => {
    for (const bot of running) {
      await bot.platform.stop()
      await bot.store.close()
    }
  }
  return {
    run: (path, options, who) => people.run(path, options, who),
    menu: (label, pictures, who) => people.menu(label, pictures, who),
    mention: (pictures, who) => people.mention(pictures, who),
    press: (shown, label, who) => people.press(shown, label, who),
    choose: (shown, label, who) => people.choose(shown, label, who),
    fillIn: (shown, label, fields, who) => people.fillIn(shown, label, fields, who),
    complete: (path, option, typed) => people.complete(path, option, typed),
    async restart() {
      await stop()
      running = await startAll()
    },
    async stop() {
      await stop()
      await balancer.stop()
      await server.stop()
      rmSync(folder, { recursive: true })
    },
    log: () => log.join(''),
    secrets: [tokens.bot, tokens.app, tokens.signing],
    wrong: () => server.wrong,
  }
}
