import { random } from '../src/games/seed.ts'

/** A worker takes as many pictures as this, and runs as many of them at once (src/jobs). */
const inHand = 16
const mostInRun = 8

export interface Fleet {
  readonly workers: number
  /** How long a run of this many pictures takes, in milliseconds. */
  readonly runMs: (pictures: number) => number
}

export interface Seen {
  /** From a picture's arrival to the end of its run, in seconds. */
  readonly median: number
  readonly p99: number
  readonly longest: number
}

/**
 * Pictures come at random (a Poisson process) and go to the worker that has taken none for longest, of those that have
 * room: that is how Redis hands them out. Whoever finds no room waits in one line.
 * @param rateAt pictures a second at a time in seconds; never more than `peak`
 */
export function simulate(
  { workers, runMs }: Fleet,
  { seconds, peak, rateAt }: { seconds: number; peak: number; rateAt: (time: number) => number },
  seed = 1,
): Seen {
  const next = random(seed)
  const hands = Array.from({ length: workers }, () => ({
    waiting: [] as number[],
    running: [] as number[],
    until: Infinity,
  }))
  const turns = [...hands]
  const line: number[] = []
  const took: number[] = []

  const begin = (hand: (typeof hands)[number], now: number): void => {
    if (hand.running.length > 0 || hand.waiting.length === 0) return
    hand.running = hand.waiting.splice(0, mostInRun)
    hand.until = now + runMs(hand.running.length) / 1000
  }
  const give = (arrived: number, now: number): boolean => {
    const at = turns.findIndex(({ waiting, running }) => waiting.length + running.length < inHand)
    if (at < 0) return false
    const [hand] = turns.splice(at, 1)
    turns.push(hand!)
    hand!.waiting.push(arrived)
    begin(hand!, now)
    return true
  }

  const pause = (): number => -Math.log(1 - next()) / peak
  let arrival = pause()
  for (;;) {
    const first = hands.reduce((one, other) => (other.until < one.until ? other : one))
    const now = Math.min(arrival, first.until)
    if (now === Infinity) break
    if (now === arrival) {
      // Thinned out: arrivals come at the peak's rate, and as large a share of them is real as the rate is of the peak.
      if (next() < rateAt(now) / peak && !give(now, now)) line.push(now)
      arrival = now < seconds ? now + pause() : Infinity
      continue
    }
    took.push(...first.running.map((arrived) => now - arrived))
    first.running = []
    first.until = Infinity
    while (line.length > 0 && give(line[0]!, now)) line.shift()
    begin(first, now)
  }
  took.sort((a, b) => a - b)
  const at = (share: number): number => took[Math.ceil(share * took.length) - 1]!
  return { median: at(0.5), p99: at(0.99), longest: at(1) }
}
