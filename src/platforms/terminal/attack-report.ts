import type { Services } from '../../chat/services.ts'
import type { Layout } from '../../../commands/fool/attack-run.ts'
import type { Element } from '../../chat/reply.ts'
import type { AttackRate } from '../../games/fool/attack.ts'
import { english } from '../../language.ts'
import { renderReply } from './render.ts'
import type { TerminalStreams } from './responder.ts'

/** What `--json` prints: shares from 0 to 1. */
export interface Report {
  /** How many pictures were attacked. */
  readonly pictures: number
  /** Share of the pictures whose label is known that the model names correctly, before any word is written; null if none is known. */
  readonly clean: number | null
  /** How a word fared in each layout; pictures that somebody else wrote on have none. */
  readonly words: readonly (AttackRate & { readonly layout?: Layout })[]
}

const share = (value: number | null): string => (value === null ? '' : `${(100 * value).toFixed(1)} %`)

export function inWords(report: Report, over: string, { output }: TerminalStreams): string {
  const { clean, words } = report
  const used = layoutsIn(report)
  const elements: Element[] = [
    { kind: 'text', text: over },
    {
      kind: 'table',
      columns: [
        'text -> class',
        ...used.flatMap((layout) => (layout ? [`${layout}: cover`, 'success'] : ['success'])),
      ],
      rows: words
        .filter(({ layout }) => layout === used[0])
        .map(({ word, target }) => [
          `${word} -> ${target}`,
          ...used.flatMap((layout) => {
            const rate = words.find((each) => each.word === word && each.layout === layout)
            return [...(layout ? [share(rate?.cover ?? null)] : []), share(rate?.success ?? null)]
          }),
        ]),
    },
    ...used.flatMap((layout): Element[] =>
      layout ? [{ kind: 'note', text: `${layout}: each word ${english(`fool.attack.${layout}`)}` }] : [],
    ),
    {
      kind: 'note',
      text: clean === null ? "What the pictures show isn't known." : `Named rightly before: ${share(clean)}.`,
    },
    ...(used.length > 1 ? [{ kind: 'note' as const, text: tooSmall }] : []),
  ]
  return `${renderReply({ elements }, { width: output.columns ?? 80, colour: output.isTTY === true })}\n`
}

const tooSmall =
  "This model sees small pictures, on which the paper's letters are too small to read: once, in large letters, is the fair trial."

const layoutsIn = ({ words }: Report): (Layout | undefined)[] => [
  ...new Set(words.map(({ layout }) => layout)),
]

export const csvOf = ({ pictures, words }: Report): string =>
  [
    'word,target,layout,cover,success,pictures',
    ...words.map(({ word, target, layout = '', cover, success }) =>
      [word, target, layout, cover ?? '', success, pictures].map((cell) => quoted(String(cell))).join(','),
    ),
    '',
  ].join('\n')

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** The layout that the model could read: the last one that was tried. */
export async function chartOf({ cards, catalogue }: Services, report: Report): Promise<Uint8Array> {
  const layout = layoutsIn(report).at(-1)
  const bars = report.words
    .filter((rate) => rate.layout === layout)
    .map(({ word, target, success }) => ({ label: `${word} → ${target}`, probability: success }))
  const card = await cards.draw('bars', {
    title: 'How often a written word wins',
    pictures: [],
    bars,
    modelTitle: `${catalogue.modelTitle}, ${report.pictures} pictures${layout ? `; each word ${english(`fool.attack.${layout}`)}` : ''}`,
    theme: 'light',
    language: 'en',
  })
  return card.bytes
}
