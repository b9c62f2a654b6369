import type { Logger } from 'pino'
import { commands } from '../commands/index.ts'
import { Cooldowns } from './chat/cooldown.ts'
import { Dispatcher } from './chat/dispatch.ts'
import { createLog, exitWith } from './log.ts'
import { KeptLabels } from './jobs/kept-labels.ts'
import { modelsFolder } from './open-model.ts'
import { defaultCacheFolder } from './packs/folders.ts'
import { terminalProgram } from './platforms/terminal/program.ts'
import { readSettings, secretsOf, type Settings } from './settings.ts'
import { wire, type Wired } from './wire.ts'

/** What LC_ALL, LC_MESSAGES or LANG say, without the encoding: "de_DE.UTF-8" is de-DE. */
const localeOf = ({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): string =>
  (LC_ALL || LC_MESSAGES || LANG || 'en').replace(/[.@].*/, '').replace('_', '-')

/** At the terminal nobody else is kept waiting. */
const unlimited = { points: 1_000_000, seconds: 1 }

const forTerminal = (): Settings => readSettings({ LOG_LEVEL: 'warn', ...process.env })

const logOf = (settings: Settings): Logger =>
  createLog({ level: settings.LOG_LEVEL, secrets: secretsOf(settings) })

/** The terminal tool's process. */
async function main(argv: readonly string[]): Promise<number> {
  const interrupted = new AbortController()
  process.on('SIGINT', () => interrupted.abort())
  let wired: Wired | undefined
  const terminal = terminalProgram({
    commands,
    streams: { input: process.stdin, output: process.stdout, errors: process.stderr },
    signal: interrupted.signal,
    locale: localeOf(process.env),
    storeUrl: () => readSettings().STORE_URL,
    packs() {
      const settings = forTerminal()
      const { HF_ENDPOINT: endpoint, HF_TOKEN: token, THREADS: threads, MODEL_PACK: setting } = settings
      return {
        models: modelsFolder(settings),
        endpoint: endpoint.replace(/\/$/, ''),
        ...(token && { token }),
        threads,
        ...(setting && { setting }),
        keptLabels: (pack) => new KeptLabels(defaultCacheFolder(process.env), pack, logOf(settings)),
      }
    },
    // It knows every platform's records and so loads every platform's library: only those who ask for it wait for that.
    doctor: async (say) => (await import('./doctor.ts')).doctor(say),
    async open() {
      const settings = forTerminal()
      wired = await wire(settings, logOf(settings))
      return new Dispatcher(commands, wired.services, new Cooldowns(unlimited, unlimited))
    },
  })
  try {
    return await terminal.run(argv)
  } finally {
    await wired?.close()
  }
}

await main(process.argv.slice(2)).then((status) => process.exit(status), exitWith)
