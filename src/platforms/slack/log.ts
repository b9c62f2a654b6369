import { inspect } from 'node:util'
import { LogLevel } from '@slack/bolt'
import type { Logger } from 'pino'
import { redacted } from '../../redact.ts'

const clean = (words: readonly unknown[]): string[] =>
  words.map((word) =>
    redacted(
      word instanceof Error ? (word.stack ?? word.message) : typeof word === 'string' ? word : inspect(word),
    ),
  )

/** Bolt's log goes into ours, without the secrets that only Slack and Bolt know. */
export const boltLog = (log: Logger) => ({
  debug: (...words: unknown[]) => log.debug({ words: clean(words) }, 'bolt'),
  info: (...words: unknown[]) => log.info({ words: clean(words) }, 'bolt'),
  warn: (...words: unknown[]) => log.warn({ words: clean(words) }, 'bolt'),
  error: (...words: unknown[]) => log.error({ words: clean(words) }, 'bolt'),
  setLevel: () => undefined,
  getLevel: () => LogLevel.DEBUG,
  setName: () => undefined,
})
