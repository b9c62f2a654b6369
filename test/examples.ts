/**
 * How many examples fast-check tries a property on that is slow to try: `few` in `npm test`, eight times as many in
 * `npm run test:endurance`.
 */
export const examples = (few: number): { numRuns: number } => ({
  numRuns: few * Number(process.env['EXAMPLES'] ?? 1),
})
