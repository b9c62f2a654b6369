import type { Translate } from '../../language.ts'
import { dayPlus, localDay } from '../clock.ts'

/** One answer of a player. */
export interface Guessed {
  readonly right: boolean
  /** In milliseconds since 1970. */
  readonly at: number
}

export interface Streak {
  readonly now: number
  readonly best: number
}

export interface Streaks {
  /** Right answers in a row. */
  readonly answers: Streak
  /** Days in a row with a right answer; today need not have one yet. */
  readonly days: Streak
}

/** A player's streaks, from all their answers. @param zone time zone that days are counted in */
export function streaks(answers: readonly Guessed[], now: number, zone: string): Streaks {
  const inOrder = answers.toSorted((a, b) => a.at - b.at)
  let [row, best] = [0, 0]
  for (const { right } of inOrder) {
    row = right ? row + 1 : 0
    best = Math.max(best, row)
  }
  const days = [...new Set(inOrder.filter(({ right }) => right).map(({ at }) => localDay(at, zone)))]
  let [run, longest] = [0, 0]
  for (const [n, day] of days.entries()) {
    run = n > 0 && dayPlus(days[n - 1]!, 1) === day ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  const last = days.at(-1)
  const today = localDay(now, zone)
  const unbroken = last === today || (last !== undefined && dayPlus(last, 1) === today)
  return { answers: { now: row, best }, days: { now: unbroken ? run : 0, best: longest } }
}

/** Right answers in a row up to now. */
export const rowOf = (answers: readonly Guessed[]): number => {
  const inOrder = answers.toSorted((a, b) => a.at - b.at)
  return inOrder.length - 1 - inOrder.findLastIndex(({ right }) => !right)
}

const shared = 10

/** The last answers as text to share, without giving away what they were about. */
export function shareLine(answers: readonly Guessed[], t: Translate): string {
  const last = answers.toSorted((a, b) => a.at - b.at).slice(-shared)
  const row = rowOf(answers)
  const squares = last.map(({ right }) => (right ? '🟩' : '🟥')).join('')
  const won = last.filter(({ right }) => right).length
  const result =
    row > 1 ? t('guess.share.row', { row }) : t('guess.share.count', { right: won, all: last.length })
  return `🧠 /guess ${squares} ${result}`
}

const right = 3
const costOfHint = 1

/** What a guess is worth in /scores; a hint costs a point of it. */
export const guessPoints = (isRight: boolean, hints: number): number =>
  isRight ? Math.max(0, right - costOfHint * hints) : 0
