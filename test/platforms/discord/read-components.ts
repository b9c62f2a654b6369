interface Part {
  readonly type: number
  readonly content?: string
  readonly components?: readonly Part[]
  readonly items?: readonly { readonly media: { readonly url: string } }[]
  readonly file?: { readonly url: string }
  readonly custom_id?: string
  readonly label?: string
  readonly options?: readonly { readonly label: string; readonly value: string }[]
}

export interface Read {
  /** As people see them: Discord's Markdown taken out. */
  readonly words: string
  /** File names. */
  readonly pictures: readonly string[]
  readonly files: readonly string[]
  readonly buttons: readonly { readonly id: string; readonly label: string }[]
  readonly choices: readonly { readonly select: string; readonly value: string; readonly label: string }[]
}

const attached = (url: string): string => url.replace('attachment://', '')

/** What a person sees of a message's components. */
export function readComponents(components: readonly unknown[]): Read {
  const parts = flatten(components as readonly Part[])
  return {
    words: parts
      .map(({ content = '', file }) => withoutMarkdown(content) + (file ? attached(file.url) : ''))
      .join('\n'),
    pictures: parts.flatMap(({ items = [] }) => items.map(({ media }) => attached(media.url))),
    files: parts.flatMap(({ file }) => (file ? [attached(file.url)] : [])),
    buttons: parts.flatMap(({ type, custom_id: id, label }) =>
      type === 2 && id && label ? [{ id, label }] : [],
    ),
    choices: parts.flatMap(({ custom_id: select = '', options = [] }) =>
      options.map((option) => ({ select, ...option })),
    ),
  }
}

const flatten = (parts: readonly Part[]): Part[] =>
  parts.flatMap((part) => [part, ...flatten(part.components ?? [])])

/** Unescaped marks go, escaped ones stay as plain characters. */
const withoutMarkdown = (text: string): string =>
  text
    .replace(/^(?:## |-# )/gm, '')
    .replace(/```\n?/g, '')
    .replace(
      /\\([\\*_`~|#>\-.[\]()+!])|\*\*|_(?=\S)|(?<=\S)_|`/g,
      (_, escaped: string | undefined) => escaped ?? '',
    )
