import type { CheckOptions } from '../../packs/check/check.ts'
import type { HubOptions } from '../../packs/pull/hub.ts'
import { Progress } from './progress.ts'
import type { TerminalStreams } from './responder.ts'

export interface PackSettings extends HubOptions, Pick<CheckOptions, 'keptLabels'> {
  /** Where packs live. */
  readonly models: string
  readonly threads: number
  /** MODEL_PACK */
  readonly setting?: string
}

/** What the subcommands of `models` are given. */
export interface PackSetup {
  readonly streams: TerminalStreams
  readonly signal: AbortSignal
  readonly packs: () => PackSettings
}

export interface JsonFlag {
  readonly json?: boolean
}

export const jsonOption = ['--json', 'print the result as JSON and nothing else'] as const

/** Prints a result: `value` with --json, else the lines. */
export function print(
  { streams }: PackSetup,
  { json }: JsonFlag,
  value: unknown,
  lines: readonly string[],
): void {
  streams.output.write(`${json ? JSON.stringify(value, null, 2) : lines.join('\n')}\n`)
}

export const progress = ({ streams }: PackSetup, { json = false }: JsonFlag): Progress =>
  new Progress(streams.errors, json)
