import { pino, type Logger } from 'pino'
import pretty from 'pino-pretty'

interface LogOptions {
  readonly level: string
  /** Values that never appear, wherever they stand in a line: in a field, an error's message or a URL. */
  readonly secrets: readonly string[]
  readonly output?: NodeJS.WritableStream
}

/** Structured logs: one JSON object a line, or readable lines where the output is a terminal. */
export function createLog({ level, secrets, output = process.stderr }: LogOptions): Logger {
  const readable =
    'isTTY' in output && output.isTTY ? pretty({ destination: output, ignore: 'pid,hostname' }) : output
  const write = (line: string): void => {
    readable.write(secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line))
  }
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}
