import type { Services } from '../../chat/services.ts'
import type { AttackRate } from '../../games/fool/attack.ts'
import { renderReply } from './render.ts'
import type { TerminalStreams } from './responder.ts'

/** What `--json` prints: shares from 0 to 1. */
export interface Report {
  /** How many pictures were attacked. */
  readonly pictures: number
  /** Share of the pictures whose label is known that the model names rightly, before any word is written; null where none is known. */
  readonly clean: number | null
  readonly words: readonly AttackRate[]
}

const share = (value: number | null): string => (value === null ? '' : `${(100 * value).toFixed(1)} %`)

export function inWords({ clean, words }: Report, over: string, { output }: TerminalStreams): string {
  const elements = [
    { kind: 'text', text: over },
    {
      kind: 'table',
      columns: ['text -> class', 'cover', 'success'],
      rows: words.map(({ word, target, cover, success }) => [
        `${word} -> ${target}`,
        share(cover),
        share(success),
      ]),
    },
    {
      kind: 'note',
      text:
        clean === null ? 'What the pictures show is not known.' : `Named rightly before: ${share(clean)}.`,
    },
  ] as const
  return `${renderReply({ elements }, { width: output.columns ?? 80, colour: output.isTTY === true })}\n`
}

export const csvOf = ({ pictures, words }: Report): string =>
  [
    'word,target,cover,success,pictures',
    ...words.map(({ word, target, cover, success }) =>
      [word, target, cover ?? '', success, pictures].map((cell) => quoted(String(cell))).join(','),
    ),
    '',
  ].join('\n')

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

export async function chartOf(
  { cards, catalogue }: Services,
  { pictures, words }: Report,
  how: string,
): Promise<Uint8Array> {
  const card = await cards.draw('bars', {
    title: 'How often a written word wins',
    pictures: [],
    bars: words.map(({ word, target, success }) => ({ label: `${word} → ${target}`, probability: success })),
    modelTitle: `${catalogue.modelTitle}, ${pictures} pictures; each word ${how}`,
    theme: 'light',
  })
  return card.bytes
}
