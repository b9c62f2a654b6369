import { languages, spoken, translator, type Text, type Translate } from '../language.ts'
import type { Choice } from './choice.ts'
import type { CompletionContext } from './context.ts'

/** A file that a person sent; nothing is downloaded before `read`, which is bounded by the platform. */
export interface PictureSource {
  readonly name: string
  /** Whoever posted it hid it until somebody wants to see it. */
  readonly spoiler?: boolean
  read(signal?: AbortSignal): Promise<Uint8Array>
}

/** Suggestions for what is being typed; at most 25 are shown. Must be quick: no model run. */
export type Complete = (context: CompletionContext, typed: string) => Promise<readonly Choice[]>

interface Base {
  /** What it is called in each language, if that is not its name everywhere; its name in English. */
  readonly called?: Text
  readonly description: Text
  readonly required?: boolean
}

/** What a person can give a command. Names are lower-case, `a-z` and `_`; required ones come first. */
export type Option =
  | (Base & { readonly type: 'text'; readonly maxLength?: number; readonly complete?: Complete })
  | (Base & { readonly type: 'integer' | 'number'; readonly min?: number; readonly max?: number })
  | (Base & { readonly type: 'choice'; readonly choices: readonly Choice<string, Text>[] })
  | (Base & { readonly type: 'boolean' | 'picture' | 'channel' | 'role' })

/** Options by name, as a command or a form declares them. */
export type Options = Readonly<Record<string, Option>>

export type OptionValue = string | number | boolean | PictureSource

/** What was given, by name, checked against the declaration by `parseOptions`; what was left out is undefined. */
export type Values = Readonly<Record<string, OptionValue | undefined>>

/** The same with the types that the declaration gives. */
export type ValuesOf<Declared extends Options> = {
  readonly [Name in keyof Declared]:
    | ValueOf<Declared[Name]>
    | (Declared[Name] extends { readonly required: true } ? never : undefined)
}

type ValueOf<Declared extends Option> = Declared extends {
  readonly choices: readonly Choice<infer Value, Text>[]
}
  ? Value
  : {
      text: string
      channel: string
      role: string
      choice: string
      integer: number
      number: number
      boolean: boolean
      picture: PictureSource
    }[Declared['type']]

/** What an option is called in a language. */
export const optionName = (name: string, { called = name }: Option, t: Translate): string => spoken(called, t)

/** The option that is meant by its own name or by what it is called in any language; undefined if there is none. */
export const optionMeant = (declared: Options, typed: string): string | undefined =>
  Object.keys(declared).find(
    (name) =>
      name === typed ||
      languages.some((language) => optionName(name, declared[name]!, translator(language)) === typed),
  )

/** Choices that are shown as they are. */
export const choicesOf = <const Value extends string>(values: readonly Value[]): readonly Choice<Value>[] =>
  values.map((value) => ({ value, label: value }))
