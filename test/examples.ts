import fc from 'fast-check'

/** How many times as much as in `npm test` is tried: 1 there, more in `npm run test:endurance`. */
const times = Number(process.env['EXAMPLES'] ?? 1)

/** Whether this is `npm run test:endurance`, which has the time for whole tables and real clocks. */
export const atLength = times > 1

// In `npm test` the same ones each time; in the long run others, and a failure tells their seed.
fc.configureGlobal({ numRuns: 100 * times, ...(!atLength && { seed: 1 }) })

/** How many examples fast-check tries for a slow property: `few` in `npm test`. */
export const examples = (few: number): { numRuns: number } => ({ numRuns: few * times })

/** How much of something is tried: `few` in `npm test`, `many` in `npm run test:endurance`. */
export const amount = (few: number, many: number): number => (atLength ? many : few)

/** The first `few` lines of a table in `npm test`, the whole table in `npm run test:endurance`. */
export const some = <T>(few: number, table: readonly T[]): readonly T[] =>
  atLength ? table : table.slice(0, few)
