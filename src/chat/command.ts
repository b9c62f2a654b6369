import type { ActionContext, Context } from './context.ts'
import type { Choice, Option, Options, PictureSource } from './options.ts'
import type { Element } from './reply.ts'

/** Where an answer appears: for everybody in the channel, or for the one who asked alone. */
export type Visibility = 'channel' | 'person'

/** One thing that can be typed: a command, or a subcommand of one. */
export interface Invocation {
  /** 1 to 100 characters. */
  readonly description: string
  readonly options?: Readonly<Record<string, Option>>
  /** Known before it runs, because a platform must acknowledge at once; 'channel' where absent. */
  readonly visibility?: Visibility
  /** Moderators alone may use it (and, where the platform can, see it). */
  readonly moderators?: boolean
  run(context: Context, options: Options): Promise<void>
  /** Suggestions for an option that `completes`; at most 25 are shown. Must be quick: no model run. */
  complete?(context: CompletionContext, option: string, typed: string): Promise<readonly Choice[]>
}

export type CompletionContext = Pick<Context, 'platform' | 'place' | 'person' | 'services'>

/** A dialogue with a person: its fields are options. */
export interface Form {
  readonly title: string
  readonly submitLabel: string
  readonly fields: Readonly<Record<string, Option>>
}

/** What a button or a select does. The chosen values of a select follow the arguments of its id. */
export interface Action {
  /** 'edit' changes the message that holds the button; the others answer with a message of their own. */
  readonly answers: 'edit' | Visibility
  readonly moderators?: boolean
  /** Where present a form opens first; must need nothing but the arguments, for it has to open at once. */
  form?(args: readonly string[]): Form
  run(context: ActionContext, args: readonly string[], values: Options): Promise<void>
}

/** An entry in the menu of any message with pictures. */
export interface PictureMenu {
  /** At most 24 characters, Slack's limit for a shortcut. */
  readonly label: string
  readonly visibility: Visibility
  run(context: Context, pictures: readonly PictureSource[]): Promise<void>
}

interface Named {
  /** Lower-case, 1 to 32 characters. */
  readonly name: string
  readonly description: string
  /** Names and descriptions in other languages, by locale ('de'), where the platform supports them. */
  readonly translations?: Readonly<Record<string, { readonly name: string; readonly description: string }>>
  readonly actions?: Readonly<Record<string, Action>>
  readonly pictureMenu?: PictureMenu
  /** What a page about the bot shows of the community beside the help, such as standings. Quick, no pictures. */
  overview?(context: CompletionContext): Promise<readonly Element[]>
}

/** A command: one file in commands/, one object, no platform word inside. It runs itself or has subcommands. */
export type Command = Named & (Invocation | { readonly subcommands: Readonly<Record<string, Invocation>> })
