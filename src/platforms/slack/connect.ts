import { setMaxListeners } from 'node:events'
import { App, HTTPReceiver, SocketModeReceiver, webApi, type InstallationStore } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Platform } from '../../chat/platform.ts'
import type { Store } from '../../store/store.ts'
import { ownerError } from '../../errors.ts'
import { clientOptions } from './client.ts'
import { errorCode } from './errors.ts'
import { listen } from './events.ts'
import { fileOrigins } from './files.ts'
import { installationStore } from './installations.ts'
import { botScopes } from './manifest.ts'
import { boltLog } from './log.ts'
import { once } from './once.ts'
import { SlackOutbox } from './outbox.ts'

export interface SlackSetup {
  /** For a single workspace; absent if the bot is installed in several by OAuth. */
  readonly botToken?: string
  /** For Socket Mode; signed HTTP if absent. */
  readonly appToken?: string
  readonly signingSecret?: string
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string; readonly stateSecret: string }
  /** Port for signed HTTP, and for the pages on which workspaces install the bot. */
  readonly port: number
  /** The loopback address is enough behind a proxy or tunnel. */
  readonly host: string
  readonly dispatcher: Dispatcher
  readonly store: Store
  readonly log: Logger
  /** Base URLs of the Web API and of files; by default Slack's own. */
  readonly apiUrl?: string
  readonly origins?: readonly string[]
  /** How long running commands have to finish when the bot stops. */
  readonly finishMs?: number
}

/** The same limit as Bolt's for old requests. */
const clocksDifferMs = 5 * 60_000
/**
 * Connects by Socket Mode or serves signed HTTP, depending on which tokens are set.
 * @throws UserError 'bad-settings' if a token is missing or Slack does not know it.
 */
export async function connectSlack(setup: SlackSetup): Promise<Platform> {
  const { dispatcher, store, log, origins = fileOrigins, finishMs = 4000 } = setup
  const installations = installationStore(store)
  const options = clientOptions(log, setup.apiUrl)
  const bot = setup.botToken ? await botOf(setup.botToken, options) : {}
  const app = new App({
    receiver: receiverFor(setup, installations),
    logger: boltLog(log),
    clientOptions: options,
    convoStore: false,
    // Without a token the receiver's installer finds each workspace's.
    ...bot,
  })
  app.error(async (error) => log.error({ err: error }, 'slack: an event could not be answered'))
  app.use(once(store, log))
  const stopping = new AbortController()
  // Every running command listens to it.
  setMaxListeners(0, stopping.signal)
  let closed = false
  listen({
    app,
    dispatcher,
    log,
    origins,
    signal: stopping.signal,
    isClosed: () => closed,
    async onUninstalled(team) {
      const records = await store.deleteScope({ platform: 'slack', community: team })
      log.info({ team, records }, 'slack: uninstalled, and its data deleted')
    },
  })
  await start(app, setup)
  log.info({ mode: setup.appToken ? 'socket' : 'http' }, 'slack is connected')
  const clientFor = async (team: string): Promise<webApi.WebClient> => {
    if (setup.botToken) return app.client
    const query = { teamId: team, enterpriseId: undefined, isEnterpriseInstall: false }
    const { bot } = await installations.fetchInstallation(query)
    return new webApi.WebClient(bot?.token, options)
  }
  return {
    name: 'slack',
    outbox: new SlackOutbox(clientFor),
    async stop() {
      closed = true
      await Promise.race([dispatcher.idle(), new Promise((resolve) => setTimeout(resolve, finishMs).unref())])
      stopping.abort()
      await dispatcher.idle()
      await app.stop()
    },
  }
}

/** Whose token it is. Bolt would otherwise ask on its own, and if that call is lost, it never answers any event. */
async function botOf(token: string, options: webApi.WebClientOptions) {
  const client = new webApi.WebClient(token, options)
  const { user_id, bot_id } = await settled('SLACK_BOT_TOKEN', () => client.auth.test())
  return { token, ...(user_id && { botUserId: user_id }), ...(bot_id && { botId: bot_id }) }
}

/** What the tokens decide: Socket Mode or signed HTTP, one workspace or those that install the bot. */
function receiverFor(
  { botToken, appToken, signingSecret, oauth, port, host, log, apiUrl }: SlackSetup,
  installationStore: InstallationStore,
): SocketModeReceiver | HTTPReceiver {
  if (!botToken && !oauth) {
    throw ownerError(
      'bad-settings',
      'Slack needs SLACK_BOT_TOKEN (one workspace), or SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and SLACK_STATE_SECRET (several).',
    )
  }
  const logger = boltLog(log)
  const installerOptions = { clientOptions: clientOptions(log, apiUrl), port }
  const installing = botToken || !oauth ? {} : { ...oauth, scopes: [...botScopes], installationStore }
  if (appToken) {
    // Bolt passes this on to listen(), and has no option for the host.
    const here = { port, host } as unknown as number
    return new SocketModeReceiver({
      appToken,
      logger,
      installerOptions: { ...installerOptions, port: here },
      ...installing,
    })
  }
  if (signingSecret) {
    return refusingTheFuture(new HTTPReceiver({ signingSecret, logger, installerOptions, ...installing }))
  }
  throw ownerError(
    'bad-settings',
    'Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).',
  )
}

/** Bolt rejects requests that are too old. One that is dated ahead would be good for even longer. */
function refusingTheFuture(receiver: HTTPReceiver): HTTPReceiver {
  const listener = receiver.requestListener
  receiver.requestListener = (request, response) => {
    const sentAt = Number(request.headers['x-slack-request-timestamp']) * 1000
    if (sentAt > Date.now() + clocksDifferMs) response.writeHead(401).end()
    else listener(request, response)
  }
  return receiver
}

async function start(app: App, { port, host }: SlackSetup): Promise<void> {
  try {
    await settled('SLACK_APP_TOKEN', () => app.start({ port, host }))
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') throw error
    throw ownerError(
      'bad-settings',
      `Slack's events cannot be served on port ${port}, which is taken; please set SLACK_PORT to another.`,
      { cause: error },
    )
  }
}

/** Does something that needs a token; if Slack rejects the token, says which one. */
async function settled<T>(setting: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const code = errorCode(error)
    if (!code) throw error
    throw ownerError(
      'bad-settings',
      `Slack does not take the token in ${setting} (${code}); please copy it from the app's settings again.`,
      { cause: error },
    )
  }
}
