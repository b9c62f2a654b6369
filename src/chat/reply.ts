/** A picture that goes out with a reply. */
export interface Picture {
  readonly bytes: Uint8Array
  /** The same for a dark ground, of the same type: a platform that knows each viewer's theme shows the one that fits. */
  readonly dark?: Uint8Array
  readonly mimeType: 'image/png' | 'image/jpeg' | 'image/webp'
  /** File name without a folder, with its ending. Must not give an answer away. */
  readonly name: string
  /** What a person who cannot see the picture needs to know. Required, at most 1,000 characters. */
  readonly alt: string
  /** Hidden until somebody wants to see it, if the platform can. */
  readonly spoiler?: boolean
}

/** Links the reply to an action of a command; `Actions.id` (actions.ts) makes the id. */
export interface Button {
  readonly id: string
  readonly label: string
  readonly style?: 'primary' | 'secondary' | 'danger'
  readonly disabled?: boolean
  /** The id of an action that is drawn for (sketch.ts): a platform on which people can draw presses that one instead. */
  readonly sketch?: string
  /**
   * The strip of the picture before it that says the same, as shares of the picture's height: a platform that can
   * make the strip itself the button leaves this one out.
   */
  readonly area?: { readonly top: number; readonly height: number }
}

export interface Bar {
  readonly label: string
  /** Length of the bar, 0 to 1. */
  readonly share: number
  /** What it says at its end, for example "83 %" or "12.4 σ". */
  readonly value: string
  readonly highlighted?: boolean
}

/**
 * The neutral pieces of a reply. Text may use **bold**, _italic_ and `code`; put anything that a person
 * wrote through `plain` (markup.ts) first. Each platform's pure render.ts turns elements into its payload
 * and owns its limits.
 */
export type Element =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  /** Small print: model, unit number, whose label. */
  | { readonly kind: 'note'; readonly text: string }
  | {
      readonly kind: 'picture'
      readonly picture: Picture
      /** What says the same if no picture can be shown: in a terminal. */
      readonly instead?: readonly Element[]
      /**
       * The id of an action that pressing a point of the picture presses, with two further arguments: x and y
       * of the point, 0 to 1 from the left and from the top. Only a shortcut: some platforms cannot do it.
       */
      readonly tap?: string
    }
  | { readonly kind: 'gallery'; readonly pictures: readonly Picture[] }
  | { readonly kind: 'fields'; readonly fields: readonly { readonly name: string; readonly value: string }[] }
  | { readonly kind: 'bars'; readonly title?: string; readonly bars: readonly Bar[] }
  | {
      readonly kind: 'table'
      readonly columns: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }
  | { readonly kind: 'buttons'; readonly buttons: readonly Button[] }
  | {
      readonly kind: 'select'
      readonly id: string
      readonly placeholder: string
      readonly choices: readonly { readonly value: string; readonly label: string }[]
    }
  /** A file to download: the scores as CSV, what is kept about a person as JSON. */
  | { readonly kind: 'file'; readonly name: string; readonly mimeType: string; readonly bytes: Uint8Array }

export interface Reply<Data = unknown> {
  readonly elements: readonly Element[]
  /** The same result for programs: what the terminal prints for --json. */
  readonly data?: Data
  /** The one role that a spotlight may ping; everything else is never pinged. */
  readonly pingRole?: string
}

/** What a person sees while something long is running. */
export interface Progress {
  readonly text: string
  /** 0 to 1, if known. */
  readonly fraction?: number
  /** An intermediate picture, for example a visualisation that is growing. */
  readonly picture?: Picture
}
