import { pino, type Logger } from 'pino'
import pretty, { type PrettyOptions } from 'pino-pretty'
import { redacted } from './redact.ts'

interface LogOptions {
  readonly level: string
  /** Values that never appear, wherever they stand in a line: in a field, an error's message or a URL. */
  readonly secrets: readonly string[]
  readonly output?: NodeJS.WritableStream
}

/** What the four lines of a start say in words already; JSON keeps them as fields too. */
const said = ['pid', 'hostname', 'time', 'level', 'model', 'provider', 'modelMs', 'url']

/** Structured logs: one JSON object a line, or sentences if the output is a terminal. */
export function createLog({ level, secrets, output = process.stderr }: LogOptions): Logger {
  const readable =
    'isTTY' in output && output.isTTY
      ? pretty({ destination: output, ignore: said.join(','), messageFormat: inWords })
      : output
  const write = (line: string): void => {
    readable.write(redacted(secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line)))
  }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}

/** News stand as they are; for the rest it matters when it was and how bad. */
const inWords: NonNullable<PrettyOptions['messageFormat']> = ({ level, time, msg }, _key, label) =>
  level === pino.levels.values['info']
    ? String(msg)
    : `${clock.format(new Date(String(time)))} ${label}: ${String(msg)}`

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })
