import type { RecordKind } from '../src/store/store.ts'
import { between } from './between.ts'

const comments = ['<!-- storage: npm run storage -->', '<!-- /storage -->'] as const

const units: readonly [string, number][] = [
  ['day', 24 * 60 * 60_000],
  ['hour', 60 * 60_000],
  ['minute', 60_000],
  ['second', 1000],
]

/** Not rounded, unlike the durations that people are told. */
function exactly(ms: number): string {
  const [unit, length] = units.find(([, each]) => ms >= each)!
  const count = ms / length
  return `${count.toLocaleString('en')} ${count === 1 ? unit : `${unit}s`}`
}

/** The operations page with the table between the two comments, made from the kinds of records. */
export function withTerms(page: string, kinds: readonly RecordKind<unknown>[]): string {
  const names = (some: typeof kinds) => some.map(({ name }) => `\`${name}\``).sort()
  const ending = kinds.filter(({ lives }) => lives !== undefined)
  const rows = ending
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, lives }) => `| \`${name}\` | ${typeof lives === 'number' ? exactly(lives) : lives} |`)
  const others = names(kinds.filter(({ lives }) => lives === undefined)).join(', ')
  const table = ['| kind of record | is kept |', '|---|---|', ...rows, `| ${others} | until it is deleted |`]
  return between(page, 'docs/operations.md', comments, table)
}
