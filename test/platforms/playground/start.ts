import { join } from 'node:path'
import { pino, type Logger } from 'pino'
import { privacyFor } from '../../../commands/privacy.ts'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import type { Services } from '../../../src/chat/services.ts'
import type { Catalogue } from '../../../src/neurons/catalogue.ts'
import { connectPlayground } from '../../../src/platforms/playground/connect.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Store } from '../../../src/store/store.ts'
import { testCommands } from '../test-commands.ts'
import { placeCommand } from './place-command.ts'

export type Playground = Awaited<ReturnType<typeof startPlayground>>

/** The real playground with the test's commands. Takes a file for the store and a port if it is to be started again. */
export async function startPlayground(
  storeOrUrl: string | Store = 'sqlite::memory:',
  port = 0,
  log: Logger = pino({ level: 'silent' }),
  publicUrl?: URL,
  damaged: readonly string[] = [],
) {
  const store = typeof storeOrUrl === 'string' ? await openStore(storeOrUrl) : storeOrUrl
  // The test's commands use none of the other services.
  const catalogue = { modelTitle: 'Little CLIP', summary: 'knows spiders and trains' } as Catalogue
  const services = { store, log, catalogue, now: () => new Date() } as Services
  const often = { points: 10_000, seconds: 1 }
  const commands = [...testCommands, placeCommand, privacyFor([])]
  const dispatcher = new Dispatcher(commands, services, new Cooldowns(often, often))
  const playground = await connectPlayground({
    dispatcher,
    store,
    log,
    host: '127.0.0.1',
    port,
    publicUrl,
    damaged,
    assets: join(import.meta.dirname, '../../../assets'),
    now: () => new Date(),
  })
  return {
    url: playground.url,
    ownerUrl: playground.ownerUrl,
    near: playground.near,
    outbox: playground.outbox,
    async stop() {
      await playground.stop()
      await store.close()
    },
  }
}
