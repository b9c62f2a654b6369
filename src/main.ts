import { join } from 'node:path'
import { commands } from '../commands/index.ts'
import { settingsOf } from './chat/community.ts'
import { Cooldowns } from './chat/cooldown.ts'
import { Dispatcher } from './chat/dispatch.ts'
import { openLimits } from './chat/limits.ts'
import type { Platform } from './chat/platform.ts'
import type { Services } from './chat/services.ts'
import { UserError } from './errors.ts'
import type { Engine } from './jobs/engine.ts'
import { createLog } from './log.ts'
import { Metrics } from './metrics/metrics.ts'
import { type MetricsServer, serveMetrics } from './metrics/serve.ts'
import type { Growing } from './packs/gallery/grow.ts'
import { projectRoot } from './root.ts'
import { readSettings, secretsOf, type Settings } from './settings.ts'
import { startTicker, type Ticker } from './ticker.ts'
import { wire, type Wired } from './wire.ts'

const minute = 60
const stopWithinMs = 4900

/** The bot's process: reads settings, wires, connects the platforms, and stops cleanly on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const settings = readSettings()
  const log = createLog({ level: settings.LOG_LEVEL, secrets: secretsOf(settings) })
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'nobody handled this'))
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
  tellModel(wired.services)
  const limits = await openLimits(settings.STORE_URL, log)
  const dispatcher = new Dispatcher(
    commands,
    wired.services,
    new Cooldowns(
      { points: settings.COOLDOWN_PERSON, seconds: minute },
      { points: settings.COOLDOWN_COMMUNITY, seconds: minute },
      limits.open,
    ),
    (place) => settingsOf(wired.services.store, place),
  )
  dispatcher.onEnded = (ended) => metrics?.commandEnded(ended)
  let ticker: Ticker | undefined
  let growing: Growing | undefined
  let counting: MetricsServer | undefined
  let stopping = false
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), stopWithinMs).unref()
    await Promise.allSettled([
      counting?.stop(),
      ticker?.stop(),
      growing?.stop(),
      ...platforms.map((platform) => platform.stop()),
    ])
    await Promise.allSettled([limits.close(), wired.close()])
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))

  const started = await Promise.allSettled(
    connections(settings, dispatcher, wired).map(async ([name, connect]) => {
      try {
        const platform = await connect()
        platforms.push(platform)
        wired.outboxes.add(platform.name, platform.outbox)
      } catch (error) {
        // One platform that fails does not take the others down.
        if (error instanceof UserError) log.error(`${name} does not serve: ${error.message}`)
        else log.error({ err: error }, `${name} does not serve`)
        throw error
      }
    }),
  )
  if (started.every(({ status }) => status === 'rejected')) {
    throw new UserError('bad-settings', 'Nothing serves: correct what is logged above, or set PLAYGROUND=on.')
  }
  if (stopping) return
  if (metrics && settings.METRICS_PORT !== undefined) {
    const checks = [{ name: 'store', ready: () => wired.services.store.scopes().then(() => true) }]
    const address = { host: settings.METRICS_HOST, port: settings.METRICS_PORT }
    counting = await serveMetrics(metrics, checks, address)
    log.debug(`metrics are at ${counting.url}/metrics`)
  }
  log.info(
    settings.PLAYGROUND === 'on'
      ? 'Open that address and drop a picture on the page. Ctrl+C stops the bot.'
      : 'Type /help in a channel that the bot is in. Ctrl+C stops the bot.',
  )
  learnNames(wired.services)
  ticker = startTicker(
    commands.flatMap(({ everyMinute = [] }) => everyMinute),
    wired.services,
  )
  growing = wired.growGallery()
}

/** The names that a picture could be taken for, so that the first person doesn't wait for them. */
function learnNames({ engine, catalogue, log }: Services): void {
  engine
    .embedWords(catalogue.labels)
    .catch((error: unknown) => log.debug({ err: error }, 'the names were not embedded ahead of time'))
}

/** Which model answers, and how fast. */
function tellModel({ log, catalogue, engine }: Services): void {
  const { provider, reports } = engine.status()
  const reason = reports.find(({ serves }) => serves)?.reason
  log.info({ model: catalogue.modelId }, `${catalogue.modelTitle}: ${catalogue.summary}`)
  const named = { cpu: 'The CPU', server: 'The model server', cuda: 'cuda', webgpu: 'webgpu' }[provider]
  log.info({ provider }, `${named} ${reason}`)
}

/** The platforms that the settings ask for; a platform's packages are loaded only then. */
function connections(
  settings: Settings,
  dispatcher: Dispatcher,
  { services: { log, store, now }, damaged }: Wired,
): [string, () => Promise<Platform>][] {
  const wanted: [string, boolean, () => Promise<Platform>][] = [
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
        log.info(`whoever opens ${playground.ownerUrl} owns the playground and may moderate`)
        log.info({ url: playground.url }, `the playground is at ${playground.url}`)
        return playground
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
    throw new UserError('bad-settings', 'SHARDS needs SHARD_COUNT: how many shards there are in all.')
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

await main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof UserError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exit(error instanceof UserError ? 2 : 1)
})
