import type { Key, Text } from '../language.ts'
import type { ActionContext, CompletionContext, Context } from './context.ts'
import type { MinuteTask } from './minute-task.ts'
import type { Options, PictureSource, Values } from './options.ts'
import type { Personal } from './personal.ts'
import type { Element } from './reply.ts'
import type { Sketching } from './sketch.ts'

/** Where an answer appears: for everybody in the channel, or only for the person who asked. */
export type Visibility = 'channel' | 'person'

/** One thing that can be typed: a command, or a subcommand of one. */
export interface Invocation {
  /** 1 to 100 characters. */
  readonly description: Text
  readonly options?: Options
  /** Known before it runs, because a platform must acknowledge at once; 'channel' if absent. */
  readonly visibility?: Visibility
  /** Only moderators may use it (and, if the platform can hide it, see it). */
  readonly moderators?: boolean
  run(context: Context<unknown>, options: Values): Promise<void>
}

/** A dialogue with a person: its fields are options. */
export interface Form {
  readonly title: Text
  readonly submitLabel: Text
  readonly fields: Options
}

/** What a button, select, tappable picture or form does; see actions.ts for how a command declares it. */
export interface Action {
  readonly answers: 'edit' | Visibility
  /** Who sees the message that is edited; 'channel' if absent. */
  readonly seenBy?: Visibility
  readonly moderators?: boolean
  /** If present, a form opens first; it may need nothing but the arguments, because it has to open at once. */
  form?(args: readonly string[]): Form
  /** If present, the form's picture can be drawn. */
  readonly sketch?: Sketching
  /** @param args of the id, then what was chosen */
  run(context: ActionContext<unknown>, args: readonly string[], values: Values): Promise<void>
}

/** An entry in the menu of any message with pictures. */
export interface PictureMenu {
  /** At most 24 characters, Slack's limit for a shortcut. */
  readonly label: Text
  readonly visibility: Visibility
  /** @param visibility who sees the answers: that of the menu, or everybody if the bot was mentioned */
  run(context: Context<unknown>, pictures: readonly PictureSource[], visibility: Visibility): Promise<void>
}

/** How a picture menu is used, if not by its entry in the menu of a message. */
export interface MenuUse {
  /** Who sees the answers. */
  readonly visibility?: Visibility
  /** What to say if there is no picture. */
  readonly none?: Key
}

export interface Named {
  /** Lower-case, 1 to 32 characters. */
  readonly name: string
  /** What it is called in each language, if the platform supports that; its name in English. */
  readonly called?: Text
  readonly description: Text
  /** Made by `Actions.answeredBy`. */
  readonly actions?: Readonly<Record<string, Action>>
  readonly pictureMenu?: PictureMenu
  /** What it looks for every minute, whether it is due. */
  readonly everyMinute?: readonly MinuteTask[]
  /** The kinds of its records that have people in them: what /privacy shows and deletes. */
  readonly personal?: readonly Personal[]
  /** It is a game that gives points: /scores offers it. */
  readonly scores?: true
  /** What a page about the bot shows about the community besides the help, such as standings. Quick, no pictures. */
  overview?(context: CompletionContext): Promise<readonly Element[]>
}

/** A command as the platforms see it: it runs itself or has subcommands. Commands are written with `defineCommand`. */
export type Command = Named & (Invocation | { readonly subcommands: Readonly<Record<string, Invocation>> })
