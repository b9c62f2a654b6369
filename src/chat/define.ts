import type { Command, Invocation, Named, PictureMenu, Visibility } from './command.ts'
import type { Context } from './context.ts'
import type { Options, PictureSource, ValuesOf } from './options.ts'

/** Of a command that declares no options, nothing. */
type Given<Declared extends Options> = string extends keyof Declared ? unknown : ValuesOf<Declared>

/** What can be typed, with the types that its options declare. */
interface Typed<Declared extends Options> extends Omit<Invocation, 'options' | 'run'> {
  readonly options?: Declared
  /** A run that replies with `data` says of what shape: `run(context: Context<GuessData>, options)`. */
  run(context: Context, options: Given<Declared>): Promise<void>
}

interface Menu extends Omit<PictureMenu, 'run'> {
  run(context: Context, pictures: readonly PictureSource[], visibility: Visibility): Promise<void>
}

type Definition<Declared extends Options> = Omit<Named, 'pictureMenu'> & {
  readonly pictureMenu?: Menu
} & (Typed<Declared> | { readonly subcommands: Readonly<Record<string, Invocation>> })

/**
 * A command: one object that declares everything that the house must know of it, in one file in commands/, with no
 * platform word inside. It runs itself or has subcommands (made by `subcommand`); what a person gives arrives with the
 * types that `options` declares.
 *
 * @example
 * export const roll = defineCommand({
 *   name: 'roll',
 *   description: (t) => t('roll.description'),
 *   options: { sides: { type: 'integer', description: (t) => t('roll.sides'), min: 2 } },
 *   async run({ t, reply }, { sides = 6 }) {
 *     await reply({ elements: [text(t('roll.range', { sides }))] })
 *   },
 * })
 */
export function defineCommand<const Declared extends Options>(definition: Definition<Declared>): Command
export function defineCommand(command: Command): Command {
  return command
}

/** One of the subcommands of a command. */
export function subcommand<const Declared extends Options>(typed: Typed<Declared>): Invocation
export function subcommand(invocation: Invocation): Invocation {
  return invocation
}
