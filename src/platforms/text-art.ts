import stringWidth from 'string-width'
import type { Bar } from '../chat/reply.ts'
import { charactersOf, shortened } from '../text.ts'

export { shortened }

/** Charts and tables in fixed-width text, for platforms that have none of their own. */

/** Puts a text on one line: a line break in what a person wrote would start another row. */
const inOneLine = (text: string): string =>
  text.replace(/[\s\u0085]*[\n\v\f\r\u0085\u2028\u2029][\s\u0085]*/g, ' ')

/** Padded to `columns` of a terminal or code block; wide characters and emoji take two. */
const padded = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - stringWidth(text)))

/** Cut or padded to `columns`. */
function inColumns(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return padded(text, columns)
  let kept = ''
  for (const character of charactersOf(text)) {
    if (stringWidth(kept + character) > columns - 1) break
    kept += character
  }
  return padded(`${kept}…`, columns)
}

/** @param share 0 to 1 */
export function blocks(share: number, columns: number): string {
  const filled = Math.round(Math.max(0, Math.min(1, share)) * columns)
  return '█'.repeat(filled) + '░'.repeat(columns - filled)
}

/** A phone shows about thirty columns of a code block. */
const barColumns = 12
const labelColumns = 14

export const barLines = (bars: readonly Bar[]): string =>
  bars
    .map(({ label, share, value, highlighted }) => {
      return `${inColumns(inOneLine(label), labelColumns)} ${blocks(share, barColumns)} ${value}${highlighted ? ' ◀' : ''}`
    })
    .join('\n')

/** @param rows the first one holds the columns' names */
export function tableLines(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(inOneLine))
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column] ?? '')))) ?? []
  return cells
    .map((row) =>
      row
        .map((cell, column) => padded(cell, widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
