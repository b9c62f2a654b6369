import { App, HTTPReceiver, SocketModeReceiver, type webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Platform } from '../../chat/platform.ts'
import type { Store } from '../../store/store.ts'
import { UserError } from '../../errors.ts'
import { listen } from './events.ts'
import { fileOrigins } from './files.ts'
import { installationStore } from './installations.ts'
import { botScopes } from './manifest.ts'
import { SlackOutbox } from './outbox.ts'
import { boltLog } from './log.ts'

export interface SlackSetup {
  /** For one workspace. Absent where the bot is installed into several by OAuth. */
  readonly botToken?: string
  /** Socket Mode where present, signed HTTP otherwise. */
  readonly appToken?: string
  readonly signingSecret?: string
  readonly oauth?: { readonly clientId: string; readonly clientSecret: string; readonly stateSecret: string }
  /** Where signed HTTP is served, and where workspaces install the bot. */
  readonly port: number
  /** All of this machine's addresses where absent. */
  readonly host?: string
  readonly dispatcher: Dispatcher
  readonly store: Store
  readonly log: Logger
  /** Where the Web API and the files live; Slack's own where absent. */
  readonly apiUrl?: string
  readonly origins?: readonly string[]
}

/** What runs gets this long to finish when the bot stops. */
const finishMs = 4000

/** Connects by Socket Mode or serves signed HTTP, whichever the tokens are there for. */
export async function connectSlack(setup: SlackSetup): Promise<Platform> {
  const { dispatcher, store, log, origins = fileOrigins } = setup
  const clientOptions = setup.apiUrl ? { slackApiUrl: setup.apiUrl } : {}
  const installations = installationStore(store)
  const app = new App({
    receiver: receiverFor(setup, installations),
    logger: boltLog(log),
    clientOptions,
    ...(setup.botToken ? { token: setup.botToken } : { authorize: authorizeBy(installations) }),
  })
  app.error(async (error) => log.error({ err: error }, 'slack: an event could not be answered'))
  const stopping = new AbortController()
  let closed = false
  listen({
    app,
    dispatcher,
    origins,
    signal: stopping.signal,
    isClosed: () => closed,
    async onUninstalled(team) {
      const records = await store.deleteScope({ platform: 'slack', community: team })
      log.info({ team, records }, 'slack: uninstalled, and its data deleted')
    },
  })
  await app.start({ port: setup.port, ...(setup.host ? { host: setup.host } : {}) })
  log.info({ mode: setup.appToken ? 'socket' : 'http' }, 'slack is connected')
  const clientFor = async (team: string): Promise<webApi.WebClient> => {
    if (setup.botToken) return app.client
    const { botToken } = await authorizeBy(installations)({ teamId: team })
    return new (app.client.constructor as typeof webApi.WebClient)(botToken, clientOptions)
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

function receiverFor(
  { appToken, signingSecret, oauth, log, apiUrl }: SlackSetup,
  installations: ReturnType<typeof installationStore>,
): SocketModeReceiver | HTTPReceiver {
  const logger = boltLog(log)
  const clientOptions = apiUrl ? { slackApiUrl: apiUrl } : {}
  if (appToken) return new SocketModeReceiver({ appToken, logger, installerOptions: { clientOptions } })
  if (!signingSecret) {
    throw new UserError(
      'bad-settings',
      'Slack needs SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).',
    )
  }
  return new HTTPReceiver({
    signingSecret,
    logger,
    processBeforeResponse: false,
    ...(oauth
      ? {
          ...oauth,
          scopes: [...botScopes],
          installationStore: installations,
          installerOptions: { clientOptions },
        }
      : {}),
  })
}

const authorizeBy =
  (installations: ReturnType<typeof installationStore>) =>
  async ({ teamId }: { readonly teamId?: string | undefined }) => {
    const found = await installations.fetchInstallation({
      teamId,
      enterpriseId: undefined,
      isEnterpriseInstall: false,
    })
    return {
      botToken: found.bot?.token ?? '',
      botId: found.bot?.id ?? '',
      botUserId: found.bot?.userId ?? '',
    }
  }
