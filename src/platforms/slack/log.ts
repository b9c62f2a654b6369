import { LogLevel } from '@slack/bolt'
import type { Logger } from 'pino'

/** Bolt's log goes into ours, where secrets are taken out. */
export const boltLog = (log: Logger) => ({
  debug: (...words: unknown[]) => log.debug({ words }, 'bolt'),
  info: (...words: unknown[]) => log.info({ words }, 'bolt'),
  warn: (...words: unknown[]) => log.warn({ words }, 'bolt'),
  error: (...words: unknown[]) => log.error({ words }, 'bolt'),
  setLevel: () => undefined,
  getLevel: () => LogLevel.DEBUG,
  setName: () => undefined,
})
