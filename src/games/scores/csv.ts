import type { Row } from './table.ts'

/** A spreadsheet takes a cell that begins so for a formula (OWASP, "CSV Injection"). */
const formula = /^[=+\-@\t\r]/

/** One field by RFC 4180; text that a spreadsheet would run gets an apostrophe before it. */
function field(value: string | number): string {
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Lines of a CSV file, UTF-8 with the mark by which spreadsheets know it. */
const csv = (lines: readonly (readonly (string | number)[])[]): string =>
  `\uFEFF${lines.map((line) => line.map(field).join(',')).join('\r\n')}\r\n`

/** A score table to download: place, name, id, points, and a column for each game. */
export function scoresCsv(rows: readonly Row[], games: readonly string[]): string {
  return csv([
    ['place', 'name', 'id', 'points', ...games],
    ...rows.map(({ place, name, person, points, byGame }) => [
      place,
      name,
      person,
      points,
      ...games.map((game) => byGame[game] ?? 0),
    ]),
  ])
}
