import { pino, type Logger } from 'pino'
import pretty, { type PrettyOptions } from 'pino-pretty'
import { UserError } from './errors.ts'
import { redacted } from './redact.ts'

interface LogOptions {
  readonly level: string
  /** Values that never appear anywhere in a line: in a field, an error's message or a URL. */
  readonly secrets: readonly string[]
  readonly output?: NodeJS.WritableStream
}

/** Fields that the sentences of a start already say; only JSON shows them. */
const saidInWords = ['pid', 'hostname', 'time', 'level', 'model', 'provider', 'modelMs', 'url']

/** Structured logs: one JSON object a line, or sentences if the output is a terminal. */
export function createLog({ level, secrets, output = process.stderr }: LogOptions): Logger {
  const readable =
    'isTTY' in output && output.isTTY
      ? pretty({ destination: output, ignore: saidInWords.join(','), messageFormat: inWords })
      : output
  const write = (line: string): void => {
    readable.write(redacted(secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line)))
  }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}

/** News is printed as it is; anything else with its time and its level. */
const inWords: NonNullable<PrettyOptions['messageFormat']> = ({ level, time, msg }, _key, label) =>
  level === pino.levels.values['info']
    ? String(msg)
    : `${clock.format(new Date(String(time)))} ${label}: ${String(msg)}`

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** Ends the process over an error: one sentence and status 2 for a UserError, else the stack and status 1. */
export function exitWith(error: unknown): never {
  const expected = error instanceof UserError
  const stack = error instanceof Error ? error.stack : error
  process.stderr.write(`${expected ? error.message : String(stack)}\n`)
  process.exit(expected ? 2 : 1)
}
