/** What server and page send each other. The page's modules are checked against these types, too. */
import type en from '../../../assets/languages/en.json'
import type { Choice, OptionType } from '../../chat/choice.ts'
import type { FileRef, PageBar, PageMessage } from './message.ts'

/** An option of a command or a field of a form, as the page offers it. */
export interface PageOption {
  readonly name: string
  /** The name in the person's language, as words: "ink limit". */
  readonly label: string
  readonly description: string
  readonly type: OptionType
  readonly required: boolean
  readonly completes: boolean
  readonly choices: readonly Choice[]
  readonly min: number | undefined
  readonly max: number | undefined
  readonly maxLength: number | undefined
}

/** One thing that can be typed: a command, or a subcommand of one. */
export interface PageCommand {
  readonly path: readonly string[]
  readonly description: string
  readonly moderators: boolean
  readonly options: readonly PageOption[]
}

export interface PageForm {
  readonly title: string
  readonly submitLabel: string
  readonly fields: readonly PageOption[]
}

/** What the model makes of a drawing. */
export interface PageSketchView {
  readonly sentence: string
  readonly bars: readonly PageBar[]
  readonly measure?: string
  readonly succeeds: boolean
}

/** A picture to draw on instead of a form. */
export interface PageSketch {
  readonly title: string
  readonly submitLabel: string
  readonly picture: FileRef
  readonly view: PageSketchView
}

/** An entry in the menu of every picture. */
export interface PageMenu {
  readonly name: string
  readonly label: string
}

/** A person as their own page sees them. */
export interface PagePerson {
  readonly id: string
  readonly name: string
  readonly moderator: boolean
  readonly mayModerate: boolean
}

/** A picture to try in one click, at /samples/<file>. */
export interface Sample {
  readonly file: string
  readonly title: string
  readonly alt: string
}

/** Everything that a page shows when it opens. */
export interface PageState {
  readonly me: PagePerson
  /** The model that answers: its name, and what it knows and doesn't know. */
  readonly model: { readonly title: string; readonly summary: string }
  readonly channels: readonly string[]
  readonly commands: readonly PageCommand[]
  readonly menus: readonly PageMenu[]
  readonly samples: readonly Sample[]
  /** Credits for the samples. */
  readonly samplesCredit: string
  readonly messages: readonly PageMessage[]
  readonly maxUploadBytes: number
  /** Where the events continue from. */
  readonly cursor: string
}

/** An event that the server sends to a page. `reset`: too much was missed, ask for the whole state again. */
export type PageEvent =
  | { readonly kind: 'message'; readonly message: PageMessage }
  | { readonly kind: 'remove'; readonly channel: string; readonly id: string }
  | { readonly kind: 'notice'; readonly channel: string; readonly id: string; readonly sentence: string }
  | { readonly kind: 'channel'; readonly channel: string }
  | { readonly kind: 'me'; readonly person: PagePerson }
  | { readonly kind: 'reset' }

type Keys<Section, Path extends string> = {
  [Name in keyof Section & string]: Section[Name] extends string
    ? `${Path}.${Name extends `${infer Singular}_${'one' | 'other'}` ? Singular : Name}`
    : Keys<Section[Name], `${Path}.${Name}`>
}[keyof Section & string]

/** Says one of the page's own sentences. */
export type Say = (
  key: Keys<(typeof en)['page'], 'page'>,
  values?: Readonly<Record<string, string | number>>,
) => string
