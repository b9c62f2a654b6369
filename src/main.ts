import { join } from 'node:path'
import type { Logger } from 'pino'
import { commands } from '../commands/index.ts'
import { settingsOf } from './chat/community.ts'
import { Cooldowns } from './chat/cooldown.ts'
import { Dispatcher } from './chat/dispatch.ts'
import { type Limits, openLimits } from './chat/limits.ts'
import type { Platform } from './chat/platform.ts'
import type { Services } from './chat/services.ts'
import { ownerError, UserError } from './errors.ts'
import type { Engine } from './jobs/engine.ts'
import { english, spoken } from './language.ts'
import { createLog, exitWith } from './log.ts'
import { Metrics } from './metrics/metrics.ts'
import { type MetricsServer, serveMetrics } from './metrics/serve.ts'
import { projectRoot } from './root.ts'
import { readSettings, secretsOf, type Settings } from './settings.ts'
import { startTicker } from './ticker.ts'
import { wire, type Wired } from './wire.ts'

/** A stop takes at most five seconds in all. */
const stopWithinMs = 4900

/** The bot's process: reads settings, wires, connects the platforms, and stops cleanly on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const settings = readSettings()
  const log = createLog({ level: settings.LOG_LEVEL, secrets: secretsOf(settings) })
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise was rejected unhandled'))
  let engine: Engine | undefined
  const platforms: Platform[] = []
  const metrics =
    settings.METRICS_PORT === undefined
      ? undefined
      : new Metrics({
          queue: () => engine?.status() ?? { waiting: 0, running: 0 },
          shards: () => platforms.flatMap((platform) => platform.shards?.() ?? []),
        })
  const wired = await wire(settings, log, metrics)
  engine = wired.services.engine
  logModel(wired.services)
  const limits = await openLimits(settings.STORE_URL, log)
  const dispatcher = openDispatcher(settings, wired.services, limits)
  dispatcher.onEnded = (ended) => metrics?.commandEnded(ended)

  const running: { stop(): Promise<void> }[] = []
  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    await Promise.allSettled(running.map((each) => each.stop()))
    await Promise.allSettled([limits.close(), wired.close()])
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))

  let next = 'Type /help in a channel that the bot is in.'
  await connectAll(connections(settings, dispatcher, wired), log, (platform) => {
    if (platform.next) ({ next } = platform)
    platforms.push(platform)
    running.push(platform)
    wired.outboxes.add(platform.name, platform.outbox)
  })
  if (stopping) return
  const { METRICS_HOST: host, METRICS_PORT: port } = settings
  if (metrics && port !== undefined) running.push(await startMetrics(metrics, { host, port }, wired.services))
  log.info(`${next} Ctrl+C stops the bot.`)
  loadLabels(wired.services)
  const tasks = commands.flatMap(({ everyMinute = [] }) => everyMinute)
  running.push(startTicker(tasks, wired.services))
  const growing = wired.growGallery()
  if (growing) running.push(growing)
}

function openDispatcher(settings: Settings, services: Services, limits: Limits): Dispatcher {
  const perPerson = { points: settings.COOLDOWN_PERSON, seconds: 60 }
  const perCommunity = { points: settings.COOLDOWN_COMMUNITY, seconds: 60 }
  const cooldowns = new Cooldowns(perPerson, perCommunity, limits.open)
  return new Dispatcher(commands, services, cooldowns, (place) => settingsOf(services.store, place))
}

/**
 * Connects all platforms at once. One that fails is logged and does not take the others down.
 * @throws UserError 'bad-settings' if none can be connected.
 */
async function connectAll(
  wanted: readonly Connection[],
  log: Logger,
  onConnected: (platform: Connected) => void,
): Promise<void> {
  const started = await Promise.allSettled(
    wanted.map(async ([name, connect]) => {
      try {
        onConnected(await connect())
      } catch (error) {
        if (error instanceof UserError) log.error(`${name} does not serve: ${error.message}`)
        else log.error({ err: error }, `${name} does not serve`)
        throw error
      }
    }),
  )
  if (started.every(({ status }) => status === 'rejected')) {
    throw ownerError('bad-settings', 'Nothing serves: correct what is logged above, or set PLAYGROUND=on.')
  }
}

async function startMetrics(
  metrics: Metrics,
  address: { readonly host: string; readonly port: number },
  { store, engine, log }: Services,
): Promise<MetricsServer> {
  const checks = [
    { name: 'store', ready: () => store.scopes().then(() => true) },
    { name: 'model', ready: () => engine.ready() },
  ]
  const server = await serveMetrics(metrics, checks, address)
  log.debug(`metrics are at ${server.url}/metrics`)
  return server
}

/** The first person should not wait for the labels of the zero-shot classification. */
function loadLabels({ engine, catalogue, log }: Services): void {
  engine
    .loadLabels(catalogue.labels)
    .catch((error: unknown) => log.debug({ err: error }, 'the labels were not loaded ahead of time'))
}

/** Which model answers, and how fast if it runs here; if it runs on workers, the queue has reported them. */
function logModel({ log, catalogue, engine }: Services): void {
  const { provider, reports } = engine.status()
  const reason = reports.find(({ serves }) => serves)?.reason
  log.info({ model: catalogue.modelId }, `${catalogue.modelTitle}: ${spoken(catalogue.summary, english)}`)
  if (!reason) return
  const named = { cpu: 'The CPU', server: 'The model server', cuda: 'cuda', webgpu: 'webgpu' }[provider]
  log.info({ provider }, `${named} ${reason}`)
}

/** A platform, and what its owner does first. */
type Connected = Platform & { readonly next?: string }
type Connection = readonly [name: string, connect: () => Promise<Connected>]

/** The platforms that the settings ask for; a platform's packages are loaded only then. */
function connections(
  settings: Settings,
  dispatcher: Dispatcher,
  { services: { log, store, now }, damaged }: Wired,
): Connection[] {
  const wanted: [string, boolean, () => Promise<Connected>][] = [
    [
      'playground',
      settings.PLAYGROUND === 'on',
      async () => {
        const { connectPlayground } = await import('./platforms/playground/connect.ts')
        const { HOST: host, PORT: port, PUBLIC_URL: publicUrl } = settings
        const playground = await connectPlayground({
          dispatcher,
          store,
          log,
          host,
          port,
          publicUrl,
          damaged,
          assets: join(projectRoot, 'assets'),
          now,
        })
        log.info({ url: playground.url }, `The playground is at ${playground.url}`)
        const next = `Open ${playground.ownerUrl} and drop a picture on the page; whoever has this link may moderate.`
        return { ...playground, next }
      },
    ],
    [
      'discord',
      Boolean(settings.DISCORD_TOKEN),
      async () => {
        const { connectDiscord } = await import('./platforms/discord/connect.ts')
        return connectDiscord({ ...discordSettings(settings), dispatcher, store, log })
      },
    ],
    [
      'slack',
      Boolean(settings.SLACK_BOT_TOKEN ?? settings.SLACK_APP_TOKEN ?? settings.SLACK_SIGNING_SECRET),
      async () => {
        const { connectSlack } = await import('./platforms/slack/connect.ts')
        return connectSlack({ ...slackSettings(settings), dispatcher, store, log })
      },
    ],
  ]
  return wanted.filter(([, isWanted]) => isWanted).map(([name, , connect]) => [name, connect])
}

function discordSettings(settings: Settings) {
  const { DISCORD_TOKEN: token = '', DISCORD_GUILD: guildId, DISCORD_PUBLIC_KEY: publicKey } = settings
  const { DISCORD_HOST: host, DISCORD_PORT: port, SHARDS: shards, SHARD_COUNT: of } = settings
  if (shards !== 'auto' && of === undefined)
    throw ownerError('bad-settings', 'SHARDS needs SHARD_COUNT: how many shards there are in all.')
  return {
    token,
    ...(guildId ? { guildId } : {}),
    ...(publicKey ? { http: { publicKey, host, port } } : {}),
    ...(shards === 'auto' || of === undefined
      ? {}
      : { shards: { served: shards.split(',').map(Number), of } }),
  }
}

function slackSettings(settings: Settings) {
  const {
    SLACK_CLIENT_ID: clientId,
    SLACK_CLIENT_SECRET: clientSecret,
    SLACK_STATE_SECRET: stateSecret,
  } = settings
  return {
    port: settings.SLACK_PORT,
    host: settings.SLACK_HOST,
    ...(settings.SLACK_BOT_TOKEN ? { botToken: settings.SLACK_BOT_TOKEN } : {}),
    ...(settings.SLACK_APP_TOKEN ? { appToken: settings.SLACK_APP_TOKEN } : {}),
    ...(settings.SLACK_SIGNING_SECRET ? { signingSecret: settings.SLACK_SIGNING_SECRET } : {}),
    ...(clientId && clientSecret && stateSecret ? { oauth: { clientId, clientSecret, stateSecret } } : {}),
  }
}

await main().catch(exitWith)
