/** The median of some measurements. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** How long it takes, in milliseconds. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

/** How many rounds of something that takes this long fit into half a minute: odd, from 3 to `most`. */
export const roundsOf = (time: number, most: number): number =>
  2 * Math.floor(Math.min(Math.max(30_000 / time, 3), most) / 2) + 1

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

/** Elapsed and processor time: a machine that is busy with other things spoils only the first. */
export class Times {
  #wall: number[] = []
  #processor: number[] = []

  async add(run: () => Promise<void>): Promise<void> {
    const before = process.cpuUsage()
    this.#wall.push(await timed(run))
    const { user, system } = process.cpuUsage(before)
    this.#processor.push((user + system) / 1000)
  }

  forget(): void {
    this.#wall = []
    this.#processor = []
  }

  get wall(): number {
    return median(this.#wall)
  }

  get processor(): number {
    return median(this.#processor)
  }

  inWords(): string {
    return `${ms(this.wall)}, ${ms(this.processor)} of a processor`
  }
}
