import type { Bar } from '../chat/reply.ts'

/** Text that stands in columns of equal width, for platforms that have no charts or tables of their own. */

export const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`

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
      const name = shortened(label, labelColumns).padEnd(labelColumns)
      return `${name} ${blocks(share, barColumns)} ${value}${highlighted ? ' ◀' : ''}`
    })
    .join('\n')

/** @param rows the first one holds the columns' names */
export function tableLines(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

export const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
