/** The middle one of some measurements. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

export const ms = (time: number): string => `${time.toFixed(time < 10 ? 2 : 1)} ms`

/** Prints what was measured in aligned lines under a heading. */
export function print(
  heading: string,
  lines: readonly (readonly [what: string, figure: string, target?: string | undefined])[],
): void {
  const width = Math.max(...lines.map(([what]) => what.length))
  console.log(`\n${heading}`)
  for (const [what, figure, target] of lines)
    console.log(`  ${what.padEnd(width)}  ${figure}${target ? `   (target: ${target})` : ''}`)
}
