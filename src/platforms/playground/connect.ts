import { once } from 'node:events'
import { join } from 'node:path'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import type { Logger } from 'pino'
import { text } from '../../chat/elements.ts'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Platform } from '../../chat/platform.ts'
import { communityLanguage, settingsOf } from '../../chat/community.ts'
import { ownerError } from '../../errors.ts'
import { type Translate, translator } from '../../language.ts'
import type { Store } from '../../store/store.ts'
import { Channels } from './channels.ts'
import { Conversation } from './conversation.ts'
import { Streams } from './events.ts'
import { Files } from './files.ts'
import { History } from './history.ts'
import { Hub } from './hub.ts'
import { scope } from './message.ts'
import { PlaygroundOutbox } from './outbox.ts'
import { People } from './people.ts'
import { Samples } from './samples.ts'
import { Runs } from './runs.ts'
import { createServer } from './server.ts'
import { Sessions } from './sessions.ts'

export interface PlaygroundSetup {
  readonly dispatcher: Dispatcher
  readonly store: Store
  readonly log: Logger
  readonly host: string
  /** 0 means any free port. */
  readonly port: number
  /** Keys of the records that could not be read so far; the owner is told at the start. */
  readonly damaged?: readonly string[]
  /** The address that people's browsers use, if there is a proxy in front. */
  readonly publicUrl?: URL | undefined
  /** The folder assets/ of the project. */
  readonly assets: string
  readonly now: () => Date
}

/**
 * Serves the playground: a web chat on this machine that is a platform like the others. Whoever opens `ownerUrl`
 * owns it and may moderate. Addresses can't decide that: behind a proxy on this machine everybody seems local.
 * @throws UserError 'bad-settings' if it cannot listen on that host and port.
 */
export async function connectPlayground(
  setup: PlaygroundSetup,
): Promise<Platform & { readonly url: string; readonly near: string; readonly ownerUrl: string }> {
  const { dispatcher, store, log, host, port, publicUrl, assets, now } = setup
  const speaks = async () => translator(communityLanguage(await settingsOf(store, scope)))
  const hub = new Hub()
  const streams = new Streams(hub)
  const files = new Files(store)
  const runs = new Runs(store)
  const people = new People(store)
  const [channels, history, samples, sessions] = await Promise.all([
    Channels.load(store),
    History.load({ store, files, hub, runs, log, now, translator: speaks }),
    Samples.load(join(assets, 'contest')),
    Sessions.load(store),
  ])
  const conversation = new Conversation({ dispatcher, history, runs, files, channels, people, now })
  const shared = {
    dispatcher,
    conversation,
    history,
    files,
    channels,
    people,
    sessions,
    secure: publicUrl?.protocol === 'https:',
    hub,
    streams,
    samples,
    log,
    now,
  }
  const outbox = new PlaygroundOutbox({ history, channels, now, translator: speaks })
  await tellOwners(setup.damaged ?? [], people, outbox, speaks)
  const app = createServer({ ...shared, host, publicUrl, assets })
  const server = createAdaptorServer({ fetch: app.fetch })
  const near = await listen(server, host, port)
  const url = publicUrl?.origin ?? near
  return {
    name: 'playground',
    url,
    /** The address for a browser on this machine, whatever is in front. */
    near,
    ownerUrl: url + sessions.ownerPath,
    outbox,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      await conversation.turns.end()
      await history.settled()
      history.close()
      runs.close()
      streams.close()
      if ('closeIdleConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}

/** Damaged records are left out and the rest still works, but the owner should know. */
async function tellOwners(
  damaged: readonly string[],
  people: People,
  outbox: PlaygroundOutbox,
  speaks: () => Promise<Translate>,
): Promise<void> {
  if (damaged.length === 0) return
  const t = await speaks()
  const sentence = t('platform.playground.damaged', { count: damaged.length })
  for (const owner of await people.owners()) await outbox.tell(scope, owner, { elements: [text(sentence)] })
}

/** @returns the address for a browser on this machine */
async function listen(server: ServerType, host: string, port: number): Promise<string> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    throw ownerError(
      'bad-settings',
      `The playground cannot listen on ${host}, port ${port} (${code ?? message}); please set PORT or HOST to another.`,
      { cause },
    )
  }
  const address = server.address()
  return `http://${nameFor(host)}:${typeof address === 'object' ? address?.port : port}`
}

/** The host in the form that a browser on this machine uses. */
function nameFor(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
