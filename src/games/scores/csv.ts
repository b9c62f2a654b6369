import type { Row } from './table.ts'

/** Spreadsheets take cells that begin like this for formulas (OWASP, "CSV Injection"). */
const formula = /^[=+\-@\t\r]/

/** One field as in RFC 4180; text that a spreadsheet would evaluate gets an apostrophe in front. */
function field(value: string | number): string {
  const text = typeof value === 'string' && formula.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Lines of a CSV file, UTF-8 with the byte order mark by which spreadsheets recognize it. */
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
