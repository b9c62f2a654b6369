import type { RecordKind } from '../src/store/store.ts'

const [begin, end] = ['<!-- storage: npm run storage -->', '<!-- /storage -->']

const units: readonly [string, number][] = [
  ['day', 24 * 60 * 60_000],
  ['hour', 60 * 60_000],
  ['minute', 60_000],
  ['second', 1000],
]

function inWords(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms >= each)!
  const count = ms / length
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** The operations page with the table between the two comments made from the kinds of records. */
export function withTerms(page: string, kinds: readonly RecordKind<unknown>[]): string {
  const names = (some: typeof kinds) => some.map(({ name }) => `\`${name}\``).sort()
  const ending = kinds.filter(({ lives }) => lives !== undefined)
  const rows = ending
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, lives }) => `| \`${name}\` | ${typeof lives === 'number' ? inWords(lives) : lives} |`)
  const others = names(kinds.filter(({ lives }) => lives === undefined)).join(', ')
  const [before, rest = ''] = page.split(begin)
  const after = rest.split(end)[1]
  if (after === undefined) throw new Error(`docs/operations.md has lost ${begin} or ${end}`)
  const table = ['| kind of record | lives |', '|---|---|', ...rows, `| ${others} | until it is deleted |`]
  return `${before}${begin}\n\n${table.join('\n')}\n\n${end}${after}`
}
