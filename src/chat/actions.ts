import { UserError } from '../errors.ts'
import type { Text } from '../language.ts'
import type { Action, Visibility } from './command.ts'
import type { ActionContext } from './context.ts'
import type { Options, ValuesOf } from './options.ts'
import type { Sketching } from './sketch.ts'

/** Discord's limit for a custom_id, the shortest of our platforms'. */
const maxLength = 100

/** One argument of a press: how its text is read back. */
interface Arg<Value> {
  /** Undefined for text that it cannot be. */
  readonly read: (text: string) => Value | undefined
  readonly optional?: true
}
type Args = readonly Arg<unknown>[]

/** The kinds of arguments that an id can carry. */
export const arg = {
  text: { read: (text: string) => text },
  number: { read: (text: string) => (Number.isFinite(Number(text)) ? Number(text) : undefined) },
  oneOf: <const Value extends string>(values: readonly Value[]): Arg<Value> => ({
    read: (text) => values.find((value) => value === text),
  }),
  optional: <Value>({ read }: Arg<Value>) => ({ read, optional: true }) as const,
}

/** What a press of a button, select, picture or form brings along. */
interface Press {
  /** In the id. Larger state belongs in the store, with its key as an argument. */
  readonly args?: Args
  /** After those: what was chosen from a select, or x and y (0 to 1) of the point of a picture. */
  readonly chosen?: Args
  /** The fields of a form that opens first. */
  readonly fields?: Options
}
type Presses = Readonly<Record<string, Press>>

type Read<Declared extends Args> = Declared extends readonly [
  Arg<infer Value> & { readonly optional: true },
  ...infer Rest extends Args,
]
  ? [value?: Value | undefined, ...rest: Read<Rest>]
  : Declared extends readonly [Arg<infer Value>, ...infer Rest extends Args]
    ? [value: Value, ...rest: Read<Rest>]
    : []
type ArgsOf<Declared extends Press> = Declared extends { readonly args: infer A extends Args } ? Read<A> : []
type ChosenOf<Declared extends Press> = Declared extends { readonly chosen: infer A extends Args }
  ? Read<A>
  : []
type FieldsOf<Declared extends Press> = Declared extends { readonly fields: infer F extends Options }
  ? ValuesOf<F>
  : unknown

type FormTitle = { readonly title: Text; readonly submitLabel: Text }

/** What a command does about a press. */
type Answer<Declared extends Press> = {
  /** 'edit' changes the message that holds the button; the others answer with a message of their own. */
  readonly answers: 'edit' | Visibility
  /** Who sees the message that is edited; 'channel' if absent. */
  readonly seenBy?: Visibility
  readonly moderators?: boolean
  run(
    context: ActionContext,
    args: readonly [...ArgsOf<Declared>, ...ChosenOf<Declared>],
    values: FieldsOf<Declared>,
  ): Promise<void>
} & (Declared extends { readonly fields: Options }
  ? {
      form(...args: ArgsOf<Declared>): FormTitle
      readonly sketch?: Sketching<ArgsOf<Declared>>
    }
  : { readonly form?: never; readonly sketch?: never })

/** The actions of one command: makes their ids, and reads them back. */
export class Actions<Declared extends Presses> {
  readonly #command: string
  readonly #declared: Declared

  constructor(command: string, declared: Declared) {
    this.#command = command
    this.#declared = declared
  }

  /**
   * The id of a button, select, tappable picture or form. It holds all that a press needs, so that it still works
   * after a restart.
   */
  id<Name extends keyof Declared & string>(action: Name, ...args: ArgsOf<Declared[Name]>): string {
    const { args: declared = [], chosen } = this.#declared[action]!
    const texts = declared.map((_, i) =>
      encodeURIComponent(String((args as readonly (string | number | undefined)[])[i] ?? '')),
    )
    // What is chosen comes after them, so if anything can be, their places are kept.
    if (!chosen) while (texts.at(-1) === '') texts.pop()
    const id = [this.#command, action, ...texts].join('/')
    if (id.length > maxLength)
      throw new Error(`action id is ${id.length} characters long, at most ${maxLength}: ${id}`)
    return id
  }

  /** What the command does about each: for its `actions`. */
  answeredBy(answers: { readonly [Name in keyof Declared]: Answer<Declared[Name]> }): Record<string, Action> {
    return Object.fromEntries(
      Object.entries(answers as unknown as Readonly<Record<string, Answer<Press>>>).map(([name, answer]) => [
        name,
        untyped(this.#declared[name]!, answer),
      ]),
    )
  }
}

/**
 * Declares the actions of a command and what each press brings along. It is apart from the command, so that what
 * makes the buttons need not import what answers them.
 */
export const defineActions = <const Declared extends Presses>(
  command: string,
  declared: Declared,
): Actions<Declared> => new Actions(command, declared)

function untyped({ args = [], chosen = [], fields = {} }: Press, answer: Answer<Press>): Action {
  const { form, sketch } = answer as {
    form?: (...args: unknown[]) => FormTitle
    sketch?: Sketching<readonly unknown[]>
  }
  return {
    answers: answer.answers,
    ...(answer.seenBy && { seenBy: answer.seenBy }),
    ...(answer.moderators && { moderators: true }),
    ...(form && { form: (texts) => ({ ...form(...read(args, texts)), fields }) }),
    ...(sketch && {
      sketch: {
        open: (context, texts) => sketch.open(context, read(args, texts)),
        look: (context, texts, drawing) => sketch.look(context, read(args, texts), drawing),
      },
    }),
    run: (context, texts, values) =>
      answer.run(context, read([...args, ...chosen], texts) as unknown as [], values),
  }
}

export const outdated = (): UserError => new UserError('not-found', 'errors.outdated')

/** @throws UserError 'not-found' for texts that the declared arguments cannot be. */
function read(declared: Args, texts: readonly string[]): unknown[] {
  return declared.map(({ read, optional }, i) => {
    const text = texts[i] ?? ''
    if (optional && text === '') return undefined
    const value = text === '' ? undefined : read(text)
    if (value === undefined) throw outdated()
    return value
  })
}

/** Takes an id apart; undefined for text that isn't one. */
export function parseActionId(id: string): { command: string; action: string; args: string[] } | undefined {
  const [command, action, ...args] = id.split('/')
  if (!command || !action) return undefined
  return { command, action, args: args.map(decodeURIComponent) }
}
